"""All that one question says of the findings that are read from it, kept for each way of answering it.

Only for questions answered with options or yes and no: what these say depends on nothing but the answer, and it
identifies nobody.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from cds.intake.answers import AnswerReader
from cds.intake.checked import Answer
from cds.intake.enablement import HIDDEN, OPEN, SHOWN, Shown
from cds.intake.reading import Reading
from cds.pack.value import FindingValue

_MAX_KEPT: Final = 1024
"""Ways of answering one question that are kept."""


class Told(NamedTuple):
    """What an answer, or its absence, says: the values that are known, and the reading of every finding."""

    values: Mapping[str, FindingValue]
    provenance: Mapping[str, tuple[Reading, ...]]


class QuestionReadings:
    """Reads all findings that have this question for their only one; ``readers`` are theirs, by finding."""

    def __init__(self, readers: Mapping[str, AnswerReader]) -> None:
        self._readers = readers
        self.absent: Mapping[Shown, Told] = {
            state: _told((name, reader.absent[state]) for name, reader in readers.items())
            for state in (SHOWN, HIDDEN, OPEN)
        }
        self.kept: dict[tuple[Answer, ...], Told] = {}

    def learn(self, given: tuple[Answer, ...]) -> Told:
        """What an answer says that is not in ``kept`` yet."""
        told = _told((name, reader.read(given, None)) for name, reader in self._readers.items())
        if len(self.kept) >= _MAX_KEPT:
            self.kept.clear()
        self.kept[given] = told
        return told


def is_closed(readers: Sequence[AnswerReader]) -> bool:
    """Whether a finding is read from one question alone, by options or yes and no."""
    return (
        len(readers) == 1
        and (readers[0].item.type == "boolean" or bool(readers[0].item.options))
        and readers[0].item.type != "open-choice"
    )


def _told(found: Iterable[tuple[str, tuple[Reading]]]) -> Told:
    provenance = dict(found)
    values = {name: one.value for name, (one,) in provenance.items() if one.value is not None}
    return Told(values, provenance)
