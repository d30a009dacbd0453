"""The populations of the shipped packs: everybody is accepted, and what is stated of them is so."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import orjson
import pytest

from cds import shipped_packs
from cds.decision_support import DecisionSupport
from cds.engine.reference import ReferenceEvaluator, reading
from cds.intake.chart_writer import bundle
from cds.pack import Pack, load_pack
from cds.pack.yaml_source import read_yaml
from cds.sample import NAME, Population, Sample, Sampler, read_population

FOLDERS = sorted(shipped_packs())
ACCEPTED = 2000
COUNTED = 4000


def _true(pack: Pack, population: Population, support: DecisionSupport, samples: list[Sample]) -> Counter[str]:
    """How many patients each statement is true of."""
    evaluator = ReferenceEvaluator(pack)
    read = {one.statement: reading(one.condition) for one in population.stated if one.condition is not None}
    found: Counter[str] = Counter()
    for sample in samples:
        values = support.read(sample.response, bundle(sample.chart) if sample.chart else None).values
        known = {**values, **evaluator.evaluate(values).derived}
        found.update(name for name, holds in read.items() if holds(known) is True)
        found.update(one.statement for one in population.stated if sample.profile in one.profiles)
    return found


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: str(folder.name))
def test_everybody_is_accepted(folder: Path) -> None:
    support = DecisionSupport.load(folder)
    sampler = Sampler(support.pack, read_population(support.pack))
    levels: Counter[str] = Counter()
    charts = 0
    for index in range(ACCEPTED):
        sample = sampler.sample(7, index)
        chart = orjson.dumps(bundle(sample.chart)) if sample.chart else None
        decision = support.decide(orjson.dumps(sample.response), chart)
        levels[decision.assessment.outcome] += 1
        charts += chart is not None
    assert ACCEPTED / 2 < charts < ACCEPTED
    assert {level.id for level in support.pack.levels} <= set(levels), "a level that no demonstration shows"


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: str(folder.name))
def test_stated_shares_are_met(folder: Path) -> None:
    support = DecisionSupport.load(folder)
    population = read_population(support.pack)
    sampler = Sampler(support.pack, population)
    true = _true(support.pack, population, support, [sampler.sample(0, index) for index in range(COUNTED)])
    assert population.stated
    for one in population.stated:
        assert true[one.statement] / COUNTED == pytest.approx(one.share, abs=one.within), one.statement


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: str(folder.name))
def test_sources_named_in_the_purpose_are_cited(folder: Path) -> None:
    named = re.findall(r"\[([A-Z0-9-]+)\]", read_yaml(folder / NAME, NAME).data["purpose"])
    assert set(named) <= set(load_pack(folder).citations)
