"""Columns as both Spark and Arrow take them; Spark's own translation needs a session, which executors have not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import pyarrow as pa

ROWS: Final = 64
"""Rows of an Arrow batch, so that even the longest lines take little memory."""


def arrow_type(name: str) -> pa.DataType:
    """The Arrow type of a type of Spark."""
    import pyarrow as pa  # noqa: PLC0415 - slow to import, and needed in the executors only

    plain = {"int": pa.int32(), "long": pa.int64(), "string": pa.string(), "binary": pa.binary(), "boolean": pa.bool_()}
    return pa.list_(plain["string"]) if name == "array<string>" else plain[name]


def arrow_schema(ddl: str) -> pa.Schema:
    """The Arrow schema of columns as Spark writes them: ``name type, name type``."""
    import pyarrow as pa  # noqa: PLC0415 - as above

    columns = (column.split() for column in ddl.split(","))
    return pa.schema([(name, arrow_type(kind)) for name, kind in columns])


def in_batches(rows: Iterable[tuple[Any, ...]], ddl: str) -> Iterator[pa.RecordBatch]:
    """Rows of these columns as Arrow batches of at most :data:`ROWS`."""
    schema = arrow_schema(ddl)
    waiting: list[tuple[Any, ...]] = []
    for row in rows:
        waiting.append(row)
        if len(waiting) >= ROWS:
            yield _batch(waiting, schema)
            waiting = []
    if waiting:
        yield _batch(waiting, schema)


def _batch(rows: list[tuple[Any, ...]], schema: pa.Schema) -> pa.RecordBatch:
    import pyarrow as pa  # noqa: PLC0415 - as above

    columns = zip(zip(*rows, strict=True), schema, strict=True)
    return pa.RecordBatch.from_arrays([pa.array(values, field.type) for values, field in columns], schema=schema)
