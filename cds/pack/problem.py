"""A fault of a pack: the message, its place, and what to write instead."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from cds.pack.messages import HINTS, MESSAGES

__all__ = ["HINTS", "MESSAGES", "PackError", "Problem", "did_you_mean"]


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One fault of a pack.

    ``file`` is relative to the pack folder, ``line`` and ``column`` count from 1, ``hint`` says what to write.
    """

    file: str
    line: int
    column: int
    code: str
    message: str
    hint: str = ""

    @classmethod
    def of(cls, file: str, place: tuple[int, int], code: str, hint: str = "", /, **details: object) -> Problem:
        """Make the problem ``code``; ``details`` fill in its message, and its general hint if ``hint`` is empty."""
        line, column = place
        hint = hint or HINTS.get(code, "").format(**details)
        return cls(file, line, column, code, MESSAGES[code].format(**details), hint)

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}:{self.column}"
        return f"{where}: {self.message}" + (f". {self.hint}" if self.hint else "")


class PackError(ValueError):
    """A pack that cannot be used, with every problem found in it (``problems``, in file order)."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(map(str, self.problems)))


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """A hint with the nearest known name, or with all names when there are few, or nothing."""
    names = sorted(known)
    near = get_close_matches(name, names, n=1, cutoff=0.6)
    if near:
        return f"Did you mean {near[0]!r}?"
    return f"Write one of: {', '.join(names)}" if 0 < len(names) <= 12 else ""
