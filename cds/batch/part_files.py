"""The files of one part: written beside, and under their names only when they are complete."""

from __future__ import annotations

import os
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO, Final

from cds.batch.evaluator import Evaluated
from cds.batch.parquet import ParquetRecords

ASSESSMENT: Final = "Assessment"
GUIDANCE: Final = "GuidanceResponse"
REFUSED: Final = "OperationOutcome"


class PartFiles:
    """Takes what comes of the chunks of part ``number``; :meth:`finish` gives the files their names."""

    def __init__(self, out: Path, beside: Path, number: int, guidance: bool, parquet: bool) -> None:
        self._out, self._beside, self._number = out, beside, number
        kinds = (ASSESSMENT, *([GUIDANCE] if guidance else []), REFUSED)
        beside.mkdir(parents=True, exist_ok=True)
        for left in beside.iterdir():
            left.unlink()  # of a run that was ended in the middle of a part
        self._streams: dict[str, BinaryIO] = {kind: (beside / kind).open("wb") for kind in kinds}
        self._lines = dict.fromkeys(kinds, 0)
        self._parquet = ParquetRecords(self._parquet_file) if parquet else None

    def write(self, found: Evaluated) -> None:
        """Add what came of a chunk."""
        given = {
            ASSESSMENT: (found.assessments, found.assessed_count),
            GUIDANCE: (found.guidance, found.assessed_count),
            REFUSED: (found.refused, found.refused_count),
        }
        for kind, stream in self._streams.items():
            data, lines = given[kind]
            stream.write(data)
            self._lines[kind] += lines
        if self._parquet is not None:
            self._parquet.add(found.assessments)

    @property
    def _parquet_file(self) -> Path:
        return self._beside / f"{ASSESSMENT}.parquet"

    def finish(self) -> Mapping[str, Mapping[str, Any]]:
        """Close the files and give them their names; those without a line are left out."""
        for stream in self._streams.values():
            stream.close()
        written = {
            f"{kind}.{self._number:03}.ndjson": self._beside / kind for kind, lines in self._lines.items() if lines
        }
        lines = {f"{kind}.{self._number:03}.ndjson": count for kind, count in self._lines.items()}
        if self._parquet is not None:
            self._parquet.finish()
            if self._lines[ASSESSMENT]:
                name = f"{ASSESSMENT}.{self._number:03}.parquet"
                written[name] = self._parquet_file
                lines[name] = self._lines[ASSESSMENT]
        told = {}
        for name, path in written.items():
            _sync(path)
            told[name] = {"count": lines[name], "bytes": path.stat().st_size, "sha256": _digest(path)}
            path.replace(self._out / name)
        _sync(self._out)  # names last over a loss of power only if their folder is written as well
        return told

    def abandon(self) -> None:
        """Close the files of a part that is not to be finished."""
        for stream in self._streams.values():
            stream.close()
        if self._parquet is not None:
            self._parquet.abandon()


def _digest(path: Path) -> str:
    digest = sha256()
    with path.open("rb") as stream:
        while block := stream.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
