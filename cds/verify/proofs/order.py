"""The order of rules and of answers changes nothing.

Proved of the rules: with their order turned round, z3 finds no patient with another level, scope or advice. The
evaluators and the intake are programs, which z3 does not see: they are asked about a patient for each rule, with the
rules and the answers turned round.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

import orjson
import z3

from cds.assessment import Assessment
from cds.decision_support import DecisionSupport
from cds.pack import Pack
from cds.verify.encoding import Rules
from cds.verify.encoding.kleene import Formula
from cds.verify.proofs.attempt import Attempt
from cds.verify.proofs.firing import Firing
from cds.verify.proofs.result import Counterexample
from cds.verify.witness import Witness

MOST_PATIENTS: Final = 60
"""So many patients are evaluated with everything turned round."""


def prove_order(attempt: Attempt, firing: Firing) -> None:
    """The formulas of the rules turned round are the same, and so is what the evaluators say."""
    prover = attempt.prover
    turned = _turned(prover.pack)
    pairs = zip(_outcomes(prover.rules), _outcomes(Rules(turned, prover.statements.reads)), strict=True)
    for (what, one), (_, other) in pairs:
        attempt.never(z3.Xor(one, other), sentence=f"{what} depends on the order of the rules")
    support = DecisionSupport(turned)
    for rule in prover.pack.rules:
        firing.can(rule)
    for facts in firing.examples[:MOST_PATIENTS]:
        attempt.count()
        witness = prover.witness(facts)
        told = _told(witness.decide(prover.support).assessment)
        again = Witness(witness.facts, turned_answers(witness.response), turned_answers(witness.chart)).decide(support)
        if _told(again.assessment) != told:
            sentence = "the result depends on the order of the rules or of the answers: a fault of this program"
            attempt.fail(Counterexample(sentence, (), (witness,)))


def _turned(pack: Pack) -> Pack:
    return replace(pack, all_rules=tuple(reversed(pack.all_rules)))


def _outcomes(rules: Rules) -> Iterator[tuple[str, Formula]]:
    """All that is told of a patient, as formulas."""
    for rank, level in enumerate(rules.pack.levels[:-1]):
        reached = rules.reaches(rank)
        yield f"whether the level is {level.id}", reached.known
        yield f"whether the level may be {level.id}", reached.possible
    yield "whether a patient is out of scope", rules.out_of_scope().known
    for name in rules.pack.advice:
        blocked = rules.blocked(name)
        yield f"whether {name} is advised", rules.recommended(name)
        yield f"whether {name} is blocked", blocked.known
        yield f"whether {name} may be blocked", blocked.possible


def turned_answers(element: Any) -> Any:
    """A response, or a chart, with its items, answers and entries in the opposite order."""
    if isinstance(element, dict):
        found = {key: turned_answers(value) for key, value in element.items()}
        for name in ("item", "answer", "entry"):
            if isinstance(found.get(name), list) and not any("item" in one for one in found[name] if name == "answer"):
                found[name] = found[name][::-1]
        return found
    return [turned_answers(one) for one in element] if isinstance(element, list) else element


def _told(assessment: Assessment) -> bytes:
    """What is told, whatever the order in which it is told."""
    advice = {one.advice.id: (one.status, sorted(one.instead)) for one in assessment.advice}
    return orjson.dumps(
        {
            "outcome": assessment.outcome,
            "levels": (assessment.level, assessment.possible_level),
            "fired": sorted(rule.id for rule in assessment.fired),
            "undecided": sorted(rule.id for rule in assessment.undecided),
            "derived": dict(assessment.derived),
            "open": sorted((gap.finding, gap.level) for gap in assessment.open_findings),
            "advice": advice,
            "scope": sorted(assessment.out_of_scope),
        },
        option=orjson.OPT_SORT_KEYS,
    )
