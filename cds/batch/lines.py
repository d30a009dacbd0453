"""The lines of NDJSON files, plain or gzipped, read so that no file can exhaust memory or stop a run."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple

from cds.intake import Limits
from cds.intake.faults import fault

LONGEST: Final = Limits().size
"""No line is longer than one resource may be."""
_BLOCK: Final = 1 << 16


class Line(NamedTuple):
    """A line that is not blank: ``number`` counts all lines from 1; ``data`` is ``None`` if ``problem`` says why."""

    number: int
    data: bytes | None
    problem: str = ""


def lines(path: Path, skip: int = 0) -> Iterator[Line]:
    """The lines of a file after the first ``skip``, as :func:`read_lines` gives them."""
    return read_lines(lambda: path.open("rb"), is_compressed(path.name), skip)


def is_compressed(name: str) -> bool:
    """Whether a file of this name is read as gzip."""
    return name.endswith(".gz")


def read_lines(opened: Callable[[], BinaryIO], compressed: bool, skip: int = 0) -> Iterator[Line]:
    """The lines of the stream that ``opened`` gives after the first ``skip``, blank ones left out.

    A line that is too long is passed over and told by its size. Where a file cannot be read on, because it ends within
    its compression or the disk fails, the last line says so.
    """
    number = 0
    try:
        with opened() as raw, _plain(raw, compressed) as stream:
            for number, data, size in _bounded(stream):
                if number <= skip:
                    continue
                if data is None:
                    yield Line(number, None, str(fault("too-large", "input", size=size, limit=LONGEST)))
                elif stripped := data.strip():
                    yield Line(number, stripped)
    except (EOFError, zlib.error, gzip.BadGzipFile):
        problem = "the file cannot be decompressed from here on: send it again, whole"
    except OSError as error:
        problem = f"the file cannot be read from here on: {error.strerror or 'it failed'}"
    else:
        return
    if number + 1 > skip:
        yield Line(number + 1, None, problem)


def _plain(raw: BinaryIO, compressed: bool) -> BinaryIO:
    return gzip.GzipFile(fileobj=raw) if compressed else raw  # type: ignore[return-value]  # it reads as one


def _bounded(stream: BinaryIO) -> Iterator[tuple[int, bytes | None, int]]:
    number, most = 0, LONGEST + len(b"\r\n")
    while data := stream.readline(most):
        number += 1
        size, ended = len(data), data.endswith(b"\n")
        if ended or size < most:
            yield number, data, size
            continue
        while not ended and (rest := stream.readline(_BLOCK)):
            size, ended = size + len(rest), rest.endswith(b"\n")
        yield number, None, size
