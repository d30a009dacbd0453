"""CPU seconds by what was done: what other processes of the machine do in the meantime does not count."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from time import process_time
from typing import ParamSpec, Protocol, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class Timed(Protocol):
    """:meth:`Clock.timed`."""

    def __call__(self, name: str, function: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
        """Call a function, and add what it takes to a name."""
        ...


class Clock:
    """Adds up the CPU seconds that calls take."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)

    def timed(self, name: str, function: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
        """Call a function, and add what it takes to a name."""
        started = process_time()
        result = function(*arguments, **named)
        self.seconds[name] += process_time() - started
        return result
