"""What can be wrong with the input: each kind of fault once, and the error that carries them.

Messages name the place, never a value: what a patient wrote does not belong in a log.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

FAULTS: Final[dict[str, str]] = {
    # the bytes
    "too-large": "the input has {size} bytes, {limit} is the most: send one resource at a time",
    "too-many-values": "the input has more than {limit} values: send one resource at a time, or less of the chart",
    "too-deep": "the JSON is nested more than {limit} levels deep: send a plain FHIR resource",
    "byte-order-mark": "the input begins with a byte order mark: send UTF-8 without one",
    "not-utf8": "the input is not valid UTF-8: send the JSON in UTF-8",
    "json-syntax": "this is not valid JSON (line {line}, column {column}): repair the sender",
    "duplicate-key": "the element {name} stands twice in one object: keep the one that is meant",
    # the JSON types of FHIR
    "wrong-resource-type": "the resource must be a {expected}: check resourceType",
    "wrong-json-type": "this must be {expected}: send the JSON type that FHIR defines",
    "unknown-element": "there is no element {name} here in FHIR R4: remove it",
    "missing-element": "the element {name} is missing: add it",
    "null-value": "null is not allowed here: leave the element out",
    "empty-value": "an empty {kind} is not allowed: leave the element out",
    "too-many-entries": "there are more than {limit} entries: send only what answers the questionnaire",
    "too-long": "the text has {length} characters, {limit} is the most: shorten it",
    "bad-format": "this is not a valid FHIR {type}: send it in the form that FHIR defines",
    "bad-date": "this is not a valid FHIR {type}: send a real date such as 2026-11-22 (a time needs a zone)",
    "integer-out-of-range": "this integer does not fit into 32 bits: send a smaller number",
    "no-value": "the answer has no value: give exactly one value[x], or leave the answer out",
    "several-values": "the answer has several values: give exactly one value[x]",
    "modifier": "{name} can change the meaning of the data and is not supported: send the data without it",
    "model": "the FHIR model refuses this element ({type}): check it against FHIR R4",
    # the response as a whole
    "not-final": "the response is not final: only the status completed or amended is evaluated",
    "no-questionnaire": "the response does not say which questionnaire it answers: add 'questionnaire'",
    "other-questionnaire": "the response answers another questionnaire: send it to the pack it belongs to",
    "other-version": "the response answers another version of the questionnaire: send one for {expected}",
    # items
    "unknown-link-id": "the questionnaire has no item with this linkId: remove it, or check the version",
    "misplaced-item": "the item does not belong here: put it {expected}",
    "repeated-item": "the item is there twice: keep one",
    "answer-on-group": "an item of type {type} cannot have an answer: remove it",
    "several-answers": "the question takes one answer: keep the one that is meant",
    "wrong-answer-type": "a question of type {type} is answered with {expected}: send that element",
    "option-not-offered": "the question does not offer this option: system and code must both match one",
    "exclusive-option": "an option that excludes all others is chosen along with others: keep what is meant",
    "same-option-twice": "the same answer is given twice: keep one",
    "missing-answer": "the question must be answered: add the answer",
    "answer-when-disabled": "by enableWhen the question was not asked: check the answer it depends on",
    "below-minimum": "the answer is below the smallest value that the question allows: check it",
    "above-maximum": "the answer is above the largest value that the question allows: check it",
    "answer-too-long": "the answer has {length} characters, the question allows {limit}: shorten it",
    # values
    "value-out-of-range": "the number is outside {low} to {high} {unit}: check it and its unit",
    "wrong-unit": "the unit cannot be converted to {unit}: send the number with a UCUM code that can",
    "comparator": "the number must be exact: send it without a comparator",
    "date-in-future": "the date is after the time of the assessment: check it",
    # the chart
    "not-a-chart": "the chart must be a FHIR resource, a Bundle or a list of them",
    "several-patients": "the chart holds resources of more than one patient: send one patient's",
    "no-code": "no code says which medicine this is: send its coding, or the Medication that it refers to",
    "unreadable-value": "the value of this result cannot be read: send a number with a UCUM code, or a coded value",
    "other-patient": "the chart is of another patient than the response: check the subject",
}
"""Code to message; each has a fixture of its name in ``tests/intake/faults``."""

_ELEMENT: Final = re.compile(r"_?[a-z][A-Za-z]{0,39}")
_LINK_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,63}")


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One fault of the input.

    ``code`` is a key of :data:`FAULTS`, ``path`` the place as in FHIRPath
    (``QuestionnaireResponse.item[2].answer[0]``), ``link_id`` the question if it is one.
    """

    code: str
    path: str
    message: str
    link_id: str | None = None

    def __str__(self) -> str:
        question = f" (link id {self.link_id})" if self.link_id else ""
        return f"{self.path}{question}: {self.message}"


class IntakeError(ValueError):
    """An input that cannot be evaluated, with all its ``faults`` in the order in which they were found."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__(self.faults)

    def __str__(self) -> str:
        return "\n".join(map(str, self.faults))


def fault(code: str, path: str, link_id: str | None = None, **details: object) -> Fault:
    """A fault of a known kind; ``details`` fill its message and must not come from the patient."""
    if link_id is not None and not _LINK_ID.fullmatch(link_id):
        link_id = None
    return Fault(code, path, FAULTS[code].format(**details), link_id)


def element_name(name: object) -> str:
    """An element's name as it may be shown: one that does not look like a FHIR element is not repeated."""
    return repr(name) if isinstance(name, str) and _ELEMENT.fullmatch(name) else "with this name"
