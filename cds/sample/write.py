"""Patients as files: newline-delimited JSON by resource type, as FHIR's bulk export has them."""

from __future__ import annotations

import gzip
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self, cast

import orjson


class BulkFolder:
    """Writes resources to ``<type>.<number>.ndjson`` in a folder, a new file after every ``lines`` of them.

    The same resources give the same bytes, compressed or not. Use it in a ``with`` block.
    """

    def __init__(self, folder: Path, lines: int, *, compress: bool = False) -> None:
        """Make the folder. Raises ``FileExistsError`` if it holds such files already, or is a file."""
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.glob("*.ndjson*")):
            raise FileExistsError(f"{folder} holds NDJSON files already")
        self._folder = folder
        self._lines = lines
        self._compress = compress
        self._open: dict[str, _Part] = {}

    def write(self, resources: Iterable[dict[str, Any]]) -> None:
        """Append resources to the files of their types."""
        for resource in resources:
            kind = resource["resourceType"]
            part = self._open.get(kind)
            if part is None or part.lines == self._lines:
                number = part.number + 1 if part else 0
                if part:
                    part.close()
                part = self._open[kind] = _Part(self._folder, kind, number, self._compress)
            part.write(orjson.dumps(resource, option=orjson.OPT_APPEND_NEWLINE))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for part in self._open.values():
            part.close()


class _Part:
    """One file while it is written."""

    __slots__ = ("_file", "_stream", "lines", "number")

    def __init__(self, folder: Path, kind: str, number: int, compress: bool) -> None:
        self.number = number
        self.lines = 0
        path = folder / f"{kind}.{number:03d}.ndjson{'.gz' if compress else ''}"
        self._file: BinaryIO = path.open("xb")
        # Neither the name nor the time goes into the compressed file: the same patients are the same bytes.
        packed = gzip.GzipFile("", "wb", compresslevel=6, fileobj=self._file, mtime=0) if compress else self._file
        self._stream = cast("BinaryIO", packed)

    def write(self, line: bytes) -> None:
        self._stream.write(line)
        self.lines += 1

    def close(self) -> None:
        self._stream.close()
        self._file.close()
