"""Where responses come from: files, folders, NDJSON, standard input. One unreadable source loses no other."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
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
    data = sys.stdin.buffer.read()
    first, _, rest = data.strip().partition(b"\n")
    if rest.strip() and _is_json(first):
        yield from _lines(data.splitlines(), STDIN)
    else:
        yield Source(STDIN, None, data)


def _is_json(line: bytes) -> bool:
    try:
        orjson.loads(line)
    except orjson.JSONDecodeError:
        return False
    return True


def _lines(lines: Iterable[bytes], name: str) -> Iterator[Source]:
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield Source(f"{name}:{number}", None, line.strip())
