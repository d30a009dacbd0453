"""What the chart is to say of a finding is just what the reader of charts reads, and nothing of other findings."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from cds.decision_support import DecisionSupport
from cds.pack import FindingValue, Interval, Pack, load_pack
from cds.pack.finding import Finding
from cds.verify.encoding.chart import chart_variables
from cds.verify.encoding.kleene import is_false
from cds.verify.witness import ChartFact
from cds.verify.witness.chart_bundle import chart_bundle
from cds.verify.witness.facts import noon
from tests.cli.running import ROOT
from tests.pack.overlay import MINIMAL
from tests.verify.encoding.all_kinds import all_kinds
from tests.verify.proofs.tiny_pack import TinySupport

Values = list[FindingValue | None]
"""What is read of one finding."""


def _facts(finding: Finding) -> Iterator[tuple[ChartFact, Values]]:
    """Each thing that the chart can say of a finding, and the values that are then read."""
    recorded = chart_variables(finding, "")
    assert recorded is not None
    observed = not is_false(recorded.doubt) and any(one.resource == "Observation" for one in finding.chart)
    if finding.type == "boolean":
        yield ChartFact(yes=True), [True]
    if finding.type == "code":
        for code in recorded.codes:
            yield ChartFact(code=code), [code]
    if finding.type == "integer":
        for number in (finding.low, finding.low + 7, finding.high):
            yield ChartFact(number=number), [Interval(number, number)]
        middle = finding.low + 7
        if observed:
            yield ChartFact(number=middle, high=finding.high), [Interval(middle, finding.high)]
            yield ChartFact(number=finding.low, high=middle), [Interval(finding.low, middle)]
        else:
            yield ChartFact(number=middle, high=middle + 1), [Interval(middle, middle + 1)]
    if observed:
        yield ChartFact(doubt=True), [None]


def _all() -> list[tuple[str, str, ChartFact, Values]]:
    folders = {
        folder.name: folder
        for folder in (ROOT / "rules" / "exercise-low-back-pain", ROOT / "rules" / "ottawa-ankle", MINIMAL)
    }
    found = []
    for name, pack in [*((name, load_pack(folder)) for name, folder in folders.items()), ("all kinds", all_kinds())]:
        for finding in pack.findings.values():
            if finding.chart:
                found += [(name, finding.id, fact, values) for fact, values in _facts(finding)]
    return found


@cache
def _support(name: str) -> DecisionSupport:
    if name == "all kinds":
        return TinySupport(all_kinds())
    folder = MINIMAL if name == "minimal" else ROOT / "rules" / name
    return DecisionSupport.load(Path(folder))


def _as_of(support: DecisionSupport) -> str:
    return noon(support.pack).strftime("%Y-%m-%dT%H:%M:%SZ")


ALL = _all()


@pytest.mark.parametrize("pack", ["exercise-low-back-pain", "ottawa-ankle", "minimal", "all kinds"])
def test_each_fact_is_read_as_it_is_meant(pack: str) -> None:
    support = _support(pack)
    tried = 0
    for name, finding, fact, values in ALL:
        if name != pack:
            continue
        tried += 1
        bundle = chart_bundle(support.pack, {finding: fact})
        read = support.read_chart(bundle, _as_of(support)).readings
        assert {of: [one.value for one in found] for of, found in read.items()} == {finding: values}, fact
    assert tried >= 4


def test_facts_of_all_findings_together() -> None:
    support = _support("exercise-low-back-pain")
    chart: dict[str, tuple[ChartFact, Values]] = {}
    for name, finding, fact, values in ALL:
        if name == support.pack.id and values != [None]:
            chart.setdefault(finding, (fact, values))
    bundle = chart_bundle(support.pack, {finding: fact for finding, (fact, _) in chart.items()})
    read = support.read_chart(bundle, _as_of(support)).readings
    assert {of: [one.value for one in found] for of, found in read.items()} == {
        finding: values for finding, (_, values) in chart.items()
    }
    assert len(chart) > 20


def test_a_result_that_cannot_be_read_beside_one_that_can() -> None:
    support = _support("exercise-low-back-pain")
    bundle = chart_bundle(support.pack, {"temperature": ChartFact(number=391, doubt=True)})
    values = [one.value for one in support.read_chart(bundle, _as_of(support)).readings["temperature"]]
    assert values == [Interval(391, 391), None]


def test_nothing_to_say_is_no_chart() -> None:
    pack: Pack = _support("minimal").pack
    assert chart_bundle(pack, {}) is None
    assert chart_bundle(pack, {"lung_disease": ChartFact()}) is None
