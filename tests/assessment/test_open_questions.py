"""Open findings against brute force: every completion of the unknowns is tried."""

from __future__ import annotations

from itertools import product
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from cds.assessment import Assessor
from cds.engine import ReferenceEvaluator
from cds.pack import Findings, Pack
from cds.pack.condition import All, AnyOf, AtLeast, Condition, Holds, Not
from tests.engine.random_packs import LEVELS, boolean, pack_of, rule_of

NAMES = ("b0", "b1", "b2", "b3", "b4")


def _pivotal(pack: Pack, findings: Findings) -> dict[str, str]:
    """For each unknown finding that can decide the level, the most urgent level it can decide for."""
    reference = ReferenceEvaluator(pack)
    unknown = [name for name, finding in pack.findings.items() if not finding.derived and name not in findings]
    level = {
        values: reference.evaluate({**findings, **dict(zip(unknown, values, strict=True))}).level
        for values in product((True, False), repeat=len(unknown))
    }
    found: dict[str, str] = {}
    for index, name in enumerate(unknown):
        for values, one in level.items():
            other = level[(*values[:index], not values[index], *values[index + 1 :])]
            if one != other:
                found[name] = pack.most_urgent([one, other, *([found[name]] if name in found else [])])
    return found


def _conditions(negations: bool) -> st.SearchStrategy[Condition]:
    atoms: st.SearchStrategy[Condition] = st.sampled_from(NAMES).map(Holds)
    derived: st.SearchStrategy[Condition] = st.sampled_from(("d0", "d1")).map(Holds)

    def larger(inner: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
        several = st.lists(inner, min_size=1, max_size=3).map(tuple)
        shapes: list[st.SearchStrategy[Any]] = [
            several.map(All),
            several.map(AnyOf),
            several.flatmap(lambda parts: st.integers(1, len(parts)).map(lambda n: AtLeast(n, parts))),
        ]
        return st.one_of(*shapes, inner.map(Not)) if negations else st.one_of(*shapes)

    return st.recursive(st.one_of(atoms, atoms, derived), larger, max_leaves=6)


@st.composite
def _packs(draw: st.DrawFn, negations: bool) -> Pack:
    findings = [boolean(name) for name in NAMES] + [boolean(name, derived=True) for name in ("d0", "d1")]
    atoms = st.sampled_from(NAMES).map(Holds)
    rules = [
        rule_of("d0", draw(st.lists(atoms, min_size=1, max_size=2).map(tuple).map(All)), conclude="d0"),
        rule_of("d1", AnyOf((draw(atoms), Holds("d0"))), conclude="d1"),
    ]
    rules += [
        rule_of(f"r{index}", draw(_conditions(negations)), level=draw(st.sampled_from(LEVELS)))
        for index in range(draw(st.integers(1, 5)))
    ]
    return pack_of(findings, rules)


_PATIENTS = st.fixed_dictionaries({}, optional=dict.fromkeys(NAMES, st.booleans()))


@settings(max_examples=300, deadline=None)
@given(_packs(negations=False), _PATIENTS)
def test_exactly_the_findings_that_can_change_the_level(pack: Pack, findings: Findings) -> None:
    assessment = Assessor(pack).assess(findings)
    assert {gap.finding: gap.level for gap in assessment.open_findings} == _pivotal(pack, findings)


@settings(max_examples=300, deadline=None)
@given(_packs(negations=True), _PATIENTS)
def test_none_is_left_out_even_where_findings_count_both_ways(pack: Pack, findings: Findings) -> None:
    assessment = Assessor(pack).assess(findings)
    listed = {gap.finding: pack.rank[gap.level] for gap in assessment.open_findings}
    for name, level in _pivotal(pack, findings).items():
        assert listed.get(name, 99) <= pack.rank[level]


def test_a_question_that_a_more_urgent_rule_makes_needless_is_not_asked() -> None:
    rules = [
        rule_of("r1", Holds("b0"), level="emergency"),
        rule_of("r2", All((Holds("b0"), Holds("b1"))), level="routine"),
    ]
    pack = pack_of([boolean("b0"), boolean("b1")], rules)
    assert [gap.finding for gap in Assessor(pack).assess({}).open_findings] == ["b0"]
    assert Assessor(pack).assess({"b0": True}).open_findings == ()


def test_most_urgent_first() -> None:
    rules = [
        rule_of("r1", Holds("b0"), level="routine"),
        rule_of("r2", Holds("b1"), level="emergency"),
        rule_of("r3", Holds("b2"), level="same-day"),
    ]
    pack = pack_of([boolean(name) for name in NAMES[:3]], rules)
    assert [gap.finding for gap in Assessor(pack).assess({}).open_findings] == ["b1", "b2", "b0"]


def test_a_finding_that_could_put_the_patient_out_of_scope_is_open() -> None:
    rules = [rule_of("r1", Holds("b0"), out_of_scope="elsewhere", reason={"en": "x"})]
    pack = pack_of([boolean("b0")], rules)
    assert [gap.finding for gap in Assessor(pack).assess({}).open_findings] == ["b0"]
