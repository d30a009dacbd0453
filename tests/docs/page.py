"""A page of the documentation and the blocks of code in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
GUIDES: Final = (
    "README.md",
    "docs/author.md",
    "docs/proofs.md",
    "docs/integrator.md",
    "docs/analyst.md",
    "docs/semantics.md",
    "docs/trust.md",
    "docs/feedback.md",
)
"""Pages whose examples are run, from the first to the last."""

PAGES: Final = tuple(
    path.relative_to(ROOT).as_posix()
    for path in (ROOT / "README.md", ROOT / "fixtures" / "README.md", *sorted((ROOT / "docs").rglob("*.md")))
)
"""Every page."""

_BLOCK: Final = re.compile(r"^```([a-z]+)[ \t]*([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_FENCED: Final = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block: its ``language``, the words after that, its ``text``, and where it begins (``page:line``).

    The words say what a reader sees in the prose before the block, for the test: ``exit=1``, ``not-run``,
    ``served`` (the service runs meanwhile),
    ``file=PATH`` (the block is the file), ``append=PATH``, ``in=PATH`` (a change), ``after=LINK_ID in=PATH``.
    """

    language: str
    options: dict[str, str]
    text: str
    place: str


def read(page: str) -> str:
    """The text of a page."""
    return (ROOT / page).read_text(encoding="utf-8")


def blocks(page: str) -> Iterator[Block]:
    """The blocks of a page that have a language, in order."""
    text = read(page)
    for match in _BLOCK.finditer(text):
        words = (word.partition("=") for word in match[2].split())
        line = text.count("\n", 0, match.start()) + 1
        yield Block(match[1], {name: value for name, _, value in words}, match[3], f"{page}:{line}")


def prose(page: str) -> str:
    """The text of a page without its blocks."""
    return _FENCED.sub("", read(page))


def commands(page: str) -> Iterator[tuple[str, str]]:
    """Every ``cds`` and ``make`` command of a page, without what it is piped into, and its place."""
    for block in blocks(page):
        if block.language in ("sh", "bash", "console", "shell"):
            for line in block.text.replace("\\\n", " ").splitlines():
                if block.language == "console" and not line.startswith("$ "):
                    continue
                for part in re.split(r"\||&&|;|<\(", line.removeprefix("$ ")):
                    command = re.split(r"\s(?:\d?>+|<)", part.strip())[0]
                    if command.startswith(("cds ", "make ")):
                        yield command.partition(" #")[0].rstrip(" )"), block.place
