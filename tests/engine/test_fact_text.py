"""Facts put together from pieces are the facts that the builder builds, and nothing of another type gets into them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cds.engine import EngineFault, plan
from cds.engine.fact_text import FactText, StageText
from cds.engine.facts import FactBuilder
from cds.pack import Interval, Selection
from tests.engine.random_packs import boolean, coded, integer, packs, patients

START = '{"id": "f"}'
FINDINGS = {finding.id: finding for finding in (boolean("b"), integer("i"), coded("c"), coded("m", "codes"))}
USED = frozenset({"b.yes", "b.no", "i.up", "c.is.a", "c.isnt.a", "m.is.a", "m.isnt.a"})


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_the_pieces_make_the_facts_of_the_builder(data: st.DataObject) -> None:
    pack = data.draw(packs())
    used = plan(pack).properties
    derived = sorted(name for name, finding in pack.findings.items() if finding.derived)
    text, builder = FactText(pack.findings, used, derived), FactBuilder(pack.findings, used)
    stage = StageText(START, sorted(used))
    failing = {f"{name}.no": True for name in derived if f"{name}.no" in used}
    for values in data.draw(st.lists(patients(pack), min_size=10, max_size=10)):
        for pieces, fact in zip(text.write(values), builder.build(values), strict=True):
            assert json.loads(stage.write(pieces)) == {"id": "f", **fact, **failing}


def test_a_stage_without_properties() -> None:
    rail, _ = FactText(FINDINGS, USED, ()).write({})
    assert json.loads(StageText(START, ()).write(rail)) == {"id": "f"}


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
    text = FactText(FINDINGS, USED, ())
    text.write({"b": True, "i": Interval(1, 1), "c": "a", "m": Selection(frozenset({"a"}))})
    for _ in range(2):
        with pytest.raises(EngineFault):
            text.write(values)
