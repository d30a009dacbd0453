"""Assessments as Parquet, with the columns of the records."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from cds.batch.problem import BatchError

_GROUP: Final = 5_000
"""Records of a row group, unless their bytes are too many."""
_BYTES: Final = 32 << 20
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
        """Begin the file. Needs pyarrow; a record that Arrow cannot read raises :class:`BatchError` later."""
        import pyarrow as pa  # noqa: PLC0415 - an extra, and slow to import
        import pyarrow.parquet as pq  # noqa: PLC0415 - as above

        fields: list[tuple[str, Any]] = [(name, pa.string()) for name in TEXTS]
        fields += [(name, pa.list_(pa.string())) for name in LISTS]
        self._schema = pa.schema([*fields, ("chart", pa.int32()), ("chart_whole", pa.bool_())])
        self._writer = pq.ParquetWriter(target, self._schema, compression="zstd")
        self._waiting: list[bytes] = []
        self._size = 0

    def add(self, records: bytes | bytearray) -> None:
        """Write NDJSON; where a group ends depends on the records alone, however they come."""
        for line in bytes(records).splitlines(keepends=True):
            self._waiting.append(line)
            self._size += len(line)
            if len(self._waiting) == _GROUP or self._size > _BYTES:
                self._write()

    def finish(self) -> None:
        """Write what is left, and the end of the file."""
        if self._waiting:
            self._write()
        self._writer.close()

    def abandon(self) -> None:
        """Close a file that is not to be finished."""
        with suppress(OSError):
            self._writer.close()

    def _write(self) -> None:
        import pyarrow as pa  # noqa: PLC0415 - it was imported when the file was begun
        from pyarrow import json  # noqa: PLC0415 - as above

        data = b"".join(self._waiting)
        self._waiting, self._size = [], 0
        strictly = json.ParseOptions(explicit_schema=self._schema, unexpected_field_behavior="error")
        # One block, so that no record is cut, and no threads beside the workers.
        whole = json.ReadOptions(use_threads=False, block_size=len(data) + 1)
        try:
            table = json.read_json(pa.BufferReader(data), whole, strictly)
        except pa.ArrowInvalid:  # its message may quote what stands there
            raise BatchError(
                "a record cannot be written as Parquet: report this; --no-parquet works, to an empty folder"
            ) from None
        self._writer.write_table(table)
