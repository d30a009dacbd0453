"""Where responses come from: files, folders, NDJSON, standard input. One unreadable source loses no other.

Nothing is read without a bound: a file or a line that is too large for one response is refused by its size.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple

import orjson

from cds.intake import Limits
from cds.intake.faults import fault

STDIN = "-"
_LARGEST: Final = Limits().size
_SUFFIXES: Final = (".json", ".ndjson")
_CHUNK: Final = 1 << 16


class Source(NamedTuple):
    """One response: ``name`` says where it stands (``file`` or ``file:line``), ``path`` its file if it has its own.

    ``data`` is ``None`` when it could not be read, and then ``problem`` says why.
    """

    name: str
    path: Path | None
    data: bytes | None
    problem: str = ""


class _Line(NamedTuple):
    """A line of ``size`` bytes; ``data`` is ``None`` when it is longer than a response may be."""

    data: bytes | None
    size: int


def sources(paths: Iterable[str]) -> Iterator[Source]:
    """All responses under ``paths``, in a stable order; a folder gives its .json and .ndjson files, sorted."""
    for name in paths:
        if name == STDIN:
            yield from _stdin(sys.stdin.buffer)
        elif os.path.isdir(name):  # noqa: PTH112 - Path.is_dir raises where this says no
            yield from _folder(name)
        else:
            yield from _file(Path(name))


def read_bounded(path: Path, limit: int) -> bytes:
    """The bytes of a file. Raises ``OSError``, and ``ValueError`` for a file of more than ``limit`` bytes."""
    with path.open("rb") as stream:
        data = stream.read(limit + 1)
        if len(data) > limit:
            raise ValueError(_too_large(max(len(data), os.fstat(stream.fileno()).st_size), limit))
    return data


def _folder(name: str) -> Iterator[Source]:
    # What cannot be listed or opened may hold patients: it must not be passed over in silence.
    closed: list[OSError] = []
    found = sorted(
        Path(folder, file)
        for folder, _, files in os.walk(name, onerror=closed.append)
        for file in files
        if Path(file).suffix.lower() in _SUFFIXES
    )
    for error in closed:
        yield Source(_decoded(str(error.filename)), None, None, error.strerror or "it cannot be listed")
    if not found and not closed:
        yield Source(_decoded(name), None, None, "the folder has no .json or .ndjson file")
    for path in found:
        yield from _file(path)


def _file(path: Path) -> Iterator[Source]:
    name = _decoded(str(path))
    try:
        if path.suffix.lower() == ".ndjson":
            with path.open("rb") as stream:
                yield from _responses(_lines(stream), name)
        else:
            yield Source(name, path, read_bounded(path, _LARGEST))
    except OSError as error:
        yield Source(name, path, None, error.strerror or "it cannot be read")
    except ValueError as error:
        yield Source(name, path, None, str(error))


def _stdin(stream: BinaryIO) -> Iterator[Source]:
    """NDJSON line by line as it comes, or a single response over several lines."""
    lines = _lines(stream)
    head: list[_Line] = []
    size, blank, is_ndjson = 0, True, False
    for line in lines:
        head.append(line)
        size += line.size
        if blank and (line.data is None or line.data.strip()):
            blank, is_ndjson = False, line.data is None or _is_json(line.data)
        if is_ndjson or size > _LARGEST:
            break
    data = b"".join(line.data or b"" for line in head)
    if is_ndjson or (any(map(_is_resource, head)) and not _is_json(data)):
        yield from _responses(chain(head, lines), STDIN)
    elif size > _LARGEST:
        yield Source(STDIN, None, None, _too_large(size + sum(line.size for line in lines), _LARGEST))
    else:
        yield Source(STDIN, None, data)


def _lines(stream: BinaryIO) -> Iterator[_Line]:
    most = _LARGEST + len(b"\r\n")
    while data := stream.readline(most):
        size, ended = len(data), data.endswith(b"\n")
        if ended or size < most:
            yield _Line(data, size)
            continue
        while not ended and (rest := stream.readline(_CHUNK)):
            size, ended = size + len(rest), rest.endswith(b"\n")
        yield _Line(None, size)


def _responses(lines: Iterable[_Line], name: str) -> Iterator[Source]:
    empty = True
    for number, (data, size) in enumerate(lines, start=1):
        if data is None:
            yield Source(f"{name}:{number}", None, None, _too_large(size, _LARGEST))
        elif data.strip():
            yield Source(f"{name}:{number}", None, data.strip())
        else:
            continue
        empty = False
    if empty:
        yield Source(name, None, None, "there is no response in it")


def _is_json(data: bytes) -> bool:
    try:
        orjson.loads(data)
    except orjson.JSONDecodeError:
        return False
    return True


def _is_resource(line: _Line) -> bool:
    """Whether a line is a whole resource, so that the lines around it are NDJSON as well, sound or not."""
    return line.data is not None and b'"resourceType"' in line.data and _is_json(line.data)


def _too_large(size: int, limit: int) -> str:
    return str(fault("too-large", "input", size=size, limit=limit))


def _decoded(name: str) -> str:
    """A file name as text that can be written as UTF-8, which names of files need not be."""
    return os.fsencode(name).decode("utf-8", "replace")
