"""The page: one file, nothing from elsewhere, and everything told by more than colour."""

from __future__ import annotations

import re
from pathlib import Path

from cds import DecisionSupport, load_pack
from cds.verify.difference.compare import compare
from cds.verify.difference.page import difference_page
from cds.verify.difference.page.ribbons import picture
from cds.verify.difference.population import Population, PopulationRun
from cds.verify.witness import ChartFact, WitnessMaker
from tests.verify.difference.tiny_pack import patients, tiny_pack

LOWER = ("rules/tiny.yaml", "level: emergency", "level: same-day")
RAISE = ("rules/tiny.yaml", "when: rash", "when: {any: [rash, days >= 4]}")


def _population(old: Path, new: Path) -> Population:
    supports = DecisionSupport.load(old), DecisionSupport.load(new)
    run, maker = PopulationRun(*supports), WitnessMaker(supports[1])
    for number, facts in enumerate(patients(supports[1].pack, {"lung_disease": ChartFact(yes=True)})):
        witness = maker.make(facts)
        run.add(f"{number}.json", witness.response_bytes, witness.chart_bytes)
    run.unreadable("<b>&.json", "it cannot be read")
    return run.population


def test_everything_is_on_the_page(tmp_path: Path) -> None:
    old, new = tiny_pack(tmp_path / "old"), tiny_pack(tmp_path / "new", LOWER, RAISE)
    population = _population(old, new)
    found = compare(load_pack(old), load_pack(new))
    page = difference_page(found, population)
    assert page == difference_page(found, population)
    assert "▼" in page
    assert "▲" in page
    assert "<script" not in page
    assert not re.search(r"(src|href)=", page)
    assert not re.search(r"url\((?!#)", page)
    assert "<b>&.json" not in page
    assert "level.emergency.same-day.json" in page
    assert "prefers-color-scheme: dark" in page
    assert "@media print" in page


def test_a_page_without_responses_and_without_changes(tmp_path: Path) -> None:
    pack = load_pack(tiny_pack(tmp_path / "old"))
    page = difference_page(compare(pack, pack), None)
    assert "No patient notices" in page
    assert "<svg" not in page


def test_as_many_come_out_as_went_in(tmp_path: Path) -> None:
    old, new = tiny_pack(tmp_path / "old"), tiny_pack(tmp_path / "new", LOWER, RAISE)
    population = _population(old, new)
    moves = list(population.moves())
    assert sum(move.count for move in moves) == population.total
    assert population.counts["refused", "refused"] > 1
    assert population.refusals[0][0] == "both versions"
    drawn = picture(population)
    sides = [[bar for bar in drawn.bars if bar.anchor == anchor] for anchor in ("end", "start")]
    assert [sum(bar.count for bar in side) for side in sides] == [population.total] * 2
    assert len(drawn.ribbons) == len(moves)
    assert drawn.ribbons[-1].move.direction == "lowered"  # drawn last, above all others
