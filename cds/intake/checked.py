"""A QuestionnaireResponse that has passed all checks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple


class Quantity(NamedTuple):
    """A FHIR Quantity: exact value, unit ``code`` and the ``system`` of the code (both may be empty)."""

    value: Decimal
    code: str
    system: str


Answer = bool | int | Decimal | str | tuple[str, str] | Quantity
"""One answer: a Coding is ``(system, code)``; dates, times, texts and URIs are strings as they stand."""

Answers = Mapping[str, tuple[Answer, ...]]
"""Link id to its answers; a question that is not there was not answered."""

Place = tuple[Any, ...]
"""Where an item stands: ``()`` or ``(place of the whole, element, index)``; made text only for faults."""


@dataclass(frozen=True, slots=True)
class CheckedResponse:
    """What a response says: identifiers (``None`` where it has none) and its answers by link id."""

    id: str | None
    authored: str | None
    language: str | None
    subject: str | None
    answers: Answers
    places: Mapping[str, Place]

    def has_comment(self, link_ids: Iterable[str]) -> bool:
        """Whether one of these free-text questions is answered with more than spaces."""
        return any(
            isinstance(answer, str) and bool(answer.strip())
            for link_id in link_ids
            for answer in self.answers.get(link_id, ())
        )

    def path(self, link_id: str) -> str:
        """The path of an item in the response."""
        return path_at(self.places[link_id])


def path_at(place: Place) -> str:
    """The place as FHIRPath writes it: ``QuestionnaireResponse.item[2].answer[0]``."""
    steps = []
    while place:
        place, name, index = place
        steps.append(f".{name}[{index}]")
    return "QuestionnaireResponse" + "".join(reversed(steps))
