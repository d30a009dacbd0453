"""Decisions for tests, made the whole way: answers composed, checked, read and assessed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Final

from cds import Decision, DecisionSupport, default_pack
from cds.intake.compose import Composer
from cds.pack import Findings
from cds.pack.plain_value import read_plain
from cds.verify import load_patients

AUTHORED: Final = "2026-11-22T09:30:00+01:00"
COMMENT: Final = "My own words, <b>Maria</b> [42](https://example.com)"
LANGUAGES: Final = ("en", "es")


class Clinic:
    """A pack, compiled once, and its base patients."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @cached_property
    def support(self) -> DecisionSupport:
        """The compiled pack."""
        return DecisionSupport.load(self._folder)

    @cached_property
    def patients(self) -> Mapping[str, Findings]:
        """The base patients of the pack."""
        return load_patients(self.support.pack)

    @cached_property
    def composer(self) -> Composer:
        """Composes answers; "none of these" is the code ``none`` where the questionnaire does not mark it."""
        questionnaire = self.support.pack.questionnaire
        items = {
            link_id: replace(
                item,
                options={
                    key: replace(option, exclusive=option.exclusive or option.code == "none")
                    for key, option in item.options.items()
                },
            )
            for link_id, item in questionnaire.items.items()
        }
        return Composer(replace(questionnaire, items=items), self.support.pack.findings)

    def response(
        self,
        base: str,
        leave_out: Collection[str] = (),
        language: str | None = None,
        comment: str | None = None,
        **changes: object,
    ) -> dict[str, Any]:
        """A response of a base patient with these findings changed or left out; it has an id and a subject."""
        pack = self.support.pack
        changed = {name: read_plain(pack.findings[name], value) for name, value in changes.items()}
        kept = {name: value for name, value in self.patients[base].items() if name not in leave_out}
        resource = self.composer.compose({**kept, **changed}, AUTHORED, language, kept.keys() - changed.keys())
        resource |= {"id": "example-1", "subject": {"reference": "Patient/example"}}
        if comment is not None:
            resource["item"].append({"linkId": "comment", "answer": [{"valueString": comment}]})
        return resource

    def decide(
        self,
        base: str,
        leave_out: Collection[str] = (),
        chart: dict[str, Any] | None = None,
        comment: str | None = None,
        **changes: object,
    ) -> Decision:
        """The decision about such a response."""
        return self.support.decide_parsed(self.response(base, leave_out, None, comment, **changes), chart)

    def nothing_answered(self) -> Decision:
        """The decision about a response without a single answer, id, subject or time."""
        questionnaire = self.support.pack.questionnaire.url
        empty = {"resourceType": "QuestionnaireResponse", "questionnaire": questionnaire, "status": "completed"}
        return self.support.decide_parsed(empty)


SHIPPED: Final = Clinic(default_pack())
MINIMAL: Final = Clinic(Path(__file__).parent / "pack/minimal")
"""A small pack about fever and cough, which shows that nothing in ``cds`` knows what a pack is about."""


def condition(code: str) -> dict[str, Any]:
    """An active Condition with an ICD-10-CM code."""
    status = "http://terminology.hl7.org/CodeSystem/condition-clinical"
    return {
        "resourceType": "Condition",
        "id": "condition-1",
        "subject": {"reference": "Patient/example"},
        "clinicalStatus": {"coding": [{"system": status, "code": "active"}]},
        "code": {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": code}]},
    }


CANCER: Final = "Z85.00"
"""The record of a cancer contradicts the base patients, who all answered that they never had one."""

VARIETY: Final[dict[str, Callable[[], Decision]]] = {
    "emergency": lambda: decide(saddle_numbness="yes"),
    "same-day": lambda: decide("ordinary-older", muscle_swelling="yes", comment=COMMENT),
    "within-days": lambda: decide("teenager-athlete"),
    "routine": lambda: decide("long-standing"),
    "self-care": lambda: SHIPPED.decide("ordinary-soreness"),
    "self-care-ask-first": lambda: decide(leave_out=["bleeding_tendency"]),
    "self-care-instead": lambda: decide(asthma="yes"),
    "incomplete": lambda: decide(leave_out=["saddle_numbness"]),
    "incomplete-routine": lambda: decide("long-standing", leave_out=["fever"]),
    "incomplete-within-days": lambda: decide("teenager-athlete", leave_out=["fever"]),
    "nothing-answered": SHIPPED.nothing_answered,
    "child": lambda: decide(age=14),
    "child-emergency": lambda: decide(age=14, saddle_numbness="yes"),
    "no-exercise": lambda: decide(after_exercise="no"),
    "contradiction": lambda: decide(chart=condition(CANCER)),
}
"""Decisions of every outcome by the shipped pack, by name."""


def support() -> DecisionSupport:
    """The shipped pack."""
    return SHIPPED.support


def response(
    base: str = "ordinary-soreness", leave_out: Collection[str] = (), language: str | None = None, **changes: object
) -> dict[str, Any]:
    """A response to the shipped pack's questionnaire."""
    return SHIPPED.response(base, leave_out, language, None, **changes)


def decide(
    base: str = "ordinary-soreness",
    leave_out: Collection[str] = (),
    chart: dict[str, Any] | None = None,
    comment: str | None = None,
    **changes: object,
) -> Decision:
    """A decision by the shipped pack."""
    return SHIPPED.decide(base, leave_out, chart, comment, **changes)


@cache
def example(name: str) -> Decision:
    """One of :data:`VARIETY`, made once."""
    return VARIETY[name]()
