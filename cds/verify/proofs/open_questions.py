"""Each open question that is listed can change the level, and none that can is missing.

The list is read off the *ways* in which rules can fire. That reading is exact for every pack
(docs/decisions/0017-open-questions-exact.md has the argument), if three things hold of the ways, which are proved here
for the pack at hand: they say what the rules say, some patient meets each, and what is taken to follow from their parts
does, and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import z3

from cds.assessment.base_products import Way, finding_of
from cds.engine.normal_form import Literal
from cds.pack import Rule
from cds.verify.encoding.kleene import Formula, Kleene, every, some
from cds.verify.encoding.literals import Key, atom_of
from cds.verify.proofs.attempt import Attempt
from cds.verify.proofs.prover import UndecidedError
from cds.verify.proofs.result import Counterexample, places
from cds.verify.proofs.ways import SignedKey, WayReader


def prove_open_questions(attempt: Attempt) -> None:
    """The three things, for every rule that can decide the level or the scope."""
    prover, reader = attempt.prover, WayReader(attempt.prover.pack)
    known = _Known(attempt)
    followers: dict[str, set[frozenset[Literal]]] = {}
    for name, ways in prover.support.assessor.ways.items():
        rule = prover.pack.rule[name]
        read = [reader.read(way) for way in ways]
        formulas = [known.of(way) for way in read]
        _say_the_rule(attempt, rule, formulas)
        asking: list[tuple[Way, Formula]] = []
        for way, (sure, _) in zip(ways, formulas, strict=True):
            parts = _parts(way)
            if all(_following_of(attempt, finding, own) is not None for finding, own in parts.items()):
                asking.append((way, sure))  # one that contradicts itself asks for nothing
            for finding, own in parts.items():
                followers.setdefault(finding, set()).add(own)
        attempt.count(len(asking))
        _can_be_met(attempt, rule, asking)
    for finding, given in followers.items():
        _follow(attempt, reader, finding, given)


class _Known:
    """What is known of statements, by name."""

    def __init__(self, attempt: Attempt) -> None:
        self._prover = attempt.prover
        self._several = {name for name, finding in attempt.prover.pack.findings.items() if finding.type == "codes"}

    def truth(self, key: Key) -> Kleene:
        """What is known of one statement."""
        return self._prover.condition(atom_of(key, key.finding in self._several))

    def of(self, way: Sequence[SignedKey]) -> tuple[Formula, Formula]:
        """When all of a way certainly holds, and when it may."""
        truths = [(one, self.truth(one.key)) for one in way]
        sure = every(one.holds(truth) for one, truth in truths)
        return sure, every(one.may_hold(truth) for one, truth in truths)


def _say_the_rule(attempt: Attempt, rule: Rule, formulas: Sequence[tuple[Formula, Formula]]) -> None:
    fires = attempt.prover.fires(rule)
    for meant, listed in (
        (fires.known, some(sure for sure, _ in formulas)),
        (fires.possible, some(maybe for _, maybe in formulas)),
    ):
        attempt.never(
            z3.Xor(meant, listed),
            sentence=f"the ways in which {rule.id} can fire are not its condition, so a question may be missing",
            rules=(rule,),
        )


def _can_be_met(attempt: Attempt, rule: Rule, ways: Sequence[tuple[Way, Formula]]) -> None:
    """A way that no answers can bring about would have questions listed in vain.

    Most patients can meet many ways at once, so all are asked about together, and by halves where nobody can.
    """
    if len(ways) > 1:
        if not _is_met(attempt, every(sure for _, sure in ways)):
            half = len(ways) // 2
            _can_be_met(attempt, rule, ways[:half])
            _can_be_met(attempt, rule, ways[half:])
        return
    for way, sure in ways:
        try:
            met = attempt.prover.can(sure)
        except UndecidedError as error:
            attempt.undecided(f"whether {rule.id} can fire by {_text(way)}: {error}")
            continue
        if not met:
            names = ", ".join(dict.fromkeys(finding_of(literal) for literal in sorted(way.literals)))
            sentence = f"part of {rule.id} can never hold, so a question about it would be asked in vain: {names}"
            hint = "Take the part out of the condition, or let the questionnaire ask for it"
            attempt.fail(Counterexample(sentence, places([rule]), hint=hint))


def _is_met(attempt: Attempt, formula: Formula) -> bool:
    try:
        return attempt.prover.can(formula)
    except UndecidedError:
        return False


def _following_of(attempt: Attempt, finding: str, own: frozenset[Literal]) -> frozenset[Literal] | None:
    return attempt.prover.support.assessor.open_questions.following(finding, own)


def _parts(way: Way) -> dict[str, frozenset[Literal]]:
    found: dict[str, set[Literal]] = {}
    for literal in way.literals:
        found.setdefault(finding_of(literal), set()).add(literal)
    return {name: frozenset(own) for name, own in found.items()}


def _follow(attempt: Attempt, reader: WayReader, finding: str, given: set[frozenset[Literal]]) -> None:
    """What the assessment takes to follow from some statements about one finding is just what follows."""
    declared = attempt.prover.pack.findings[finding]
    value = z3.Int("value") if declared.type == "integer" else None
    codes = {code: z3.Bool(f"has {code}") for code in sorted(declared.code_ids)}
    solver = z3.Solver()
    if value is not None:
        solver.add(value >= declared.low, value <= declared.high)
    if declared.type == "code":
        solver.add(z3.PbEq([(one, 1) for one in codes.values()], 1))
    holds = z3.Bool("holds")

    def formula(literal: Literal) -> Formula:
        key, positive = reader.literal(literal)
        meant = value >= key.value if value is not None else codes.get(str(key.value), holds)
        return meant if positive else z3.Not(meant)

    for own in given:
        attempt.count()
        taken = _following_of(attempt, finding, own)
        follows = _following(solver, formula, own, attempt.prover.support.assessor.open_questions.literals(finding))
        if taken != follows:
            names = ", ".join(sorted(literal.name for literal in own))
            attempt.fail(Counterexample(f"the list of open questions is wrong about what follows from {names}"))


def _following(
    solver: z3.Solver, read: Callable[[Literal], Formula], given: frozenset[Literal], literals: Sequence[Literal]
) -> frozenset[Literal] | None:
    """Those of the literals that hold whenever the given ones do; ``None`` if these never do."""
    assumed = [read(literal) for literal in sorted(given)]
    if solver.check(*assumed) != z3.sat:
        return None
    return frozenset(one for one in literals if solver.check(*assumed, z3.Not(read(one))) == z3.unsat)


def _text(way: Way) -> str:
    return " and ".join(literal.name for literal in sorted(way.literals))
