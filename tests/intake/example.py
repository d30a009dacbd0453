"""The questionnaire, findings and responses that the tests of the intake share."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson

from cds.pack.finding import Finding
from cds.pack.questionnaire_reader import parse_questionnaire

HERE = Path(__file__).parent
OWN = "https://example.org/fhir/CodeSystem/answers"
YES_NO = "http://terminology.hl7.org/CodeSystem/v2-0136"
NULL = "http://terminology.hl7.org/CodeSystem/v3-NullFlavor"
UCUM = "http://unitsofmeasure.org"
SNOMED = "http://snomed.info/sct"
LOINC = "http://loinc.org"
AUTHORED = "2026-11-22T10:00:00+01:00"

RESOURCE: dict[str, Any] = orjson.loads((HERE / "questionnaire.json").read_bytes())
QUESTIONNAIRE = parse_questionnaire(RESOURCE, {})
VALUE_SETS = {
    "cancer": frozenset({(SNOMED, "363346000"), ("http://hl7.org/fhir/sid/icd-10-cm", "C61")}),
    "thinners": frozenset({("http://www.nlm.nih.gov/research/umls/rxnorm", "11289")}),
    "kidney": frozenset({(LOINC, "98979-8")}),
    "heat": frozenset({(LOINC, "8310-5")}),
    "test": frozenset({(LOINC, "2106-3")}),
}


def finding(name: str, kind: str, **parts: Any) -> Finding:
    """A finding with what the tests do not look at filled in."""
    codes = [{"code": code, "title": {"en": code}} for code in parts.pop("codes", ())]
    given = {"id": name, "type": kind, "title": {"en": name}, "unanswered": "ask", "codes": codes, **parts}
    return Finding.model_validate(given)


def response(*items: dict[str, Any], **elements: Any) -> dict[str, Any]:
    """A completed response with these items."""
    found = {
        "resourceType": "QuestionnaireResponse",
        "questionnaire": "https://example.org/fhir/Questionnaire/small|1.0.0",
        "status": "completed",
        "authored": AUTHORED,
        **elements,
    }
    return found | ({"item": list(items)} if items else {})


def about(*items: dict[str, Any], fell: bool = False) -> dict[str, Any]:
    """The first group, in which one question must be answered."""
    return {"linkId": "about", "item": [answer("fell", valueBoolean=fell), *items]}


def fall(*items: dict[str, Any]) -> dict[str, Any]:
    """The group that is shown after a fall."""
    return {"linkId": "fall", "item": list(items)}


def answer(link_id: str, **value: Any) -> dict[str, Any]:
    """An item with one answer."""
    return {"linkId": link_id, "answer": [value]}


def coded(link_id: str, *codes: str, system: str = OWN) -> dict[str, Any]:
    """An item answered with options; ASKU, Y and N have systems of their own."""
    systems = {"ASKU": NULL, "Y": YES_NO, "N": YES_NO}
    answers = [{"valueCoding": {"system": systems.get(code, system), "code": code}} for code in codes]
    return {"linkId": link_id, "answer": answers}
