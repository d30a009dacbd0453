"""Findings in, assessment out: the place where outcome, bounds and open questions are decided."""

from __future__ import annotations

from cds.assessment.advice import AdviceGiver
from cds.assessment.assessment import INCOMPLETE, OUT_OF_SCOPE, Assessment
from cds.assessment.base_products import Way, Ways, ways
from cds.assessment.explanation import NearMiss, near_misses
from cds.assessment.open_questions import OpenFinding, OpenQuestions
from cds.engine import CheckedEvaluator, Evaluation
from cds.engine.facts import FactBuilder
from cds.pack import Findings, Pack, Rule


class Assessor:
    """Assesses patients by one pack. Safe for threads, as its evaluator is."""

    def __init__(self, pack: Pack, evaluator: CheckedEvaluator | None = None, read: Ways | None = None) -> None:
        """Compile the pack. Raises :class:`PackError` for what the rules engine cannot hold.

        ``read`` are the ways of rules that need not be read again, as they are the same in another pack.
        """
        self.pack = pack
        self.evaluator = evaluator or CheckedEvaluator(pack)
        self.ways: dict[str, tuple[Way, ...]] = {
            rule.id: read[rule.id] if read is not None and rule.id in read else ways(pack, rule)
            for rule in pack.rules
            if self._decides(rule)
        }
        self.open_questions = OpenQuestions(pack, self.ways)
        names = {literal.name for all_ways in self.ways.values() for way in all_ways for literal in way.literals}
        self._facts = FactBuilder(pack.findings, frozenset(names))
        self._advice = AdviceGiver(pack)
        lowest = len(pack.levels)
        self._urgent = sorted(pack.rules, key=lambda rule: pack.rank.get(rule.then.level or "", lowest))
        """The rules in the order in which they are told: the most urgent first, then as in the pack."""
        self._place = {rule.id: index for index, rule in enumerate(self._urgent)}

    def assess(self, findings: Findings) -> Assessment:
        """Assess one patient's findings; what is not in the mapping is unknown.

        Raises :class:`EngineFault` when the engine fails or its two evaluators disagree: then there is no assessment.
        """
        return self.assessment(findings, self.evaluator.evaluate(findings))

    def assessment(self, findings: Findings, evaluation: Evaluation) -> Assessment:
        """What follows from an evaluation of these findings by this assessor's evaluator."""
        undecided = self._rules(evaluation.possible - evaluation.known)
        fired = self._rules(evaluation.known)
        scope = tuple(dict.fromkeys(rule.then.out_of_scope for rule in fired if rule.then.out_of_scope))
        gaps = self._gaps(findings, undecided, evaluation.level, scope)
        asked = tuple(gap for gap in gaps if self.pack.findings[gap.finding].unanswered != "ignore")
        withholding = self._withholding(gaps, evaluation)
        return Assessment(
            outcome=self._outcome(evaluation, fired, withholding, scope),
            level=evaluation.level,
            possible_level=evaluation.possible_level,
            fired=fired,
            undecided=undecided,
            derived=evaluation.derived,
            open_findings=asked,
            withholding=withholding,
            advice=self._advice.advice(evaluation),
            out_of_scope=scope,
        )

    def _gaps(
        self, findings: Findings, undecided: tuple[Rule, ...], level: str, scopes: tuple[str, ...]
    ) -> tuple[OpenFinding, ...]:
        if not any(rule.id in self.ways for rule in undecided):
            return ()
        return self.open_questions.find(undecided, findings, level, scopes)

    def near_misses(self, findings: Findings) -> tuple[NearMiss, ...]:
        """The rules that one known answer kept from firing."""
        known, possible = self._facts.build(findings)
        fired = self.evaluator.evaluate(findings).possible
        return near_misses(self.pack, self.ways, fired, known, possible)

    def _rules(self, names: frozenset[str]) -> tuple[Rule, ...]:
        """Rules by name, the most urgent first, then in the order of the pack."""
        return tuple([self._urgent[place] for place in sorted([self._place[name] for name in names])])

    def _decides(self, rule: Rule) -> bool:
        """Whether a rule can change the outcome: it gives more than the default level, or puts out of scope."""
        return rule.then.level not in (None, self.pack.default_level) or rule.then.out_of_scope is not None

    def _withholding(self, gaps: tuple[OpenFinding, ...], evaluation: Evaluation) -> tuple[str, ...]:
        """The open ``escalate`` findings, if the level is one that must not be given with gaps."""
        if self.pack.levels[self.pack.rank[evaluation.level]].given_with_gaps:
            return ()
        return tuple(gap.finding for gap in gaps if self.pack.findings[gap.finding].unanswered == "escalate")

    def _outcome(
        self, evaluation: Evaluation, fired: tuple[Rule, ...], withholding: tuple[str, ...], scope: tuple[str, ...]
    ) -> str:
        if withholding:
            return INCOMPLETE
        if scope:
            own = [rule.then.level for rule in fired if rule.then.out_of_scope and rule.then.level]
            # Out of scope is the outcome unless other rules ask for more urgency than the scope rules themselves.
            if self.pack.rank[self.pack.most_urgent(own)] <= self.pack.rank[evaluation.level]:
                return OUT_OF_SCOPE
        return evaluation.level
