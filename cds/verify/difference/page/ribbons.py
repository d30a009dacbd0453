"""The picture of who moves where: old outcomes left, new ones right, and a ribbon for each move."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from cds.verify.difference.change_class import Direction
from cds.verify.difference.population import Move, Population

WIDTH: Final = 900
_TALL: Final = 380
"""The height of all ribbons together, were each as thick as its count."""
_THIN: Final = 4.0
"""The least thickness: one patient among a million must be seen."""
_GAP: Final = 22.0
_TOP: Final = 34.0
_LEFT, _RIGHT, _BAR = 210.0, 690.0, 12.0


@dataclass(frozen=True, slots=True)
class Bar:
    """One outcome on one side."""

    name: str
    count: int
    x: float
    y: float
    height: float
    label_x: float
    anchor: str


@dataclass(frozen=True, slots=True)
class Ribbon:
    """One move: its outline, and where its label stands."""

    move: Move
    path: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Picture:
    """All that the template draws."""

    width: int
    height: float
    bar: float
    bars: tuple[Bar, ...]
    ribbons: tuple[Ribbon, ...]


def picture(population: Population) -> Picture:
    """The picture of a population."""
    moves = list(population.moves())
    scale = _TALL / max(population.total, 1)
    thick = {(move.old, move.new): max(move.count * scale, _THIN) for move in moves}
    rows, columns = population.outcomes
    left = _bars(rows, [(move.old, move, thick[move.old, move.new]) for move in moves], _LEFT - _BAR, _LEFT - 22, "end")
    right = _bars(
        columns, [(move.new, move, thick[move.old, move.new]) for move in moves], _RIGHT, _RIGHT + 22, "start"
    )
    at = {("old", bar.name): bar.y for bar in left} | {("new", bar.name): bar.y for bar in right}
    starts: dict[tuple[str, str], float] = {}
    for move in moves:  # in the order of the old outcomes, so that ribbons of one bar do not cross at once
        starts[move.old, move.new] = at["old", move.old]
        at["old", move.old] += thick[move.old, move.new]
    ribbons = []
    for move in sorted(moves, key=lambda one: (columns.index(one.new), rows.index(one.old))):
        width, start, end = thick[move.old, move.new], starts[move.old, move.new], at["new", move.new]
        at["new", move.new] += width
        ribbons.append(Ribbon(move, _outline(start, end, width), (_LEFT + _RIGHT) / 2, (start + end + width) / 2))
    order: tuple[Direction | None, ...] = (None, "changed", "raised", "lowered")
    ribbons.sort(key=lambda one: order.index(one.move.direction))
    height = max((bar.y + bar.height for bar in (*left, *right)), default=0.0) + 18
    return Picture(WIDTH, height, _BAR, (*left, *right), tuple(ribbons))


def _bars(
    names: Sequence[str], parts: Sequence[tuple[str, Move, float]], x: float, label_x: float, anchor: str
) -> list[Bar]:
    found, y = [], _TOP
    for name in names:
        own = [(move.count, thick) for one, move, thick in parts if one == name]
        if own:
            height = sum(thick for _, thick in own)
            found.append(Bar(name, sum(count for count, _ in own), x, y, height, label_x, anchor))
            y += height + _GAP
    return found


def _outline(start: float, end: float, width: float) -> str:
    middle = (_LEFT + _RIGHT) / 2
    return (
        f"M{_LEFT:.1f},{start:.1f} C{middle:.1f},{start:.1f} {middle:.1f},{end:.1f} {_RIGHT:.1f},{end:.1f} "
        f"L{_RIGHT:.1f},{end + width:.1f} "
        f"C{middle:.1f},{end + width:.1f} {middle:.1f},{start + width:.1f} {_LEFT:.1f},{start + width:.1f} Z"
    )
