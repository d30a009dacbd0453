"""A run whose counts do not agree fails, whatever it was that lost or repeated a line."""

from __future__ import annotations

from collections import Counter
from typing import Any, cast

import pytest

from cds.batch import BatchError
from cds.spark.blocks import SourceFile
from cds.spark.hadoop import HadoopFiles
from cds.spark.output import Output
from cds.spark.written import Written

SOURCES = [SourceFile(0, "a.ndjson", "a", 1, "responses"), SourceFile(1, "b.ndjson", "b", 0, "responses")]


class _Empty:
    def files(self, _path: str) -> list[Any]:
        return []


def _written(**changes: Any) -> Written:
    files = {"Assessment.000.ndjson": 2, "Assessment.001.ndjson": 1, "GuidanceResponse.000.ndjson": 3}
    files |= {"Assessment.000.parquet": 3, "OperationOutcome.000.ndjson": 1, "OperationOutcome.charts.000.ndjson": 2}
    files |= changes.pop("files", {})
    told: dict[str, Any] = {"outcomes": Counter(routine=3), "read": {"a.ndjson": 4, "b.ndjson": 0}} | changes
    return Written(files={name: {"count": count} for name, count in files.items()}, **told)


def _checked(written: Written) -> Any:
    output = Output(cast(HadoopFiles, _Empty()), "out", "out/.state")
    return output.checked(SOURCES, (5, 2), written, guidance=True, parquet=True)


def test_counts_that_agree() -> None:
    found = _checked(_written())
    assert (found.read, found.assessed, found.refused, found.empty) == (4, 3, 1, ("b.ndjson",))
    assert (found.chart_read, found.chart_refused, found.complete) == (5, 2, False)


@pytest.mark.parametrize(
    "changes",
    [
        {"files": {"Assessment.001.ndjson": 2}, "outcomes": Counter(routine=4)},
        {"files": {"OperationOutcome.000.ndjson": 0}},
        {"files": {"GuidanceResponse.000.ndjson": 2}},
        {"files": {"Assessment.000.parquet": 2}},
        {"files": {"OperationOutcome.charts.000.ndjson": 1}},
        {"outcomes": Counter(routine=2)},
        {"read": {"a.ndjson": 4}},
        {"read": {"a.ndjson": 3, "b.ndjson": 0}},
    ],
)
def test_counts_that_do_not(changes: dict[str, Any]) -> None:
    with pytest.raises(BatchError, match="report this"):
        _checked(_written(**changes))
