"""What an executor does with a partition: it indexes the charts, then evaluates as a run without Spark does."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import orjson

from cds.batch.chart_index import ChartIndex, ChartWriter
from cds.batch.evaluator import Chunk, Evaluated, Evaluator
from cds.batch.lines import Line
from cds.batch.part_files import ASSESSMENT, GUIDANCE, REFUSED
from cds.batch.record import refusal
from cds.batch.worker import Setup
from cds.spark.executor_folder import executor_folder
from cds.spark.pack_copy import PackCopy
from cds.spark.rows import CHART, READ, REFUSED_CHART, RESPONSE
from cds.spark.schema import in_batches
from cds.spark.worker_pool import evaluated, new_part

if TYPE_CHECKING:
    import pyarrow as pa

RECORDS: Final = "kind string, file int, number long, record string"
"""Of a record that is to be written: its kind, and the file and line that it comes from."""
READ_COUNT: Final = "read"
"""Kind of the records that say how many lines a file of responses had."""
REFUSED_CHARTS: Final = f"{REFUSED}.charts"
"""Kind of the refusals of chart resources."""

_Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """How to evaluate; ``charts`` if there are any, ``whole`` unless some of them could not be read."""

    pack: PackCopy
    as_of: str | None
    guidance: bool
    language: str | None
    charts: bool
    whole: bool

    def records(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """:data:`RECORDS` of the rows of a partition, in which charts come first; for ``mapInArrow``."""
        folder = index_folder()
        setup = PartitionSetup(
            self.pack.unpacked(), folder, self.as_of, self.guidance, self.language, self.whole, self.charts
        )
        part = new_part()
        try:
            yield from in_batches(_records(setup, part, chain.from_iterable(map(_rows, batches))), RECORDS)
        finally:
            setup.index(part).unlink(missing_ok=True)


@dataclass(frozen=True, slots=True)
class PartitionSetup(Setup):
    """As of a run without Spark, but ``charts`` is a folder with an index for each partition, if there are any."""

    any_charts: bool = False

    def index(self, part: int) -> Path:
        """The index of a partition."""
        assert self.charts is not None  # noqa: S101 - the folder is always given
        return self.charts / f"{part}.sqlite"

    def evaluator(self) -> Evaluator:
        """An evaluator that takes the charts of the partition whose chunk it gets."""
        return _PartitionEvaluator(self)


class _PartitionEvaluator(Evaluator):
    def __init__(self, setup: PartitionSetup) -> None:
        super().__init__(setup.pack, None, setup.as_of, setup.guidance, setup.language, setup.charts_whole)
        self._setup = setup
        self._part = 0

    def evaluate(self, chunk: Chunk) -> Evaluated:
        if self._setup.any_charts and chunk.part != self._part:
            if self._charts is not None:
                self._charts.close()
            self._charts, self._part = ChartIndex(self._setup.index(chunk.part)), chunk.part
        return super().evaluate(chunk)


def index_folder() -> Path:
    """A folder of this worker for indexes, which Spark removes with the executor."""
    folder = executor_folder() / f"cds-charts-{os.getpid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def _rows(batch: pa.RecordBatch) -> list[_Row]:
    found: list[_Row] = batch.to_pylist()
    return found


def _records(setup: PartitionSetup, part: int, rows: Iterator[_Row]) -> Iterator[tuple[Any, ...]]:
    sections = groupby(rows, key=lambda row: row["section"])
    section, group = next(sections, (None, iter(())))
    with ChartWriter(setup.index(part)) as writer:
        if section == CHART:
            _index(writer, group)
            section, group = next(sections, (None, iter(())))
    if section == RESPONSE:
        yield from _evaluated(setup, part, group)
        section, group = next(sections, (None, iter(())))
    if section == REFUSED_CHART:
        for row in group:
            told = refusal(f"{row['name']}:{row['number']}", [("", row["problem"])])
            yield REFUSED_CHARTS, row["file"], row["number"], orjson.dumps(told).decode()
        section, group = next(sections, (None, iter(())))
    if section == READ:
        for row in group:
            told = {"file": row["name"], "read": row["number"]}
            yield READ_COUNT, row["file"], row["number"], orjson.dumps(told).decode()


def _index(writer: ChartWriter, rows: Iterator[_Row]) -> None:
    last = None
    for row in rows:
        place = row["file"], row["number"]
        if place != last:  # a Medication may come as itself, and for those who take it
            writer.add(row["owner"], row["data"])
        last = place


def _evaluated(setup: PartitionSetup, part: int, rows: Iterator[_Row]) -> Iterator[tuple[Any, ...]]:
    files: dict[str, int] = {}

    def lines() -> Iterator[tuple[str, Line]]:
        for row in rows:
            files[row["name"]] = row["file"]
            yield row["name"], Line(row["number"], row["data"], row["problem"])

    for chunk, found in evaluated(setup, part, lines()):
        for kind, number, record in by_line(chunk, found):
            yield kind, files[chunk.file], number, record.decode()


def by_line(chunk: Chunk, found: Evaluated) -> Iterator[tuple[str, int, bytes]]:
    """Each record with the line that it comes from. Raises ``ValueError`` if a line came to nothing."""
    assessments, guidance = bytes(found.assessments).splitlines(), bytes(found.guidance).splitlines()
    refused = bytes(found.refused).splitlines()
    assessed = [int(orjson.loads(record)["source"].rpartition(":")[2]) for record in assessments]
    others = [line.number for line in chunk.lines if line.number not in set(assessed)]
    yield from ((ASSESSMENT, number, record) for number, record in zip(assessed, assessments, strict=True))
    if guidance:
        yield from ((GUIDANCE, number, record) for number, record in zip(assessed, guidance, strict=True))
    yield from ((REFUSED, number, record) for number, record in zip(others, refused, strict=True))
