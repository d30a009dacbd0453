"""Proposed requests: complete FHIR R4 resources that a clinician may accept from a card."""

from __future__ import annotations

from typing import Any, Final

from cds.assessment import INCOMPLETE, OUT_OF_SCOPE, Decision
from cds.pack import Pack
from cds.pack.content import Suggestion
from cds.pack.text import text_in

_PRIORITIES: Final = ("stat", "asap", "urgent", "routine")
"""FHIR R4 request priorities, most urgent first."""


def priority(pack: Pack, decision: Decision) -> str:
    """The FHIR request priority: the level's, and more when there is no all-clear to give.

    What is incomplete is settled as soon as possible (``asap``); out of scope goes before routine (``urgent``).
    """
    assessment = decision.assessment
    given = pack.levels[pack.rank[assessment.level]].priority
    least = {INCOMPLETE: "asap", OUT_OF_SCOPE: "urgent"}.get(assessment.outcome, "routine")
    return min(given, least, key=_PRIORITIES.index)


def resource(pack: Pack, suggestion: Suggestion, decision: Decision, language: str) -> dict[str, Any]:
    """A ``ServiceRequest`` or ``Task`` with ``intent: proposal``.

    A ServiceRequest must name its subject, so without a subject in the response it is a Task.
    """
    subject = decision.response.subject
    kind = suggestion.resource if subject else "Task"
    concept: dict[str, Any] = {"text": text_in(suggestion.code.text, language)}
    if suggestion.code.coding:
        concept["coding"] = [coding.model_dump(exclude_defaults=True) for coding in suggestion.code.coding]
    level = pack.levels[pack.rank[decision.assessment.level]]
    proposed: dict[str, Any] = {"resourceType": kind, "status": "draft", "intent": "proposal"}
    proposed["priority"] = priority(pack, decision)
    proposed["code"] = concept
    if kind == "ServiceRequest":
        proposed["subject"] = {"reference": subject}
        if decision.response.id:
            proposed["supportingInfo"] = [{"reference": f"QuestionnaireResponse/{decision.response.id}"}]
    else:
        proposed["description"] = text_in(suggestion.description, language)
        if decision.response.id:
            proposed["focus"] = {"reference": f"QuestionnaireResponse/{decision.response.id}"}
        if subject:
            proposed["for"] = {"reference": subject}
    if decision.as_of and len(decision.as_of) >= len("2026-11-22"):
        proposed["authoredOn"] = decision.as_of
    if kind == "ServiceRequest":
        deciding = [rule.then for rule in decision.assessment.fired if rule.then.level == level.id]
        reasons = dict.fromkeys(text_in(then.reason, language) for then in deciding if then.reason)
        if reasons:
            proposed["reasonCode"] = [{"text": reason} for reason in reasons]
    return proposed
