"""The statements that rules of a generated pack are made of: one part for each finding and threshold or code."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from benchmarks.generated_pack.vocabulary import AGE, TEMPERATURE, Vocabulary
from benchmarks.generated_pack.ways import Part

_SEVERITIES: Final = (">= 4", ">= 7", ">= 9")
_HOURS: Final = ("> 1 d", "> 3 d", "> 7 d")
_AGES: Final = (">= 50", ">= 65", ">= 80")
_TEMPERATURES: Final = (">= 38 Cel", ">= 39 Cel", ">= 40 Cel")


@dataclass(slots=True)
class Statements:
    """All statements of a vocabulary, by finding; those of a number from the mildest to the worst.

    ``combined`` are those that combinations of signs may use, ``ordinary`` the first codes of choices, and
    ``histories`` what decides about advice alone.
    """

    vocabulary: Vocabulary
    combined: dict[str, list[Part]] = field(default_factory=dict)
    ordinary: list[Part] = field(default_factory=list)
    histories: list[Part] = field(default_factory=list)
    _bits: int = 0

    def __post_init__(self) -> None:
        made = self.vocabulary
        for name in made.felt:
            gate = made.gates.get(name)
            self.combined[name] = [self._part(name, name, self.combined[gate][0].ways[0] if gate else 0)]
        for name in made.reliefs:
            self.combined[name] = [self._part(name, {"not": name})]
        for name, words in self._numbers():
            self.combined[name] = list(self._ladder(name, words))
        for name, codes in made.choices.items():
            usual, *others = [self._part(name, f"{name} is {code}") for code in codes]
            self.ordinary.append(usual)
            self.combined[name] = others
        for name, codes in made.lists.items():
            self.combined[name] = [self._part(name, f"{name} includes {code}") for code in codes]
        self.histories = [self._part(name, name) for name in made.histories]

    def fresh(self, name: str) -> Part:
        """A derived finding that only advice uses, so that its ways need not be known."""
        return self._part(name, name)

    def _numbers(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        yield AGE, _AGES
        yield TEMPERATURE, _TEMPERATURES
        yield from ((name, _SEVERITIES) for name in self.vocabulary.severities)
        yield from ((name, _HOURS) for name in self.vocabulary.hours)

    def _ladder(self, name: str, words: Iterable[str]) -> Iterator[Part]:
        milder = 0
        for comparison in words:
            part = self._part(name, f"{name} {comparison}", milder)
            milder = part.ways[0]
            yield part

    def _part(self, finding: str, when: Any, implied: int = 0) -> Part:
        self._bits += 1
        return Part(when, frozenset({finding}), (1 << self._bits | implied,))
