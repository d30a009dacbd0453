"""The small marks T, F and ? beside a clause: in how many cases it was true, false, unknown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from cds.verify.cases.clauses import TRUTHS, ClauseKey
from cds.verify.cases.counts import TRUTH_WORDS
from cds.verify.cases.coverage import Coverage

State = Literal["seen", "missing", "excused"]
Tone = Literal["full", "part", "none"]
_LETTERS = {True: "T", False: "F", None: "?"}


@dataclass(frozen=True, slots=True)
class Mark:
    """``letter`` and ``number`` are shown, ``words`` say the same in full."""

    letter: str
    number: int
    state: State
    words: str


def marks_of(found: Coverage, key: ClauseKey) -> tuple[Mark, ...]:
    """The three marks of a clause."""
    marks = []
    state: State
    for truth in TRUTHS:
        number, excuse = found.clauses[key][truth], found.not_coverable.get((key, truth))
        word = TRUTH_WORDS[truth]
        if number:
            state, words = "seen", f"{word} in {number} {'case' if number == 1 else 'cases'}"
        elif excuse:
            state, words = "excused", f"never {word}: {excuse.reason}"
        else:
            state, words = "missing", f"never seen {word}"
        marks.append(Mark(_LETTERS[truth], number, state, words))
    return tuple(marks)


def tone_of(states: Sequence[bool]) -> Tone:
    """How a clause or a question is coloured: nothing missing, one thing, more."""
    missing = len(states) - sum(states)
    return "full" if not missing else "part" if missing == 1 else "none"
