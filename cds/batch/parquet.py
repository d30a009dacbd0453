"""Assessments as Parquet, with the columns of the records."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any, Final

_GROUP: Final = 5_000
"""Records of a row group."""
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


class ParquetRecords:
    """Writes records to a Parquet file as they come: so nothing waits for it at the end of a part."""

    def __init__(self, target: Path) -> None:
        """Begin the file. Needs pyarrow."""
        import pyarrow as pa  # noqa: PLC0415 - an extra, and slow to import
        import pyarrow.parquet as pq  # noqa: PLC0415 - as above

        fields: list[tuple[str, Any]] = [(name, pa.string()) for name in TEXTS]
        fields += [(name, pa.list_(pa.string())) for name in LISTS]
        self._schema = pa.schema([*fields, ("chart", pa.int32()), ("chart_whole", pa.bool_())])
        self._writer = pq.ParquetWriter(target, self._schema, compression="zstd")
        self._waiting: list[bytes] = []

    def add(self, records: bytes | bytearray) -> None:
        """Write NDJSON; groups have so many records however they come."""
        self._waiting += bytes(records).splitlines(keepends=True)
        while len(self._waiting) >= _GROUP:
            self._write(self._waiting[:_GROUP])
            del self._waiting[:_GROUP]

    def finish(self) -> None:
        """Write what is left, and the end of the file."""
        if self._waiting:
            self._write(self._waiting)
        self._writer.close()

    def abandon(self) -> None:
        """Close a file that is not to be finished."""
        with suppress(OSError):
            self._writer.close()

    def _write(self, lines: list[bytes]) -> None:
        import pyarrow as pa  # noqa: PLC0415 - it was imported when the file was begun
        from pyarrow import json  # noqa: PLC0415 - as above

        data = b"".join(lines)
        strictly = json.ParseOptions(explicit_schema=self._schema, unexpected_field_behavior="error")
        # One block, so that no record is cut, and no threads beside the workers.
        whole = json.ReadOptions(use_threads=False, block_size=len(data) + 1)
        self._writer.write_table(json.read_json(pa.BufferReader(data), whole, strictly))
