"""The lines of a file that the manifest names, checked against its size, its count and its checksum."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Final

from cds.report.manifest import WrittenFile
from cds.report.problem import ReportError

LONGEST: Final = 1 << 24
"""Bytes that a line may have."""
_AGAIN: Final = "copy it again, or run cds batch again"


def check_size(out: Path, file: WrittenFile) -> None:
    """Raise :class:`ReportError` unless the file is there with all its bytes."""
    path = out / file.url
    try:
        if not path.is_file():
            raise ReportError(f"{path}: the manifest names it, and it is not there: {_AGAIN}")
        size = path.stat().st_size
    except OSError as error:
        raise ReportError(f"{path}: it cannot be read: {error.strerror}") from None
    if file.bytes is not None and size != file.bytes:
        raise ReportError(f"{path}: it has {size} bytes, the manifest says {file.bytes}: {_AGAIN}")


def checked_lines(out: Path, file: WrittenFile) -> Iterator[tuple[int, bytes]]:
    """Each line with its number, from 1. One line is in memory at a time.

    Raises :class:`ReportError`, after the last line, if they are not those that the manifest speaks of.
    """
    path, digest, number = out / file.url, sha256(), 0
    try:
        with path.open("rb") as stream:
            while data := stream.readline(LONGEST + 1):
                number += 1
                if len(data) > LONGEST:
                    raise ReportError(f"{path}:{number}: the line is longer than {LONGEST} bytes: {_AGAIN}")
                digest.update(data)
                yield number, data
    except OSError as error:
        raise ReportError(f"{path}: it cannot be read: {error.strerror}") from None
    if number != file.count:
        raise ReportError(f"{path}: it has {number} lines, the manifest says {file.count}: {_AGAIN}")
    if file.sha256 is not None and digest.hexdigest() != file.sha256:
        raise ReportError(f"{path}: its checksum is not that of the manifest, so it was changed: {_AGAIN}")
