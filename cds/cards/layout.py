"""How the text output is set: headings, bullets with a note, no spaces at the ends of lines."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.segment import Segment, Segments
from rich.table import Table
from rich.text import Text

WIDTH: Final = 100
"""Columns of the widest text; longer lines are hard to read."""


def heading(title: str) -> RenderableType:
    """A heading with a blank line above it."""
    return plain(title, style="bold underline", above=1)


def plain(text: str, style: str = "", indent: int = 0, above: int = 0, below: int = 0) -> RenderableType:
    """Text as it stands: square brackets in it are no markup."""
    return Padding(Text(text, style=style), (above, 0, below, indent), expand=False)


def bullet(text: str, note: str = "") -> RenderableType:
    """A bullet with a hanging indent, and a note below it in a fainter colour."""
    grid = Table.grid(padding=(0, 1, 0, 0))
    grid.add_column(width=3, justify="right")
    grid.add_column(overflow="fold")
    grid.add_row("-", Text(text))
    if note:
        grid.add_row("", Text(note, style="dim"))
    return grid


def print_trimmed(console: Console, renderable: RenderableType) -> None:
    """Print no wider than :data:`WIDTH`, without the spaces with which tables fill their lines."""
    options = console.options.update(width=min(console.width, WIDTH))
    lines = console.render_lines(renderable, options, pad=False)
    console.print(Segments(segment for line in lines for segment in (*_trimmed(line), Segment.line())), end="")


def _trimmed(line: Iterable[Segment]) -> list[Segment]:
    segments = list(line)
    while segments:
        text, style, control = segments.pop()
        if control or text.rstrip():
            return [*segments, Segment(text if control else text.rstrip(), style, control)]
    return []
