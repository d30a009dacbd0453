"""Where responses come from: files, folders, NDJSON, standard input. One unreadable source loses no other."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import orjson

STDIN = "-"


@dataclass(frozen=True, slots=True)
class Source:
    """One response: ``name`` says where it stands (``file`` or ``file:line``), ``path`` its file if it has its own.

    ``data`` is ``None`` when it could not be read, and then ``problem`` says why.
    """

    name: str
    path: Path | None
    data: bytes | None
    problem: str = ""


def sources(paths: Iterable[str]) -> Iterator[Source]:
    """All responses under ``paths``, in a stable order; a folder gives its .json and .ndjson files, sorted."""
    for name in paths:
        if name == STDIN:
            yield from _stdin()
            continue
        path = Path(name)
        if path.is_dir():
            files = sorted(file for file in path.rglob("*") if file.suffix in (".json", ".ndjson") and file.is_file())
            if not files:
                yield Source(name, None, None, "the folder has no .json or .ndjson file")
            for file in files:
                yield from _file(file)
        else:
            yield from _file(path)


def _file(path: Path) -> Iterator[Source]:
    try:
        if path.suffix == ".ndjson":
            with path.open("rb") as lines:
                yield from _lines(lines, str(path))
        else:
            yield Source(str(path), path, path.read_bytes())
    except OSError as error:
        yield Source(str(path), path, None, error.strerror or "it cannot be read")


def _stdin() -> Iterator[Source]:
    """NDJSON line by line as it comes, or a single response over several lines."""
    stream = sys.stdin.buffer
    head = b""
    for line in stream:
        head += line
        if line.strip():
            break
    if _is_json(head):
        yield from _lines(chain(head.splitlines(), stream), STDIN)
        return
    data = head + stream.read()
    lines = data.splitlines()
    if not _is_json(data) and any(_is_resource(line) for line in lines):
        yield from _lines(lines, STDIN)
    else:
        yield Source(STDIN, None, data)


def _is_json(data: bytes) -> bool:
    try:
        orjson.loads(data)
    except orjson.JSONDecodeError:
        return False
    return True


def _is_resource(line: bytes) -> bool:
    """Whether a line is a whole resource, so that the lines around it are NDJSON as well, sound or not."""
    return b'"resourceType"' in line and _is_json(line)


def _lines(lines: Iterable[bytes], name: str) -> Iterator[Source]:
    empty = True
    for number, line in enumerate(lines, start=1):
        if line.strip():
            empty = False
            yield Source(f"{name}:{number}", None, line.strip())
    if empty:
        yield Source(name, None, None, "there is no response in it")
