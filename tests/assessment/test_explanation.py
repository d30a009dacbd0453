"""Near misses and the findings by which a rule fired."""

from __future__ import annotations

from cds.assessment import Assessor, Support
from cds.pack import Interval
from cds.pack.condition import All, AnyOf, AtLeast, Compare, Holds, Not
from tests.engine.random_packs import boolean, integer, pack_of, rule_of

A, B, C = Holds("a"), Holds("b"), Holds("c")
FINDINGS = [boolean("a"), boolean("b"), boolean("c"), integer("n"), boolean("d", derived=True)]


def test_one_known_answer_that_blocks_makes_a_near_miss() -> None:
    rules = [rule_of("r", All((A, B, Compare("n", ">=", 3))), level="emergency")]
    assessor = Assessor(pack_of(FINDINGS, rules))
    misses = assessor.near_misses({"a": True, "b": False, "n": Interval(5, 5)})
    assert [(miss.rule.id, miss.held, miss.blocked_by) for miss in misses] == [("r", ("a", "n"), "b")]
    misses = assessor.near_misses({"a": True, "b": True, "n": Interval(2, 2)})
    assert [(miss.held, miss.blocked_by) for miss in misses] == [(("a", "b"), "n")]


def test_no_near_miss_when_more_than_one_answer_blocks_or_something_is_open() -> None:
    rules = [rule_of("r", All((A, B, C)), level="emergency"), rule_of("s", A, level="emergency")]
    assessor = Assessor(pack_of(FINDINGS, rules))
    assert assessor.near_misses({"a": True, "b": False, "c": False}) == ()
    assert assessor.near_misses({"a": True, "b": False}) == ()
    assert assessor.near_misses({"a": False, "b": False, "c": False}) == ()


def test_the_findings_by_which_a_rule_fired() -> None:
    concluding = rule_of("c", AnyOf((A, B)), conclude="d")
    using = rule_of("u", All((Holds("d"), Not(C))), level="emergency")
    pack = pack_of(FINDINGS, [concluding, using])
    assert Support(pack).of({"a": True, "b": False, "c": False}, {"d": True}).findings(using) == ("a", "c")
    assert Support(pack).of({"a": True, "b": True, "c": False}, {"d": True}).findings(using) == ("a", "b", "c")


def test_support_of_a_negated_derived_finding_and_of_a_threshold() -> None:
    concluding = rule_of("c", AnyOf((A, B)), conclude="d")
    negated = rule_of("u", Not(Holds("d")), level="emergency")
    counted = rule_of("v", AtLeast(2, (A, B, C)), level="emergency")
    pack = pack_of(FINDINGS, [concluding, negated, counted])
    assert Support(pack).of({"a": False, "b": False}, {"d": False}).findings(negated) == ("a", "b")
    assert Support(pack).of({"a": True, "b": False, "c": True}, {"d": True}).findings(counted) == ("a", "c")
