"""What each stage of ``cds batch`` costs: the functions of the program itself, on responses that none has seen before.

Chunk by chunk, as a worker does it. The whole is an evaluator of its own on the same chunks, before the stages or after
them in turn.
"""

from __future__ import annotations

import pickle
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import islice, repeat
from pathlib import Path
from time import process_time
from typing import Any, Final, cast

import orjson

from benchmarks.batch.clock import Clock
from benchmarks.batch.population import Population
from benchmarks.batch.table import print_table
from cds import DecisionSupport, default_pack
from cds.assessment import Decision
from cds.batch.chart_index import ChartIndex, build_index
from cds.batch.chunks import LINES, chunks
from cds.batch.evaluator import Chunk, Evaluated, Evaluator
from cds.batch.parquet import parquet_is_there
from cds.batch.part_files import PartFiles
from cds.batch.record import assessment_record
from cds.decision_support import CHART_LIMITS
from cds.intake import NO_CHART, ChartReadings, PieceReader, PlainReader, parse_json

WARM_UP: Final = 1_000
"""Responses that are evaluated before anything is measured."""
STAGES: Final = (
    "read lines",
    "pickle and unpickle, there and back",
    "parse, read and check",
    "chart: look up",
    "chart: parse and read",
    "findings",
    "engine",
    "reference",
    "assessment",
    "record and dumps",
    "write and checksum NDJSON",
    "write and checksum Parquet",
)
WAYS: Final = ("by pieces", "in one pass", "the full way")
"""How a response is read, the quickest way first."""
_WHOLE: Final = "the evaluation itself"
IN_WORKER: Final = frozenset(STAGES[2:10])
"""The stages that make up the evaluation of a chunk."""


@dataclass(slots=True)
class Costs:
    """Seconds by stage and in all, and how many responses there were and how many were read in which way.

    ``index`` is what indexing ``chart_resources`` took.
    """

    clock: Clock = field(default_factory=Clock)
    responses: int = 0
    ways: Counter[str] = field(default_factory=Counter)
    index: float = 0.0
    chart_resources: int = 0


class _Stages:
    """The parts of a worker, each to be called by itself."""

    def __init__(self, pack: Path, index: Path) -> None:
        self.support = DecisionSupport.load(pack)
        self._plain = PlainReader(self.support.pack.questionnaire)
        self._pieces = PieceReader(self._plain)
        self.charts = ChartIndex(index)

    def run(self, chunk: Chunk, costs: Costs) -> None:
        """All stages between the lines of a chunk and its records, each for all lines, as a worker does them."""
        support, evaluator = self.support, self.support.assessor.evaluator

        def timed(stage: str, step: Callable[..., Any], *columns: Iterable[Any]) -> list[Any]:
            return costs.clock.timed(stage, lambda: list(map(step, *columns)))

        checked = timed("parse, read and check", support.check_json, [line.data for line in chunk.lines])
        charts = timed("chart: look up", self.charts.chart, [one.subject or "" for one in checked])
        recorded = timed("chart: parse and read", self._read, charts, [one.authored for one in checked])
        patients = timed("findings", support.find, checked, recorded, repeat(None))
        findings = [patient.values for patient in patients]
        evaluations = timed("engine", evaluator.engine.evaluate, findings)
        timed("reference", evaluator.reference.evaluate, findings)
        nothing = repeat(None), repeat("")  # neither another time nor a digest
        decisions = timed("assessment", support.decision, checked, patients, evaluations, *nothing)
        sources = [f"{chunk.file}:{line.number}" for line in chunk.lines]
        timed("record and dumps", self._record, sources, decisions, map(len, charts))
        costs.responses += len(chunk.lines)

    def _read(self, chart: list[bytes], as_of: str | None) -> ChartReadings:
        if not chart:
            return NO_CHART
        return self.support.read_chart([parse_json(one, CHART_LIMITS) for one in chart], as_of)

    def _record(self, source: str, decision: Decision, chart: int) -> bytes:
        return orjson.dumps(assessment_record(self.support.pack, source, decision, chart, whole=True))

    def ways(self, chunk: Chunk) -> Counter[str]:
        """How many lines of a chunk are read by pieces, how many in one pass, and how many need the full way."""
        return Counter(self._way(cast("bytes", line.data)) for line in chunk.lines)

    def _way(self, data: bytes) -> str:
        if self._pieces.read(data) is not None:
            return WAYS[0]
        return WAYS[1] if self._plain.read(parse_json(data)) is not None else WAYS[2]


def measure(population: Population, count: int, scratch: Path) -> Costs:
    """The costs of each stage over ``count`` responses, after :data:`WARM_UP` others."""
    pack, index = default_pack(), scratch / "charts.sqlite"
    costs = Costs()
    started = process_time()
    costs.chart_resources = build_index(index, [(path.name, path) for path in population.charts]).read
    costs.index = process_time() - started
    stages = _Stages(pack, index)
    evaluator = Evaluator(pack, index, None, False, None, True)
    source = chunks([(path.name, path) for path in population.responses], population.count, {}, 0)
    for chunk in islice(source, WARM_UP // LINES):
        evaluator.evaluate(chunk)
        stages.run(chunk, Costs())
    results = []
    for turn in range(count // LINES):
        chunk = costs.clock.timed("read lines", next, source)
        if turn % 2:
            stages.run(chunk, costs)
        result = costs.clock.timed(_WHOLE, evaluator.evaluate, chunk)
        if not turn % 2:
            stages.run(chunk, costs)
        for sent in (tuple(chunk), result):
            costs.clock.timed("pickle and unpickle, there and back", _copy, sent)
        costs.ways += stages.ways(chunk)
        results.append(result)
    _write(results, costs, scratch)
    return costs


def _copy(sent: Any) -> Any:
    return pickle.loads(pickle.dumps(sent))  # noqa: S301 - of what was dumped a moment ago


def _write(results: list[Evaluated], costs: Costs, scratch: Path) -> None:
    """Write the output without Parquet and with it: the difference is what Parquet costs."""
    if not parquet_is_there():
        raise RuntimeError("Parquet needs pyarrow: pip install 'cds-rules[batch]'")
    taken = []
    _write_part(results[:1], scratch / "first", parquet=True)  # what pyarrow sets up once is not counted
    for parquet in (False, True):
        started = process_time()
        _write_part(results, scratch / f"written-{parquet}", parquet=parquet)
        taken.append(process_time() - started)
    costs.clock.seconds["write and checksum NDJSON"] = taken[0]
    costs.clock.seconds["write and checksum Parquet"] = taken[1] - taken[0]


def _write_part(results: list[Evaluated], out: Path, *, parquet: bool) -> None:
    out.mkdir()
    files = PartFiles(out, out / "part", 0, False, parquet)
    for result in results:
        files.write(result)
    files.finish()


def print_costs(costs: Costs) -> None:
    """Microseconds by stage, and their sums beside the whole."""
    each = {name: costs.clock.seconds[name] / costs.responses * 1e6 for name in STAGES}
    whole, inside = costs.clock.seconds[_WHOLE] / costs.responses * 1e6, sum(each[name] for name in IN_WORKER)
    total = whole + sum(each.values()) - inside
    print(f"CPU microseconds for each of {costs.responses:,} responses with charts, after {WARM_UP:,} others:\n")
    rows = [(name, f"{each[name]:.0f}", f"{each[name] / total:.1%}") for name in STAGES]
    rows += [
        ("sum of the stages of the evaluation", f"{inside:.0f}", f"{inside / total:.1%}"),
        (f"**{_WHOLE}**, lines to records", f"{whole:.0f}", f"{whole / total:.1%}"),
        ("**all**, with the evaluation itself", f"{total:.0f}", "100.0%"),
    ]
    print_table(["stage", "microseconds", "share of all"], rows)
    ways = ", ".join(f"{way} {costs.ways[way] / costs.responses:.2%}" for way in WAYS)
    print(
        f"How responses were read: {ways}. "
        f"Indexing the charts, before all: {costs.index / costs.chart_resources * 1e6:.0f} microseconds for each of "
        f"{costs.chart_resources:,} resources.\n"
    )
