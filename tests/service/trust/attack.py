"""An attack, and the ways to make one out of a valid token."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from cds.service.trust.not_trusted import Reason
from tests.service.trust.signing import SigningKit


@dataclass(frozen=True)
class Attack:
    """``attack(kit)`` is the Authorization header; ``reason`` is why :class:`NotTrusted` refuses it."""

    reason: Reason
    make: Callable[[SigningKit], str]

    def __call__(self, kit: SigningKit) -> str:
        return self.make(kit)


def claims(reason: Reason, change: Callable[[SigningKit], Mapping[str, Any]]) -> Attack:
    """A token that the client itself signs, with wrong claims."""
    return Attack(reason, lambda kit: kit.authorization(change(kit)))


def header(reason: Reason, change: Callable[[SigningKit], Mapping[str, Any]]) -> Attack:
    """A token that the client itself signs, with a wrong header."""
    return Attack(reason, lambda kit: kit.authorization(header=change(kit)))


def forged(reason: Reason, change: Callable[[SigningKit], Mapping[str, Any]]) -> Attack:
    """A token that the attacker signs, with a header that is to make the service take the attacker's key."""
    return Attack(reason, lambda kit: kit.forged(header=change(kit)))


def text(reason: Reason, change: Callable[[str], str]) -> Attack:
    """A valid token whose text is changed, without ``Bearer``."""
    return Attack(reason, lambda kit: "Bearer " + change(kit.authorization().removeprefix("Bearer ")))
