"""What is remembered of a card that was shown."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime


def _today() -> date:
    return datetime.now(UTC).date()


@dataclass(frozen=True, slots=True)
class Showing:
    """A card that went out, so that feedback has something to be counted against.

    ``card`` is its uuid; ``service`` and ``pack`` (with ``version``) where it comes from; ``outcome``, ``level`` and
    ``possible_level`` those of the assessment; ``kind`` which of its cards it is (recommendation, open, advice);
    ``rules`` the ids of the rules that gave the level, none where no rule fired; ``day`` the day it was shown, UTC.

    There is no field for anything else, and that is meant: no answer, no finding, no identity, no hookInstance, no
    issuer, and no time of day by which somebody could be found in another log.
    """

    card: str
    service: str
    pack: str
    version: str
    outcome: str
    level: str
    possible_level: str
    kind: str
    rules: tuple[str, ...] = ()
    day: date = field(default_factory=_today)
