"""Seconds by what was done."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from time import perf_counter
from typing import ParamSpec, Protocol, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class Timed(Protocol):
    """:meth:`Clock.timed`."""

    def __call__(self, name: str, function: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
        """Call a function, and add what it takes to a name."""
        ...


class Clock:
    """Adds up what calls take."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)

    def timed(self, name: str, function: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
        """Call a function, and add what it takes to a name."""
        started = perf_counter()
        result = function(*arguments, **named)
        self.seconds[name] += perf_counter() - started
        return result
