"""Stages: order, sizes, and what the engine cannot hold."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from cds.engine.normal_form import yes
from cds.engine.plan import STAGE_PRODUCTS, STAGE_PROPERTIES, Plan, fnv1a, plan
from cds.pack import Pack, PackError
from cds.pack.condition import All, AnyOf, Holds, Not
from tests.engine.random_packs import boolean, pack_of, packs, rule_of


def _check(compiled: Plan, pack: Pack) -> None:
    concluded_in: dict[str, int] = {}
    for stage in compiled.stages:
        for entry in stage.conclusions:
            if entry.concludes:
                concluded_in[entry.concludes] = stage.number
    for stage in compiled.stages:
        assert len(stage.conclusions) <= STAGE_PRODUCTS
        assert len(stage.properties) <= STAGE_PROPERTIES
        for entry in stage.conclusions:
            for literal in entry.terms:
                name = literal.name.partition(".")[0]
                assert concluded_in.get(name, -1) < stage.number, "read before it is concluded"
    placed = [entry.key for stage in compiled.stages for entry in stage.conclusions]
    assert len(placed) == len(set(placed))
    assert {rule.id for rule in pack.rules} >= {entry.rule for s in compiled.stages for entry in s.conclusions} - {None}


@settings(max_examples=150, deadline=None)
@given(packs())
def test_every_product_stands_after_what_it_reads(pack: Pack) -> None:
    _check(plan(pack), pack)


def test_many_rules_are_split_into_stages() -> None:
    findings = [boolean(f"b{index}") for index in range(200)]
    rules = [rule_of(f"r{index}", Holds(f"b{index}"), level="emergency") for index in range(200)]
    compiled = plan(pack_of(findings, rules))
    assert [len(stage.conclusions) for stage in compiled.stages] == [60, 60, 60, 20]


def test_a_chain_needs_a_stage_for_each_link() -> None:
    findings = [boolean("b"), *(boolean(f"d{index}", derived=True) for index in range(4))]
    links = ["b", "d0", "d1", "d2"]
    rules = [rule_of(f"r{index}", Not(Holds(name)), conclude=f"d{index}") for index, name in enumerate(links)]
    assert [len(stage.conclusions) for stage in plan(pack_of(findings, rules)).stages] == [1, 1, 1, 1]


def test_names_with_one_hash_are_refused() -> None:
    first, second = "costarring.yes", "liquid.yes"
    assert fnv1a("costarring") == fnv1a("liquid"), "a known FNV-1a pair"
    assert fnv1a(first) == fnv1a(second)
    findings = [boolean("costarring"), boolean("liquid")]
    with pytest.raises(PackError, match=r"'costarring.yes' and 'liquid.yes' have the same hash"):
        plan(pack_of(findings, [rule_of("r", All((Holds("costarring"), Holds("liquid"))), level="emergency")]))


def test_hashes_are_fnv1a() -> None:
    assert fnv1a("") == 0x811C9DC5
    assert fnv1a("a") == 0xE40C292C
    assert fnv1a("foobar") == 0xBF9CF968


def test_too_many_properties_in_one_stage_are_refused() -> None:
    findings = [boolean(f"b{index}") for index in range(300)]
    wide = All(tuple(Holds(finding.id) for finding in findings))
    with pytest.raises(PackError, match="properties in one stage: 300, and the rules engine holds 240"):
        plan(pack_of(findings, [rule_of("r", wide, level="emergency")]))


def test_too_many_products_are_refused() -> None:
    findings = [boolean(f"b{index}") for index in range(4001)]
    wide = AnyOf(tuple(Holds(finding.id) for finding in findings))
    with pytest.raises(PackError, match="products of conditions: 4001, and the rules engine holds 4000"):
        plan(pack_of(findings, [rule_of("r", wide, level="emergency")]))


def test_one_rule_may_fill_several_stages() -> None:
    findings = [boolean(f"b{index}") for index in range(130)]
    wide = AnyOf(tuple(Holds(finding.id) for finding in findings))
    compiled = plan(pack_of(findings, [rule_of("r", wide, level="emergency")]))
    assert [len(stage.conclusions) for stage in compiled.stages] == [60, 60, 10]
    assert yes("b129") in compiled.stages[2].conclusions[-1].terms
