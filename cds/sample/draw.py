"""Ways to draw an answer."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import accumulate
from random import Random
from typing import Generic, Protocol, TypeVar

from cds.intake.checked import Answer, Quantity
from cds.pack.text import Text, text_in

Drawn = TypeVar("Drawn")
Given = tuple[Answer, ...]


@dataclass(slots=True)
class Circumstances:
    """What a draw may depend on: chance, the time and language of the response, and the answers drawn so far."""

    random: Random
    at: datetime
    language: str
    answers: dict[str, Given]


class Draw(Protocol):
    """Draws the answers to one question; none where nothing would be answered."""

    def __call__(self, now: Circumstances, /) -> Given:
        """The answers."""


class Weighted(Generic[Drawn]):
    """One of several, by weight."""

    __slots__ = ("_ends", "_values")

    def __init__(self, weighted: Iterable[tuple[Drawn, float]]) -> None:
        """The weights must not all be 0."""
        pairs = [(value, weight) for value, weight in weighted if weight]
        self._values = [value for value, _ in pairs]
        self._ends = list(accumulate(weight for _, weight in pairs))

    def draw(self, random: Random) -> Drawn:
        """One of the values."""
        found = bisect_right(self._ends, random.random() * self._ends[-1])
        return self._values[min(found, len(self._values) - 1)]


class Numbers:
    """A number of weighted ranges, in steps of ``10 ** -places``."""

    __slots__ = ("_places", "_ranges")

    def __init__(self, ranges: Sequence[Sequence[int | float]]) -> None:
        exact = [[Decimal(str(part)) for part in (low, high)] for low, high, _ in ranges]
        exponents = [number.as_tuple().exponent for pair in exact for number in pair]
        self._places = max(0, *(-part for part in exponents if isinstance(part, int)))
        steps = [[int(number.scaleb(self._places)) for number in pair] for pair in exact]
        weights = [float(weight) for _, _, weight in ranges]
        self._ranges = Weighted(zip(((low, high - low + 1) for low, high in steps), weights, strict=True))

    def draw(self, random: Random) -> int | Decimal:
        """A whole number where all ends are whole, else a decimal."""
        low, count = self._ranges.draw(random)
        steps = low + int(random.random() * count)
        return Decimal(steps).scaleb(-self._places) if self._places else steps


@dataclass(frozen=True, slots=True)
class OneOption:
    """One option."""

    options: Weighted[Given]

    def __call__(self, now: Circumstances, /) -> Given:
        """The option."""
        return self.options.draw(now.random)


@dataclass(frozen=True, slots=True)
class EachOption:
    """Every option ticked or not by its own share; ``otherwise`` where none is."""

    shares: tuple[tuple[Answer, float], ...]
    otherwise: Given

    def __call__(self, now: Circumstances, /) -> Given:
        """What is ticked."""
        chance = now.random.random
        return tuple([answer for answer, share in self.shares if chance() < share]) or self.otherwise


@dataclass(frozen=True, slots=True)
class ANumber:
    """A number as the question takes it, not above the answer to ``at_most``. ``unit`` is that of a quantity."""

    numbers: Numbers
    kind: str
    at_most: str | None
    unit: tuple[str, str]

    def __call__(self, now: Circumstances, /) -> Given:
        """The number."""
        number = self.numbers.draw(now.random)
        if self.at_most is not None:
            (most,) = now.answers.get(self.at_most, (number,))
            number = min(number, most) if isinstance(most, int | Decimal) else number
        if self.kind == "integer":
            return (int(number),)
        return (Quantity(Decimal(number), *self.unit) if self.kind == "quantity" else Decimal(number),)


@dataclass(frozen=True, slots=True)
class YesOrNo:
    """True for a share."""

    share: float

    def __call__(self, now: Circumstances, /) -> Given:
        """The answer of a boolean."""
        return (now.random.random() < self.share,)


@dataclass(frozen=True, slots=True)
class Ago:
    """A date, or a time to the hour, so many hours before the response."""

    hours: Numbers
    timed: bool

    def __call__(self, now: Circumstances, /) -> Given:
        """The date or dateTime."""
        at = now.at - timedelta(hours=float(self.hours.draw(now.random)))
        return (at.strftime("%Y-%m-%dT%H:%M:%SZ") if self.timed else at.date().isoformat(),)


@dataclass(frozen=True, slots=True)
class Following:
    """A date that agrees with the option that was chosen of an earlier question; none where none was chosen."""

    question: str
    by_option: Mapping[Answer, Ago]

    def __call__(self, now: Circumstances, /) -> Given:
        """The date or dateTime."""
        for answer in now.answers.get(self.question, ()):
            if answer in self.by_option:
                return self.by_option[answer](now)
        return ()


@dataclass(frozen=True, slots=True)
class SomeText:
    """One of some phrases for a share, else nothing."""

    share: float
    phrases: tuple[Text, ...]

    def __call__(self, now: Circumstances, /) -> Given:
        """The text, in the language of the response."""
        if now.random.random() >= self.share:
            return ()
        return (text_in(self.phrases[int(now.random.random() * len(self.phrases))], now.language),)
