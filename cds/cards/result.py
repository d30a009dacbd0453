"""The result for one response as JSON: the stable form that ``cds evaluate --format json`` prints.

docs/schema/result.schema.json describes it, and a test holds it to that.
"""

from __future__ import annotations

from typing import Any

from cds.assessment import Decision
from cds.cards.cds_hooks import CardMaker
from cds.cards.questions import open_questions
from cds.intake import Reading
from cds.pack import Pack
from cds.pack.plain_value import write_plain


def result(maker: CardMaker, decision: Decision, source: str, language: str) -> dict[str, Any]:
    """One response's result. ``source`` says where the response came from (a path, or a path and a line)."""
    pack, assessment = maker.pack, decision.assessment
    return {
        "source": source,
        "response": decision.response.id,
        "pack": {"id": pack.id, "version": pack.version},
        "as_of": decision.as_of,
        "language": language,
        "outcome": assessment.outcome,
        "level": assessment.level,
        "possible_level": assessment.possible_level,
        "out_of_scope": list(assessment.out_of_scope),
        "fired": [rule.id for rule in assessment.fired],
        "undecided": [rule.id for rule in assessment.undecided],
        "findings": _findings(pack, decision),
        "open_questions": [
            {
                "link_id": question.link_id,
                "text": question.text,
                "level": question.level,
                "findings": list(question.findings),
                "withholds": any(name in assessment.withholding for name in question.findings),
            }
            for question in open_questions(pack, decision, language)
        ],
        "advice": [
            {"id": given.advice.id, "status": given.status, "blocked_by": list(given.because)}
            for given in (assessment.advice if maker.gives_advice(decision) else ())
        ],
        "contradictions": [
            {"finding": entry.finding, "readings": [_reading(pack, entry.finding, one) for one in entry.readings]}
            for entry in decision.patient.contradictions
        ],
        "cards": maker.cards(decision, language),
        "trace": trace(maker, decision),
    }


def trace(maker: CardMaker, decision: Decision) -> list[dict[str, Any]]:
    """From each fired rule to the findings by which it fired, their answers or records, and its citations."""
    pack, assessment = maker.pack, decision.assessment
    support = maker.support.of(decision.patient.values, assessment.derived)
    return [
        {
            "rule": rule.id,
            "title": rule.title,
            "level": rule.then.level,
            "concludes": rule.then.conclude,
            "file": f"{rule.file}:{rule.line}",
            "unverified": rule.unverified,
            "findings": [
                {
                    "finding": name,
                    "value": _plain(pack, decision, name),
                    "from": [
                        _reading(pack, name, reading)
                        for reading in decision.patient.provenance.get(name, ())
                        if reading.value is not None
                    ],
                }
                for name in support.findings(rule)
            ],
            "citations": list(rule.citations),
        }
        for rule in assessment.fired
    ]


def _findings(pack: Pack, decision: Decision) -> dict[str, Any]:
    """Every finding with its value; unknown is ``null``."""
    return {
        name: decision.assessment.derived[name] if finding.derived else _plain(pack, decision, name)
        for name, finding in pack.findings.items()
    }


def _plain(pack: Pack, decision: Decision, name: str) -> Any:
    value = decision.patient.values.get(name)
    return None if value is None else write_plain(pack.findings[name], value)


def _reading(pack: Pack, name: str, reading: Reading) -> dict[str, Any]:
    entry: dict[str, Any] = {"source": reading.source, "state": reading.state}
    entry["value"] = None if reading.value is None else write_plain(pack.findings[name], reading.value)
    if reading.link_id is not None:
        entry["link_id"] = reading.link_id
    if reading.resource is not None:
        entry["resource"] = reading.resource
    if reading.codes:
        entry["codes"] = list(reading.codes)
    return entry
