"""Assessments as Parquet, with the columns of the records."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import Any, Final

_GROUP: Final = 5_000
"""Records of a row group: what is in memory at one time."""
# The columns, by their types; after them come "chart" (an integer) and "chart_whole" (a boolean).
TEXTS: Final = ("source", "response", "subject", "as_of", "pack", "outcome", "level", "possible_level")
LISTS: Final = ("out_of_scope", "fired", "undecided", "open", "withholding", "advice", "ask_first", "contradictions")


def parquet_is_there() -> bool:
    """Whether pyarrow is installed (the extra ``batch``)."""
    try:
        import pyarrow.parquet  # noqa: F401, PLC0415 - only whether it can be imported
    except ImportError:
        return False
    return True


def write_parquet(source: Path, target: Path) -> None:
    """Write the records of an NDJSON file."""
    import pyarrow as pa  # noqa: PLC0415 - an extra, and slow to import
    import pyarrow.parquet as pq  # noqa: PLC0415 - as above
    from pyarrow import json  # noqa: PLC0415 - as above

    fields: list[tuple[str, Any]] = [(name, pa.string()) for name in TEXTS]
    fields += [(name, pa.list_(pa.string())) for name in LISTS]
    schema = pa.schema([*fields, ("chart", pa.int32()), ("chart_whole", pa.bool_())])
    strictly = json.ParseOptions(explicit_schema=schema, unexpected_field_behavior="error")
    with source.open("rb") as stream, pq.ParquetWriter(target, schema, compression="zstd") as writer:
        while lines := list(islice(stream, _GROUP)):
            data = b"".join(lines)
            # One block, so that no record is cut, and no threads beside the workers.
            whole = json.ReadOptions(use_threads=False, block_size=len(data) + 1)
            writer.write_table(json.read_json(pa.BufferReader(data), whole, strictly))
