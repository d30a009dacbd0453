"""The lines of all response files as chunks for workers, and which part of the output each belongs to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from cds.batch.evaluator import Chunk
from cds.batch.lines import Line, lines

LINES: Final = 200
"""Lines of a chunk at most."""
BYTES: Final = 2 << 20
"""Bytes of a chunk, unless a single line has more."""


def chunks(
    files: Sequence[tuple[str, Path]], lines_per_part: int, done: Mapping[str, int], parts: int
) -> Iterator[Chunk]:
    """The chunks of these files (name and path), less the lines that are done, by file the number of the last.

    A part has lines of one file only, ``lines_per_part`` but for the last; ``parts`` is how many there are already.
    So parts, and what is in them, depend on the input alone.
    """
    number, part = 0, parts
    for name, path in files:
        taken, chunk, size = 0, list[Line](), 0
        for line in lines(path, skip=done.get(name, 0)):
            if chunk and (len(chunk) == LINES or size + len(line.data or b"") > BYTES or taken == lines_per_part):
                yield Chunk(number, part, name, tuple(chunk))
                number, chunk, size = number + 1, [], 0
            if taken == lines_per_part:
                part, taken = part + 1, 0
            chunk.append(line)
            taken, size = taken + 1, size + len(line.data or b"")
        if chunk:
            yield Chunk(number, part, name, tuple(chunk))
            number, part = number + 1, part + 1
