"""Facts put together from pieces are the facts that the builder builds, and nothing of another type gets into them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cds.engine import EngineFault, plan
from cds.engine.fact_text import FactText
from cds.engine.facts import Fact, FactBuilder
from cds.engine.normal_form import Literal
from cds.engine.plan import Conclusion, Stage
from cds.pack import Interval, Selection
from tests.engine.random_packs import boolean, coded, integer, packs, patients

START = '{"id": "f"}'
FINDINGS = {finding.id: finding for finding in (boolean("b"), integer("i"), coded("c"), coded("m", "codes"))}
USED = frozenset({"b.yes", "b.no", "i.up", "c.is.a", "c.isnt.a", "m.is.a", "m.isnt.a"})


def _stage(number: int, names: Iterable[str]) -> Stage:
    return Stage(number, (Conclusion(f"r-{number}", "r", None, frozenset(map(Literal, names))),))


def _text() -> FactText:
    return FactText(FINDINGS, [_stage(0, USED)], (), START)


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_the_pieces_make_the_facts_of_the_builder(data: st.DataObject) -> None:
    pack = data.draw(packs())
    stages = plan(pack).stages
    derived = sorted(name for name, finding in pack.findings.items() if finding.derived)
    builder = FactBuilder(pack.findings, plan(pack).properties)
    text = FactText(pack.findings, stages, derived, START)
    for values in data.draw(st.lists(patients(pack), min_size=10, max_size=10)):
        rails = text.write(values)
        facts = [{**fact, **{f"{name}.no": True for name in derived}} for fact in builder.build(values)]
        for stage in stages:
            known, possible = ({"id": "f", **_of(stage, fact)} for fact in facts)
            assert json.loads(rails.possible_fact(stage.number)) == possible
            assert json.loads(rails.known_fact(stage.number)) == known
            differing = {name for name in stage.properties if known.get(name) != possible.get(name)}
            for entry in stage.conclusions:
                assert (entry.key in rails.differing) == any(term.name in differing for term in entry.terms)


def _of(stage: Stage, fact: Fact) -> Fact:
    return {name: fact[name] for name in stage.properties if name in fact}


@pytest.mark.parametrize(
    ("steps", "known", "possible"),
    [
        ((), {"d.no"}, {"d.no"}),
        (("may",), set(), {"d.no", "d.yes"}),
        (("hold",), {"d.yes"}, {"d.yes"}),
        (("may", "hold"), {"d.yes"}, {"d.yes"}),
        (("hold", "may"), {"d.yes"}, {"d.yes"}),
    ],
)
def test_what_is_concluded_stands_in_later_facts(steps: tuple[str, ...], known: set[str], possible: set[str]) -> None:
    findings = {"b": boolean("b"), "d": boolean("d", derived=True)}
    concluding = Stage(0, (Conclusion("r-0", "r", "d", frozenset({Literal("b.yes")})),))
    reading = Stage(1, (Conclusion("s-0", "s", None, frozenset(map(Literal, ("d.yes", "d.no")))),))
    rails = FactText(findings, [concluding, reading], ["d"], START).write({"b": True})
    for step in steps:
        (rails.hold if step == "hold" else rails.may_hold)(["d"])
    assert set(json.loads(rails.known_fact(1))) - {"id"} == known
    assert set(json.loads(rails.possible_fact(1))) - {"id"} == possible
    if known != possible:
        assert rails.differing == {"s-0"}


def test_a_stage_without_properties() -> None:
    rails = FactText(FINDINGS, [_stage(0, ())], (), START).write({})
    assert json.loads(rails.possible_fact(0)) == {"id": "f"}


@pytest.mark.parametrize(
    "values",
    [
        {"other": False},
        {"other": True},
        {"other": "x"},
        {"b": 1},
        {"b": 0},
        {"b": "yes"},
        {"b": Interval(1, 1)},
        {"i": False},
        {"i": True},
        {"i": 5},
        {"i": Interval(5, 4)},
        {"i": Interval(0, 99)},
        {"c": False},
        {"c": "nowhere"},
        {"m": Selection(frozenset({"a"}), frozenset({"a"}))},
        {"m": Selection(frozenset({"nowhere"}))},
    ],
)
def test_what_is_not_declared_or_of_another_type_is_refused(values: dict[str, Any]) -> None:
    text = _text()
    text.write({"b": True, "i": Interval(1, 1), "c": "a", "m": Selection(frozenset({"a"}))})
    for _ in range(2):
        with pytest.raises(EngineFault):
            text.write(values)
