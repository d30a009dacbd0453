"""Resources are read as what they were written for: every code that is as plain as the first."""

from __future__ import annotations

import pytest

from cds.intake import ChartReader
from cds.intake.chart_writer import ChartWriter, bundle, gender_of, plainest, value_that_holds
from cds.pack import load_pack
from tests.cli.running import ROOT

PACK = load_pack(ROOT / "rules" / "exercise-low-back-pain")
READER = ChartReader(PACK.findings, PACK.value_sets)
NOW = "2026-11-20T08:00:00Z"
CHARTED = [
    (finding, source)
    for finding in PACK.findings.values()
    for source in finding.chart
    if finding.type == "boolean" and source.resource != "Patient"
]


def test_each_code_of_each_source_makes_its_finding_true() -> None:
    writer = ChartWriter(PACK, "p")
    assert CHARTED
    for finding, source in CHARTED:
        for coding in plainest(PACK, source):
            if source.resource == "Observation":
                written = writer.observation(source, "a", NOW, value_that_holds(source), coding)
            else:
                written = writer.record(source, "a", coding)
            read = READER.read(bundle([written]), NOW)
            assert read.patient == "p"
            assert [one.value for one in read.readings[finding.id]] == [True], (finding.id, coding)


def test_a_code_that_no_gender_gives() -> None:
    assert gender_of(PACK.findings["sex"], "other") == "other"
    with pytest.raises(ValueError, match="no gender gives sex neither"):
        gender_of(PACK.findings["sex"], "neither")
