"""A difference as JSON."""

from __future__ import annotations

from typing import Any

from cds.pack import Pack
from cds.verify.difference.change_class import FoundClass
from cds.verify.difference.compare import Difference
from cds.verify.difference.population import Population


def as_json(found: Difference, population: Population | None) -> dict[str, Any]:
    """The difference, and who moves where if responses were given. The same input gives the same object."""
    return {
        "old": _pack(found.old),
        "new": _pack(found.new),
        "version": {
            "change": found.version.weight,
            "reasons": list(found.version.reasons),
            "least": found.version.least,
            "raised_enough": found.version.raised_enough,
        },
        "classes": [_class(one) for one in found.classes],
        "changes": [
            {
                "kind": change.kind,
                "name": change.name,
                "how": change.how,
                "change": change.weight,
                "details": list(change.details),
                "place": change.place or None,
            }
            for change in found.changes
        ],
        "undecided": list(found.undecided),
        "not_compared": [*found.unclear, *found.left_out],
        "population": None if population is None else _population(population),
    }


def _pack(pack: Pack) -> dict[str, str]:
    return {"id": pack.id, "version": pack.version, "questionnaire": pack.questionnaire.version}


def _class(one: FoundClass) -> dict[str, Any]:
    change, patient = one.change, one.patient
    return {
        "class": change.name,
        "kind": change.kind,
        "subject": change.subject or None,
        "old": change.old,
        "new": change.new,
        "direction": change.direction,
        "patient": list(patient.words),
        "response": patient.new.response,
        "old_response": None if patient.one_response else patient.old.response,
        "chart": patient.new.chart,
        "rules": [
            {"rule": rule.rule, "how": rule.how, "place": f"{rule.place.file}:{rule.place.line}"} for rule in one.rules
        ],
    }


def _population(found: Population) -> dict[str, Any]:
    return {
        "responses": found.total,
        "moves": [
            {
                "old": move.old,
                "new": move.new,
                "direction": move.direction,
                "count": move.count,
                "examples": list(move.examples),
            }
            for move in found.moves()
        ],
        "refused": {which: dict(reasons.most_common()) for which, reasons in found.reasons.items()},
    }
