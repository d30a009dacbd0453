"""One patient of both versions: a response to each questionnaire, one chart, and what is not ordinary in words."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import z3

from cds.assessment import Decision
from cds.verify.difference.pair import Pair
from cds.verify.difference.pair_chart import pair_chart
from cds.verify.difference.side import Side
from cds.verify.witness import Facts, Witness, facts_of
from cds.verify.witness.words import in_words

MOST_UNANSWERED: Final = 8
"""Of more questions that an ordinary patient answers and this one does not, only their number is told."""


@dataclass(frozen=True, slots=True)
class PairWitness:
    """The patient as ``old`` and ``new`` read it; ``one_response`` if both read the same. ``words`` tell about it."""

    old: Witness
    new: Witness
    one_response: bool
    words: tuple[str, ...]

    def write(self, folder: Path, name: str) -> tuple[Path, ...]:
        """Write ``<name>.json``, or ``<name>.old.json`` and ``<name>.new.json``, and ``<name>.chart.json``."""
        folder.mkdir(parents=True, exist_ok=True)
        if self.one_response:
            files = {f"{name}.json": self.new.response_bytes}
        else:
            files = {f"{name}.old.json": self.old.response_bytes, f"{name}.new.json": self.new.response_bytes}
        if self.new.chart_bytes is not None:
            files[f"{name}.chart.json"] = self.new.chart_bytes
        for file, data in files.items():
            (folder / file).write_bytes(data)
        return tuple(folder / file for file in files)


class PatientReader:
    """Reads patients off the models of a pair."""

    def __init__(self, pair: Pair) -> None:
        self._pair = pair

    def read(self, model: z3.ModelRef) -> PairWitness:
        """The patient that a model describes."""
        old, new = (facts_of(side.patient, model) for side in self._pair.sides)
        chart = pair_chart(self._pair, old, new)
        made = [side.witnesses.make(facts) for side, facts in zip(self._pair.sides, (old, new), strict=True)]
        first, second = (Witness(one.facts, one.response, chart) for one in made)
        return PairWitness(first, second, self._pair.one_response, self._words(old, new))

    def decide(self, patient: PairWitness) -> tuple[Decision, Decision]:
        """What the two versions decide. Raises :class:`IntakeError` and :class:`EngineFault`."""
        return patient.old.decide(self._pair.old.support), patient.new.decide(self._pair.new.support)

    def _words(self, old: Facts, new: Facts) -> tuple[str, ...]:
        told = [_in_words(side, facts) for side, facts in zip(self._pair.sides, (old, new), strict=True)]
        if told[0] == told[1] or self._pair.one_response:
            return told[1]
        both = tuple(one for one in told[1] if one in told[0])
        own = ((which, one) for which, words in zip(("old", "new"), told, strict=True) for one in words)
        return (*both, *(f"{which} version: {one}" for which, one in own if one not in both))


def _in_words(side: Side, facts: Facts) -> tuple[str, ...]:
    told = in_words(side.pack, facts, side.ordinary)
    silent = tuple(one for one in told if one.endswith(": not answered"))
    if len(silent) <= MOST_UNANSWERED:
        return told
    return (*(one for one in told if one not in silent), f"{len(silent)} more questions not answered")
