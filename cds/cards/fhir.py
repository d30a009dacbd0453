"""A decision as FHIR R4: GuidanceResponse, its outputs as Parameters, and a RequestGroup of what the cards propose.

Follows the mapping of HL7's CDS Hooks clinical reasoning guide: a card is an action of the RequestGroup, its summary
the ``title``, its detail the ``description``, its sources the ``documentation``.
"""

from __future__ import annotations

from typing import Final

from cds.assessment import Decision
from cds.cards.cds_hooks import Card, CardMaker
from cds.cards.guidance import Resource, artifact, data_requirements, guidance_notes, parameters
from cds.cards.questions import open_questions
from cds.cards.suggestion import priority
from cds.pack import Pack

_CREATE: Final = {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/action-type", "code": "create"}]}


def bundle(maker: CardMaker, decision: Decision, language: str) -> Resource:
    """A collection Bundle: GuidanceResponse first, then Parameters, RequestGroup and the proposed requests.

    The same input gives the same bytes: identifiers are UUIDs of version 5, and there is no clock.
    """
    identifiers = maker.identifiers(decision, language)
    parts = {identifiers.of(name): name for name in ("recommendation", "open", "advice")}
    ids = {name: identifiers.of(f"fhir {name}") for name in ("bundle", "guidance", "parameters", "group")}
    actions: list[Resource] = []
    requests: list[Resource] = []
    for card in maker.cards(decision, language):
        name = parts[card["uuid"]]
        action = {"title": card["summary"], "description": card["detail"]}
        action |= {"priority": _priority(maker.pack, decision, name)} | _documentation(maker, decision, name, language)
        proposed, step = _proposals(card) if "suggestions" in card else _message(decision, card, action, language)
        actions.append(action | step)
        requests += proposed
    outputs = parameters(maker, decision, language) | {"id": ids["parameters"]}
    group = _group(maker, decision, ids["group"], actions) | {"language": language}
    resources = (_guidance(maker, decision, language, ids), outputs, group, *requests)
    entries = [{"fullUrl": f"urn:uuid:{resource['id']}", "resource": resource} for resource in resources]
    return {"resourceType": "Bundle", "id": ids["bundle"], "language": language, "type": "collection", "entry": entries}


def guidance_response(maker: CardMaker, decision: Decision, language: str) -> Resource:
    """A GuidanceResponse that stands alone, with its outputs inside it; for a line of NDJSON."""
    identifiers = maker.identifiers(decision, language)
    ids = {name: identifiers.of(f"fhir {name}") for name in ("guidance", "parameters", "group")}
    guidance = _guidance(maker, decision, language, ids)
    guidance["contained"] = [parameters(maker, decision, language) | {"id": "outputs"}]
    guidance["outputParameters"] = {"reference": "#outputs"}
    del guidance["result"]
    return guidance


def module_canonical(pack: Pack) -> str:
    """The canonical of the pack as a PlanDefinition, with its version."""
    return f"{pack.header.url}/PlanDefinition/{pack.id}|{pack.version}"


def _guidance(maker: CardMaker, decision: Decision, language: str, ids: dict[str, str]) -> Resource:
    """*data-required* while the level is withheld, *data-requested* when answers could still raise one."""
    questions = open_questions(maker.pack, decision, language)
    status = "data-requested" if questions else "success"
    view = maker.view(language)
    reasons = dict.fromkeys(str(reason["text"]) for reason in (*view.out_of_scope(decision), *view.reasons(decision)))
    guidance: Resource = {"resourceType": "GuidanceResponse", "id": ids["guidance"], "language": language}
    guidance["moduleCanonical"] = module_canonical(maker.pack)
    guidance["status"] = "data-required" if decision.assessment.incomplete else status
    guidance |= _of_patient(decision, "occurrenceDateTime")
    if reasons:
        guidance["reasonCode"] = [{"text": reason} for reason in reasons]
    guidance["note"] = guidance_notes(maker, decision, language)
    guidance["outputParameters"] = _reference(ids["parameters"])
    guidance["result"] = _reference(ids["group"])
    if questions:
        guidance["dataRequirement"] = data_requirements(maker.pack, questions, language)
    return guidance


def _group(maker: CardMaker, decision: Decision, identifier: str, actions: list[Resource]) -> Resource:
    group: Resource = {"resourceType": "RequestGroup", "id": identifier}
    group["instantiatesCanonical"] = [module_canonical(maker.pack)]
    group |= {"status": "draft", "intent": "proposal", "priority": priority(maker.pack, decision)}
    return group | _of_patient(decision, "authoredOn") | {"action": actions}


def _proposals(card: Card) -> tuple[list[Resource], Resource]:
    """A card's suggestions: the requests, and the inner actions that name them."""
    requests, steps = [], []
    for suggestion in card["suggestions"]:
        proposed = suggestion["actions"][0]
        requests.append({**proposed["resource"], "id": suggestion["uuid"]})
        step = {"title": suggestion["label"], "description": proposed["description"], "type": _CREATE}
        steps.append(step | {"resource": _reference(suggestion["uuid"])})
    return requests, {"selectionBehavior": card["selectionBehavior"], "action": steps}


def _message(decision: Decision, card: Card, action: Resource, language: str) -> tuple[list[Resource], Resource]:
    """A card without suggestions is a message to the patient: R4 wants a resource in every action (rqg-1)."""
    message: Resource = {"resourceType": "CommunicationRequest", "id": card["uuid"], "language": language}
    message |= {"status": "draft", "priority": action["priority"]} | _of_patient(decision, "authoredOn")
    message["payload"] = [{"contentString": f"{card['summary']}\n\n{card['detail']}"}]
    return [message], {"resource": _reference(card["uuid"])}


def _priority(pack: Pack, decision: Decision, name: str) -> str:
    """Open questions are as pressing as what they could lead to; advice can wait."""
    if name == "open":
        return pack.levels[pack.rank[decision.assessment.possible_level]].priority
    return "routine" if name == "advice" else priority(pack, decision)


def _documentation(maker: CardMaker, decision: Decision, name: str, language: str) -> Resource:
    """The sources of what a card says: of its reasons, of the advice; open questions have none."""
    view, keys = maker.view(language), list[str]()
    if name == "recommendation":
        reasons = (*view.out_of_scope(decision), *view.reasons(decision))
        keys = [str(source["key"]) for reason in reasons for source in reason["citations"]]
    elif name == "advice":
        advised = [given.advice for given in decision.assessment.advice if given.status == "advised"]
        keys = [key for advice in advised for key in advice.citations]
    artifacts = [artifact(maker.pack, key) for key in dict.fromkeys(keys)]
    return {"documentation": artifacts} if artifacts else {}


def _of_patient(decision: Decision, time: str) -> Resource:
    """The subject, if the response has one, and the as-of time as the element ``time``."""
    subject, as_of = decision.response.subject, decision.as_of
    return ({"subject": {"reference": subject}} if subject else {}) | ({time: as_of} if as_of else {})


def _reference(identifier: str) -> Resource:
    return {"reference": f"urn:uuid:{identifier}"}
