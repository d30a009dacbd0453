"""One line of an export on its way to a record."""

from __future__ import annotations

from collections.abc import Sequence

from cds.batch.lines import Line
from cds.engine import Evaluation
from cds.intake import NO_CHART, ChartReadings, CheckedResponse, PatientFindings


class Case:
    """A line on its way to a record, or to a refusal: then ``faults`` has why, and nothing else counts.

    Each step finds what the one before left: ``checked`` and the chart's ``resources``, how many they are and whether
    they are known to be all (``chart``, ``whole``), what was ``recorded``, the ``patient``, the ``evaluation``.
    """

    __slots__ = (
        "chart",
        "checked",
        "digest",
        "evaluation",
        "faults",
        "guidance",
        "line",
        "outcome",
        "patient",
        "record",
        "recorded",
        "resources",
        "source",
        "whole",
    )
    checked: CheckedResponse
    patient: PatientFindings
    evaluation: Evaluation
    outcome: str
    record: bytes

    def __init__(self, source: str, line: Line) -> None:
        self.source, self.line = source, line
        self.faults: list[tuple[str, str]] = []
        self.resources: Sequence[bytes] = ()
        self.chart, self.whole = 0, False
        self.recorded: ChartReadings = NO_CHART
        self.digest, self.guidance = "", b""
