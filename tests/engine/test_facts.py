"""Findings as the facts of both rails; nothing of another type reaches the engine."""

from __future__ import annotations

from typing import Any

import pytest

from cds.engine.evaluation import EngineFault
from cds.engine.facts import FactBuilder
from cds.pack import Interval, Selection
from tests.engine.random_packs import boolean, coded, integer

FINDINGS = {finding.id: finding for finding in (boolean("b"), integer("i"), coded("c"), coded("m", "codes"))}
USED = frozenset(
    ["b.yes", "b.no", "i.up", "i.down"]
    + [f"{name}.{how}.{code}" for name in "cm" for how in ("is", "isnt") for code in ("a", "b", "c_d")]
)
BUILDER = FactBuilder(FINDINGS, USED)


def test_what_is_unknown_is_possible_either_way_and_never_certain() -> None:
    known, possible = BUILDER.build({})
    assert known == {"i.up": 0, "i.down": 9}
    assert possible == {"i.up": 9, "i.down": 0} | dict.fromkeys(USED - {"i.up", "i.down"}, True)


@pytest.mark.parametrize(("value", "name"), [(True, "b.yes"), (False, "b.no")])
def test_a_known_boolean_is_the_same_on_both_rails(value: bool, name: str) -> None:
    for fact in BUILDER.build({"b": value}):
        assert {key for key in fact if key.startswith("b.")} == {name}


def test_a_range_counts_by_its_ends() -> None:
    known, possible = BUILDER.build({"i": Interval(3, 5)})
    assert (known["i.up"], known["i.down"]) == (3, 5)
    assert (possible["i.up"], possible["i.down"]) == (5, 3)


def test_one_code_rules_out_the_others() -> None:
    for fact in BUILDER.build({"c": "c-d"}):
        assert {key for key in fact if key.startswith("c.")} == {"c.is.c_d", "c.isnt.a", "c.isnt.b"}


def test_open_codes_may_or_may_not_hold() -> None:
    known, possible = BUILDER.build({"m": Selection(frozenset({"a"}), frozenset({"b"}))})
    assert {key for key in known if key.startswith("m.")} == {"m.is.a", "m.isnt.c_d"}
    assert {key for key in possible if key.startswith("m.")} == {"m.is.a", "m.is.b", "m.isnt.b", "m.isnt.c_d"}


@pytest.mark.parametrize(
    "values",
    [
        {"b": "yes"},
        {"b": 1},
        {"b": None},
        {"i": 3},
        {"i": Interval(0, 10)},
        {"i": Interval(5, 3)},
        {"i": True},
        {"c": "d"},
        {"c": True},
        {"c": Selection(frozenset({"a"}))},
        {"m": "a"},
        {"m": Selection(frozenset({"z"}))},
        {"m": Selection(frozenset({"a"}), frozenset({"a"}))},
        {"undeclared": True},
    ],
)
def test_a_value_of_the_wrong_type_is_a_fault(values: dict[str, Any]) -> None:
    with pytest.raises(EngineFault, match=next(iter(values))):
        BUILDER.build(values)


def test_properties_that_no_rule_tests_are_left_out() -> None:
    known, possible = FactBuilder(FINDINGS, frozenset({"b.yes"})).build({"b": True, "i": Interval(1, 1)})
    assert known == possible == {"b.yes": True}
