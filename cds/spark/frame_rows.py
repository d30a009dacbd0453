"""What an executor does with rows of a DataFrame: each keeps its place, and comes to an assessment or a refusal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import orjson

from cds.batch.chart_index import ChartIndex, ChartWriter
from cds.batch.evaluator import Chunk, Evaluated, Evaluator
from cds.batch.lines import Line
from cds.batch.parquet import LISTS, TEXTS
from cds.batch.part_files import ASSESSMENT
from cds.batch.problem import BatchError
from cds.spark.pack_copy import PackCopy
from cds.spark.partition import PartitionSetup, by_line, index_folder
from cds.spark.schema import arrow_schema
from cds.spark.worker_pool import evaluated, new_part

if TYPE_CHECKING:
    import pyarrow as pa

_KNOWN, _UNKNOWN = "row", "row without a chart"
"""What stands for the file of a row, by whether its chart is known."""
_FIELDS: Final = ", ".join(
    [
        *(f"{name} string" for name in TEXTS if name != "source"),
        *(f"{name} array<string>" for name in LISTS),
        "chart int",
        "chart_whole boolean",
    ]
)


@dataclass(frozen=True, slots=True)
class FrameEvaluation:
    """How to evaluate a DataFrame: the names of the column of responses and of that of charts, if there is one."""

    pack: PackCopy
    column: str
    charts: str | None
    as_of: str | None

    def rows(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """The rows with ``assessment`` and ``refusal`` after their own columns; for ``mapInArrow``."""
        import pyarrow as pa  # noqa: PLC0415 - slow to import, and needed in the executors only

        setup = RowSetup(
            self.pack.unpacked(), index_folder(), self.as_of, False, None, any_charts=self.charts is not None
        )
        assessment = pa.struct(list(arrow_schema(_FIELDS)))
        for batch in batches:
            found, refused = self._results(setup, batch)
            columns = [*batch.columns, pa.array(found, assessment), pa.array(refused, pa.list_(pa.string()))]
            yield pa.RecordBatch.from_arrays(columns, names=[*batch.schema.names, "assessment", "refusal"])

    def _results(self, setup: RowSetup, batch: pa.RecordBatch) -> tuple[list[Any], list[Any]]:
        part = new_part()
        known = [self.charts is None] * batch.num_rows
        try:
            if self.charts is not None:
                with ChartWriter(setup.index(part)) as writer:
                    for row, chart in enumerate(batch.column(self.charts)):
                        known[row] = chart.is_valid
                        for resource in chart.as_py() or ():
                            writer.add(_owner(row), _bytes(resource) or b"null")
            assessments: list[Any] = [None] * batch.num_rows
            refusals: list[Any] = [None] * batch.num_rows
            done = 0
            for chunk, found in evaluated(setup, part, _lines(batch.column(self.column), known)):
                for kind, row, record in by_line(chunk, found):
                    told, done = orjson.loads(record), done + 1
                    if kind == ASSESSMENT:
                        assessments[row] = told
                    else:
                        place = len(f"{chunk.file}:{row}: ")
                        refusals[row] = [issue["diagnostics"][place:] for issue in told["issue"]]
            if done != batch.num_rows:
                raise BatchError(f"{batch.num_rows} rows became {done}: report this")
        finally:
            setup.index(part).unlink(missing_ok=True)
        return assessments, refusals


@dataclass(frozen=True, slots=True)
class RowSetup(PartitionSetup):
    """As :class:`PartitionSetup`, but a chart is of a row, not of a patient."""

    def evaluator(self) -> Evaluator:
        """An evaluator that takes the charts of the rows whose chunk it gets."""
        return _RowEvaluator(self)


class _RowEvaluator(Evaluator):
    def __init__(self, setup: RowSetup) -> None:
        super().__init__(setup.pack, None, setup.as_of, setup.guidance, setup.language, setup.charts_whole)
        self._setup = setup
        self._part = 0
        self._known = True

    def evaluate(self, chunk: Chunk) -> Evaluated:
        if self._setup.any_charts and chunk.part != self._part:
            if self._charts is not None:
                self._charts.close()
            self._charts, self._part = ChartIndex(self._setup.index(chunk.part)), chunk.part
        self._known = chunk.file == _KNOWN
        return super().evaluate(chunk)

    def _chart(self, subject: str | None, line: Line) -> tuple[Sequence[bytes], bool]:
        return () if self._charts is None else self._charts.chart(_owner(line.number)), self._known


def _owner(row: int) -> str:
    return f"Patient/{row}"


def _bytes(value: Any) -> bytes | None:
    return value.encode() if isinstance(value, str) else value


def _lines(column: pa.Array, known: list[bool]) -> Iterator[tuple[str, Line]]:
    for row, value in enumerate(column):
        data = _bytes(value.as_py())
        line = Line(row, None, "there is no response in this row") if data is None else Line(row, data.strip())
        yield _KNOWN if known[row] else _UNKNOWN, line
