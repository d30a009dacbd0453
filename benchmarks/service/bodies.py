"""CDS Hooks calls of many different patients, each with a complete response of all 40 questions in the prefetch."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson

from cds import DecisionSupport, default_pack
from cds.intake import Composer
from cds.pack.value import Interval
from cds.verify import load_patients

PATIENTS = 500
_NUMBERS = (("age", 18, 79), ("pain_severity", 1, 6))
_PEOPLE = ("ordinary-soreness", "ordinary-older", "runner", "lifter", "long-standing", "office-worker-no-flags")


def bodies(seed: int = 1) -> list[bytes]:
    """:data:`PATIENTS` calls. Every response is another: no cache of whole answers could help.

    Age, pain and onset vary for everybody; one patient in four has up to three more findings, as in primary care most
    people have no danger sign.
    """
    support = DecisionSupport.load(default_pack())
    pack = support.pack
    composer = Composer(pack.questionnaire, pack.findings)
    people = load_patients(pack)
    draw = random.Random(seed)
    flags = [
        name
        for name, finding in pack.findings.items()
        if finding.type == "boolean" and finding.answers and finding.red_flag
    ]
    found: list[bytes] = []
    for _ in range(PATIENTS * 20):
        if len(found) == PATIENTS:
            return found
        values: dict[str, Any] = dict(people[draw.choice(_PEOPLE)])
        values |= {name: exactly(draw.randint(low, high)) for name, low, high in _NUMBERS}
        if draw.random() < 0.25:
            values |= dict.fromkeys(draw.sample(flags, draw.randint(1, 3)), True)
        authored = (datetime.now(UTC) - timedelta(minutes=len(found) + 1)).isoformat(timespec="seconds")
        try:
            response = composer.compose(values, authored, droppable=values)
            support.decide_parsed(response)
        except ValueError:
            continue  # findings that do not go together
        found.append(call(response, f"p{len(found)}"))
    raise RuntimeError("too few of the drawn patients can be: draw others")


def exactly(number: int) -> Interval:
    """A number that is known."""
    return Interval(number, number)


def call(response: dict[str, Any], patient: str) -> bytes:
    """A call at patient-view: the response as a search gives it, and a record that holds nothing."""
    named = response | {"id": f"r-{patient}", "subject": {"reference": f"Patient/{patient}"}}
    empty = {"resourceType": "Bundle", "type": "searchset", "total": 0}
    return orjson.dumps(
        {
            "hook": "patient-view",
            "hookInstance": "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea",
            "context": {"userId": "Practitioner/1", "patientId": patient},
            "prefetch": {
                "questionnaireResponse": {
                    "resourceType": "Bundle",
                    "type": "searchset",
                    "total": 1,
                    "entry": [{"resource": named, "search": {"mode": "match"}}],
                },
                "patient": {"resourceType": "Patient", "id": patient},
                "conditions": empty,
                "medicationRequests": empty,
                "medicationStatements": empty,
                "observations": empty,
            },
        }
    )
