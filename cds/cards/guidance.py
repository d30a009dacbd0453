"""The parts of a GuidanceResponse: what was found, as Parameters; what is still wanted; notes."""

from __future__ import annotations

from typing import Any

from cds.assessment import Decision
from cds.cards.cds_hooks import CardMaker
from cds.cards.questions import OpenQuestion, open_questions
from cds.cards.words import Words
from cds.pack import Pack
from cds.pack.text import text_in

Resource = dict[str, Any]
"""A FHIR resource or element as plain JSON."""


def parameters(maker: CardMaker, decision: Decision, language: str) -> Resource:
    """What was found, for a machine: outcome, levels, fired rules, open questions, the advice if there is a card."""
    pack, assessment = maker.pack, decision.assessment
    entries: list[Resource] = [
        {"name": "outcome", "valueCode": assessment.outcome},
        {"name": "level", "valueCode": assessment.level},
        {"name": "possible-level", "valueCode": assessment.possible_level},
        *({"name": "out-of-scope", "valueCode": name} for name in assessment.out_of_scope),
        *({"name": "fired-rule", "valueString": rule.id} for rule in assessment.fired),
        *({"name": "undecided-rule", "valueString": rule.id} for rule in assessment.undecided),
    ]
    for question in open_questions(pack, decision, language):
        part: list[Resource] = [{"name": "link-id", "valueString": question.link_id}] if question.link_id else []
        part += [{"name": "text", "valueString": question.text}, {"name": "level", "valueCode": question.level}]
        part += [{"name": "finding", "valueString": name} for name in question.findings]
        entries.append({"name": "open-question", "part": part})
    for given in assessment.advice if maker.gives_advice(decision) else ():
        advice = [{"name": "id", "valueCode": given.advice.id}, {"name": "status", "valueCode": given.status}]
        entries.append({"name": "advice", "part": advice})
    return {"resourceType": "Parameters", "language": language, "parameter": entries}


def data_requirements(pack: Pack, questions: tuple[OpenQuestion, ...], language: str) -> list[Resource]:
    """For each open question, most urgent first: an Observation of what it decides, by the pack's code and others."""
    requirements = []
    for question in questions:
        codes: list[Resource] = []
        for name in question.findings:
            finding = pack.findings[name]
            system = f"{pack.header.url}/CodeSystem/findings"
            codes.append({"system": system, "code": name, "display": text_in(finding.title, language)})
            codes += [coding.model_dump(exclude_defaults=True) for coding in finding.coding]
        requirements.append({"type": "Observation", "codeFilter": [{"path": "code", "code": codes}]})
    return requirements


def guidance_notes(maker: CardMaker, decision: Decision, language: str) -> list[Resource]:
    """What a reader must know besides: contradictions, an unread comment, the disclaimer, a pack that is no more."""
    words, header = Words(maker.pack, language), maker.pack.header
    notes = [
        f"{words['contradictions']}: {entry['finding']}: {words['answered']} {entry['answer']}; "
        f"{words['in_chart']} {entry['chart']}. {words['contradiction_note']}"
        for entry in maker.view(language).contradictions(decision)
    ]
    if decision.comment_present:
        notes.append(words["comment"])
    notes.append(words["disclaimer"])
    if header.status != "active":
        notes.append(words[f"{header.status}_pack"])
    return [{"text": note} for note in notes]


def artifact(pack: Pack, key: str) -> Resource:
    """A source as a RelatedArtifact."""
    citation = pack.citations[key]
    where = "url" if citation.address.startswith(("https://", "http://")) else "citation"
    return {"type": "citation", "label": key, "display": citation.title, where: citation.address}
