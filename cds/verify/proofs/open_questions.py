"""Each open question that is listed can change the level, and none that can is missing.

Nothing is missing, because the ways in which a rule can fire, which the list is read off, are the rule
(:func:`prove_ways`; the rest of the argument is general: docs/decisions/0018-open-questions-proved.md).

Nothing is listed in vain: a finding is listed for a way if what else is unknown of the way does not bring the level by
itself. It can change the level if some *completion* of the other unknowns holds to the way and does not bring the
level either. z3 looks for a patient for whom no completion does. Completions are tried one by one and generalised into
plans (counterexample-guided inductive synthesis), so that one plan settles many patients at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import z3

from cds.pack import Rule
from cds.verify.encoding.kleene import FALSE, Formula, Kleene, both, either, every, negation, some
from cds.verify.encoding.literals import Key, Truths, substituted
from cds.verify.proofs.attempt import Attempt
from cds.verify.proofs.completions import Completions, Plan, as_truths
from cds.verify.proofs.prover import UndecidedError
from cds.verify.proofs.result import Counterexample, places
from cds.verify.proofs.ways import SignedKey, WayReader
from cds.verify.witness import facts_of
from cds.verify.witness.words import in_words

MOST_PLANS: Final = 400
"""After so many plans the search is given up, and the property is undecided."""


@dataclass(frozen=True, slots=True)
class Target:
    """What an open question may decide: whether the level is as urgent as this, or a reason to be out of scope.

    ``brought`` says when it is so, over named statements; ``rules`` are those whose ways are asked about.
    """

    name: str
    brought: Formula
    rules: tuple[Rule, ...]


def targets(attempt: Attempt) -> Iterator[Target]:
    """All that open questions may decide in a pack."""
    rules, pack = attempt.prover.rules, attempt.prover.pack
    for rank, level in enumerate(pack.levels[:-1]):
        own = tuple(rule for rule in pack.rules if rule.then.level == level.id)
        yield Target(level.id, rules.reaches(rank).known, own)
    for scope in dict.fromkeys(rule.then.out_of_scope for rule in pack.rules if rule.then.out_of_scope):
        own = tuple(rule for rule in pack.rules if rule.then.out_of_scope == scope)
        yield Target(f"out of scope ({scope})", rules.out_of_scope(scope).known, own)


def prove_nothing_in_vain(attempt: Attempt, completions: Completions) -> None:
    """For each level and each scope: every finding that is listed can decide about it."""
    for target in targets(attempt):
        attempt.count()
        try:
            _Search(attempt, completions, target).run()
        except UndecidedError as error:
            attempt.undecided(f"whether each open question about {target.name} can change it: {error}")


def prove_ways(attempt: Attempt, completions: Completions) -> None:
    """The ways in which a rule can fire, which open questions are read off, are the rule on both rails."""
    prover, reader = attempt.prover, WayReader(attempt.prover.pack)
    for name, ways in prover.support.assessor.ways.items():
        rule = prover.pack.rule[name]
        read = [reader.read(way) for way in ways]
        sure = some(every(one.holds(completions.known[one.key]) for one in way) for way in read)
        maybe = some(every(one.may_hold(completions.known[one.key]) for one in way) for way in read)
        for meant, listed in ((prover.fires(rule).known, sure), (prover.fires(rule).possible, maybe)):
            sentence = f"the ways in which {name} can fire are not its condition; open questions may be missing"
            attempt.never(z3.Xor(meant, listed), sentence=sentence, rules=(rule,))


class _Listing:
    """Which way is looked at, and which of its findings is asked about, as variables."""

    def __init__(self, attempt: Attempt, completions: Completions, target: Target) -> None:
        reader = WayReader(attempt.prover.pack)
        ways = attempt.prover.support.assessor.ways
        read = [reader.read(way) for rule in target.rules for way in ways.get(rule.id, ())]
        self._known = completions.known
        self.asked: dict[str, Formula] = {}
        self._assumed: dict[SignedKey, list[Formula]] = {}
        self.constraints: list[Formula] = []
        picks = [z3.FreshBool("way") for _ in read]
        for pick, way in zip(picks, read, strict=True):
            self._take(pick, way)
        self.constraints.append(z3.PbEq([(pick, 1) for pick in picks], 1) if picks else FALSE)
        if self.asked:
            self.constraints.append(z3.PbEq([(one, 1) for one in self.asked.values()], 1))

    def _take(self, pick: Formula, way: list[SignedKey]) -> None:
        by_finding: dict[str, list[Formula]] = {}
        for one in way:
            truth = self._known[one.key]
            self.constraints.append(z3.Implies(pick, one.may_hold(truth)))
            self._assumed.setdefault(one, []).append(pick)
            by_finding.setdefault(one.key.finding, []).append(negation(one.holds(truth)))
        for name, unknown in by_finding.items():
            asked = self.asked.setdefault(name, z3.FreshBool(f"ask-{name}"))
            self.constraints.append(z3.Implies(both(pick, asked), some(unknown)))
        self.constraints.append(z3.Implies(pick, some(self.asked[name] for name in by_finding)))

    def assumed(self, key: Key) -> Kleene:
        """Known, or part of the way, but for what is asked about."""
        known, asked = self._known[key], self.asked.get(key.finding, FALSE)
        parts = (
            both(some(self._assumed.get(SignedKey(key, positive), ())), negation(asked)) for positive in (True, False)
        )
        yes, no = parts
        return Kleene(either(known.yes, yes), either(known.no, no))


class _Search:
    """Looks for a patient with an open question that cannot change the target."""

    def __init__(self, attempt: Attempt, completions: Completions, target: Target) -> None:
        self._attempt, self._prover = attempt, attempt.prover
        self._completions, self._target = completions, target
        self._listing = _Listing(attempt, completions, target)
        self._tried, rules = completions.trial("try")
        self._trial = z3.Solver()
        self._trial.add(*rules, negation(self._read(target, as_truths(self._tried))))

    def _read(self, target: Target, truths: Truths) -> Formula:
        return substituted(target.brought, self._completions.statements.all, truths)

    def run(self) -> None:
        """Search until there is none, or one is found. Raises :class:`UndecidedError`."""
        no_rival = negation(self._read(self._target, self._listing.assumed))
        with self._prover.assuming(*self._listing.constraints, no_rival, self._unsettled({})):
            for _ in range(MOST_PLANS):
                if not self._prover.exists():
                    return
                model = self._prover.solver.model()
                plan = self._completion(model)
                if plan is not None:
                    self._prover.solver.add(self._unsettled(plan))
                    continue
                pair = self._pair(model)
                if pair is None:
                    self._fail(model)
                    return
                self._prover.solver.add(self._not_refined_by(model, pair))
        raise UndecidedError(f"{MOST_PLANS} plans were tried")

    def _unsettled(self, plan: Plan) -> Formula:
        """Only patients are left for whom this plan does bring the target, or cannot be followed."""
        sure = self._listing.assumed
        brought = self._read(self._target, self._completions.chosen(plan, sure))
        return either(brought, negation(self._completions.follows(plan, sure)))

    def _completion(self, model: z3.ModelRef) -> Plan | None:
        """A completion that keeps to what is known and to the way, and does not bring the target."""
        fixed = list(_fixed(model, self._listing.assumed, self._tried))
        if self._trial.check(*fixed) != z3.sat:
            return None
        found = self._trial.model()
        return {key: _is(found, variable) for key, variable in self._tried.items()}

    def _pair(self, model: z3.ModelRef) -> tuple[Plan, Plan] | None:
        """Two completions that differ in the finding asked about alone, and in level or scope."""
        name = self._name(model)
        (one, rules), (other, more) = (self._completions.trial(prefix) for prefix in ("one", "other"))
        solver = z3.Solver()
        solver.add(*rules, *more)
        for tried in (one, other):
            solver.add(*_fixed(model, self._completions.known.__getitem__, tried))
        solver.add(*(one[key] == other[key] for key in self._completions.keys if key.finding != name))
        solver.add(
            some(
                z3.Xor(self._read(target, as_truths(one)), self._read(target, as_truths(other)))
                for target in targets(self._attempt)
            )
        )
        if solver.check() != z3.sat:
            return None
        found = solver.model()
        first, second = ({key: _is(found, variable) for key, variable in tried.items()} for tried in (one, other))
        return first, second

    def _not_refined_by(self, model: z3.ModelRef, pair: tuple[Plan, Plan]) -> Formula:
        """Whoever may turn out to be either of these two is settled: go on with others."""
        conflicts = [
            self._completions.known[key].no if plan[key] else self._completions.known[key].yes
            for plan in pair
            for key in self._completions.keys
        ]
        return some([negation(self._listing.asked[self._name(model)]), *conflicts])

    def _name(self, model: z3.ModelRef) -> str:
        return next(name for name, variable in self._listing.asked.items() if _is(model, variable))

    def _fail(self, model: z3.ModelRef) -> None:
        name = self._name(model)
        facts = facts_of(self._prover.patient, model)
        differs = in_words(self._prover.pack, facts, self._prover.ordinary)
        sentence = f"{name} is listed as an open question about {self._target.name}, and cannot change it"
        rules = [rule for rule in self._target.rules if rule.id in self._prover.pack.rule][:3]
        self._attempt.fail(Counterexample(sentence, places(rules), (self._prover.witness(facts),), differs))


def _fixed(model: z3.ModelRef, sure: Truths, tried: dict[Key, Formula]) -> Iterator[Formula]:
    """What a completion must keep to."""
    for key, variable in tried.items():
        truth = sure(key)
        if _is(model, truth.yes):
            yield variable
        if _is(model, truth.no):
            yield negation(variable)


def _is(model: z3.ModelRef, formula: Formula) -> bool:
    return z3.is_true(model.eval(formula, model_completion=True))
