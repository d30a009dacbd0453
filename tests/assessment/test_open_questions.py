"""Open findings against brute force: every completion of the unknowns is tried, and every part of one."""

from __future__ import annotations

from itertools import product
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cds.assessment import Assessor
from cds.engine import ReferenceEvaluator
from cds.pack import Findings, FindingValue, Pack
from cds.pack.condition import (
    All,
    AnyOf,
    AtLeast,
    Compare,
    Condition,
    Holds,
    Includes,
    IsCode,
    Not,
    Operator,
)
from cds.pack.finding import Finding
from tests.assessment.refinements import refinements, what_matters
from tests.engine.random_packs import CODES, LEVELS, boolean, coded, integer, pack_of, rule_of

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


def _atoms_of(finding: Finding) -> st.SearchStrategy[Condition]:
    match finding.type:
        case "boolean":
            return st.just(Holds(finding.id))
        case "integer":
            pairs: tuple[tuple[Operator, int], ...] = ((">=", 1), (">=", 2), (">", 2), ("<=", 1), ("<", 3), ("=", 2))
            return st.sampled_from((*pairs, ("!=", 1))).map(lambda pair: Compare(finding.id, *pair))
        case "code":
            return st.sampled_from(CODES).map(lambda code: IsCode(finding.id, code))
        case _:
            return st.sampled_from(CODES).map(lambda code: Includes(finding.id, code))


@st.composite
def _mixed_packs(draw: st.DrawFn, scopes: bool) -> Pack:
    """Four booleans, or two and a tick-list; a number from 0 to 3, a code, a derived finding; negations everywhere."""
    ticks = draw(st.booleans())
    base = [boolean(name) for name in NAMES[: 2 if ticks else 4]]
    base += [integer("i", 0, 3), coded("m", "codes") if ticks else coded("c")]
    atoms = st.sampled_from(base).flatmap(_atoms_of)
    rules = [rule_of("d0", draw(_nested(atoms)), conclude="d0")]
    inner = _nested(st.one_of(atoms, atoms, st.just(Holds("d0"))))
    for index in range(draw(st.integers(1, 4))):
        then: dict[str, Any] = {"level": draw(st.sampled_from(LEVELS))}
        if scopes and draw(st.booleans()):
            then = {**(then if draw(st.booleans()) else {}), "out_of_scope": draw(st.sampled_from(("here", "there")))}
        rules.append(rule_of(f"r{index}", draw(inner), **then))
    return pack_of([*base, boolean("d0", derived=True)], rules)


def _nested(atoms: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
    def larger(inner: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
        several = st.lists(inner, min_size=2, max_size=3).map(tuple)
        counted = several.flatmap(lambda parts: st.integers(1, len(parts)).map(lambda n: AtLeast(n, parts)))
        return st.one_of(several.map(All), several.map(AnyOf), counted, inner.map(Not))

    return st.recursive(atoms, larger, max_leaves=5)


def _some_of_it(pack: Pack) -> st.SearchStrategy[Findings]:
    """A patient of whom little is known, and of some things a part."""
    values: dict[str, st.SearchStrategy[FindingValue]] = {}
    for name, finding in pack.findings.items():
        known = [value for value in refinements(finding, None) if value is not None]
        if not finding.derived:
            values[name] = st.sampled_from(known)
    names = st.lists(st.sampled_from(sorted(values)), max_size=3, unique=True)
    return names.flatmap(lambda chosen: st.fixed_dictionaries({name: values[name] for name in chosen}))


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_exactly_what_some_further_knowledge_makes_decisive(data: st.DataObject) -> None:
    """For all rules, also where findings count both ways, and for numbers and codes."""
    pack = data.draw(_mixed_packs(scopes=False))
    findings = data.draw(_some_of_it(pack))
    listed = {gap.finding: pack.rank[gap.level] for gap in Assessor(pack).assess(findings).open_findings}
    assert listed == what_matters(pack, findings)


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_exactly_what_some_further_knowledge_makes_decisive_for_level_or_scope(data: st.DataObject) -> None:
    pack = data.draw(_mixed_packs(scopes=True))
    findings = data.draw(_some_of_it(pack))
    listed = {gap.finding for gap in Assessor(pack).assess(findings).open_findings}
    assert listed == what_matters(pack, findings).keys()


def test_a_scope_that_is_certain_is_not_asked_about() -> None:
    reason = {"reason": {"en": "x"}, "out_of_scope": "elsewhere"}
    rules = [rule_of("r1", Holds("b0"), **reason), rule_of("r2", Holds("b1"), **reason)]
    pack = pack_of([boolean("b0"), boolean("b1")], rules)
    assert [gap.finding for gap in Assessor(pack).assess({}).open_findings] == ["b0", "b1"]
    assert Assessor(pack).assess({"b0": True}).open_findings == ()


def test_a_level_that_another_brings_is_not_asked_about_for_the_scope() -> None:
    """Learning b1 brings neither: b0 is needed with it, puts out of scope, and is as urgent."""
    rules = [
        rule_of("r1", Holds("b0"), level="routine", out_of_scope="elsewhere"),
        rule_of("r2", All((Holds("b0"), Holds("b1"))), level="routine", out_of_scope="elsewhere"),
    ]
    pack = pack_of([boolean("b0"), boolean("b1")], rules)
    assert [gap.finding for gap in Assessor(pack).assess({}).open_findings] == ["b0"]
