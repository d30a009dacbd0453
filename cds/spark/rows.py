"""Lines of files as rows of Spark: responses, resources of charts, and how many lines a file had."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Final

import orjson

from cds.batch.chart_index import UNPLACED, medications_of, owner_key, owner_of
from cds.batch.inputs import type_of
from cds.batch.lines import Line, is_compressed, read_lines
from cds.spark.blocks import streams
from cds.spark.schema import in_batches

if TYPE_CHECKING:
    import pyarrow as pa

CHART, RESPONSE, REFUSED_CHART, READ = range(4)
"""What a row is, in the order in which a partition takes them: all charts before the first response."""

SCHEMA: Final = (
    "section int, file int, name string, number long, owner string, data binary, problem string, "
    "medications array<string>"
)
"""Of a line: place and name of its file, number, whose it is, and either its bytes or what is wrong with them.

A row ``READ`` has in ``number`` how many lines its file had. ``medications`` are those that a chart resource refers to.
"""
KINDS: Final = "file int, kind string"
"""Of what :func:`read_kinds` gives."""


def read_rows(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Rows of :data:`SCHEMA` from blocks of files, for ``mapInArrow``."""
    yield from in_batches(_rows(batches), SCHEMA)


def read_kinds(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """The place and the resource type of each file, for ``mapInArrow``."""
    kinds = (
        (index, type_of(read_lines(lambda stream=stream: stream, is_compressed(name))))  # type: ignore[misc]  # as above
        for index, name, _, stream in streams(batches)
    )
    yield from in_batches(kinds, KINDS)


def _rows(batches: Iterable[pa.RecordBatch]) -> Iterator[tuple[Any, ...]]:
    for index, name, use, stream in streams(batches):
        lines = read_lines(lambda stream=stream: stream, is_compressed(name))  # type: ignore[misc]  # called at once
        if use == "chart":
            yield from (_chart_row(index, name, line) for line in lines)
            continue
        read = 0
        for line in lines:
            read += 1
            yield RESPONSE, index, name, line.number, _patient(line), line.data, line.problem, None
        yield READ, index, name, read, None, None, "", None


def _chart_row(index: int, name: str, line: Line) -> tuple[Any, ...]:
    owner = owner_of(line)
    if line.data is None or owner is None:
        return REFUSED_CHART, index, name, line.number, None, None, line.problem or UNPLACED, None
    return CHART, index, name, line.number, owner, line.data, "", sorted(set(medications_of([line.data])))


def _patient(line: Line) -> str | None:
    """Whose chart a response needs, if that can be told: what cannot be parsed is refused, and needs none."""
    try:
        resource = orjson.loads(line.data or b"")
    except orjson.JSONDecodeError:
        return None
    subject = resource.get("subject") if isinstance(resource, dict) else None
    reference = subject.get("reference") if isinstance(subject, dict) else None
    return owner_key(reference) if isinstance(reference, str) else None
