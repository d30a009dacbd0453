"""Decisions for tests, made the whole way: answers composed, checked, read and assessed by the shipped pack."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from functools import cache
from typing import Any, Final

from cds import Decision, DecisionSupport, default_pack
from cds.intake.compose import Composer
from cds.pack import Findings
from cds.pack.plain_value import read_plain
from cds.verify.case import load_patients

AUTHORED: Final = "2026-11-22T09:30:00+01:00"
COMMENT: Final = "My own words, <b>Maria</b> [42](https://example.com)"
LANGUAGES: Final = ("en", "es")

CANCER: Final[dict[str, Any]] = {
    "resourceType": "Condition",
    "id": "cancer-1",
    "subject": {"reference": "Patient/example"},
    "clinicalStatus": {
        "coding": [{"system": "http://terminology.hl7.org/CodeSystem/condition-clinical", "code": "active"}]
    },
    "code": {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "Z85.00"}]},
}
"""A record that contradicts the base patients, who all answered that they never had cancer."""


@cache
def support() -> DecisionSupport:
    """The shipped pack, compiled once for all tests."""
    return DecisionSupport.load(default_pack())


@cache
def patients() -> Mapping[str, Findings]:
    """The base patients of the shipped pack."""
    return load_patients(support().pack)


def response(
    base: str = "ordinary-soreness",
    leave_out: Collection[str] = (),
    language: str | None = None,
    comment: str | None = None,
    **changes: object,
) -> dict[str, Any]:
    """A response of a base patient with these findings changed or left out; it has an id and a subject."""
    pack = support().pack
    changed = {name: read_plain(pack.findings[name], value) for name, value in changes.items()}
    kept = {name: value for name, value in patients()[base].items() if name not in leave_out}
    composer = Composer(pack.questionnaire, pack.findings)
    resource = composer.compose({**kept, **changed}, AUTHORED, language, kept.keys() - changed.keys())
    resource |= {"id": "example-1", "subject": {"reference": "Patient/example"}}
    if comment is not None:
        resource["item"].append({"linkId": "comment", "answer": [{"valueString": comment}]})
    return resource


def decide(
    base: str = "ordinary-soreness",
    leave_out: Collection[str] = (),
    chart: dict[str, Any] | None = None,
    comment: str | None = None,
    **changes: object,
) -> Decision:
    """The decision about such a response."""
    return support().decide_parsed(response(base, leave_out, comment=comment, **changes), chart)


def nothing_answered() -> Decision:
    """The decision about a response without a single answer, id, subject or time."""
    empty = {
        "resourceType": "QuestionnaireResponse",
        "questionnaire": support().pack.questionnaire.url,
        "status": "completed",
    }
    return support().decide_parsed(empty)


VARIETY: Final[dict[str, Callable[[], Decision]]] = {
    "emergency": lambda: decide(saddle_numbness="yes"),
    "same-day": lambda: decide(fever="yes", comment=COMMENT),
    "within-days": lambda: decide("teenager-athlete"),
    "within-days-open": lambda: decide("teenager-athlete", leave_out=["fever"]),
    "routine": lambda: decide("long-standing"),
    "self-care": lambda: decide(),
    "self-care-ask-first": lambda: decide(leave_out=["bleeding_tendency"]),
    "self-care-instead": lambda: decide(asthma="yes"),
    "incomplete": lambda: decide(leave_out=["saddle_numbness"]),
    "incomplete-routine": lambda: decide("long-standing", leave_out=["fever"]),
    "nothing-answered": nothing_answered,
    "child": lambda: decide(age=14),
    "child-emergency": lambda: decide(age=14, urine_retention="yes", cauda_onset="new-or-worse"),
    "no-exercise": lambda: decide(after_exercise="no"),
    "contradiction": lambda: decide(chart=CANCER),
}
"""Decisions of every outcome, by name."""


@cache
def example(name: str) -> Decision:
    """One of :data:`VARIETY`, made once."""
    return VARIETY[name]()
