"""The FHIR R4 Questionnaire of a pack, indexed by link id for the checks and for reading answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cds.pack.text import Text


@dataclass(frozen=True, slots=True)
class Option:
    """One ``answerOption``. ``value`` is ``(system, code)`` for a Coding, else the plain value."""

    value: tuple[str, str] | str | int
    text: Text
    exclusive: bool = False

    @property
    def code(self) -> str:
        """The code of a Coding, or the plain value as text."""
        return self.value[1] if isinstance(self.value, tuple) else str(self.value)


@dataclass(frozen=True, slots=True)
class EnableWhen:
    """One condition of ``enableWhen``: ``question`` (link id), ``operator`` and the expected answer.

    ``answer`` is ``(system, code)`` for a Coding, else the plain value (``bool`` for ``exists``).
    """

    question: str
    operator: str
    answer: Any


@dataclass(frozen=True, slots=True)
class Item:
    """One item of the questionnaire.

    ``parent`` is the enclosing item's link id; ``order`` counts in document order.
    """

    link_id: str
    type: str
    text: Text
    parent: str | None
    order: int
    repeats: bool
    required: bool
    options: Mapping[tuple[str, str] | str | int, Option]
    enable_when: tuple[EnableWhen, ...]
    enable_any: bool
    minimum: Any
    maximum: Any
    max_length: int | None

    @property
    def option_codes(self) -> dict[str, Option]:
        """The options by code alone; the loader refuses an item that offers one code in two systems."""
        return {option.code: option for option in self.options.values()}


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """A questionnaire: canonical ``url``, ``version``, and its items in document order by link id."""

    url: str
    version: str
    title: Text
    items: Mapping[str, Item]

    def gates(self, link_id: str) -> tuple[EnableWhen, ...]:
        """All ``enableWhen`` conditions of an item and of the items around it, outermost first."""
        chain: tuple[EnableWhen, ...] = ()
        at: str | None = link_id
        while at is not None:
            item = self.items[at]
            chain = item.enable_when + chain
            at = item.parent
        return chain
