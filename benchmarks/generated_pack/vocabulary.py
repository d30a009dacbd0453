"""What a generated pack asks for: named findings of all types, and how the questionnaire asks for each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from random import Random
from typing import Final

TOPICS: Final = (
    *("chest", "belly", "head", "neck", "back", "hip", "knee", "ankle", "shoulder", "elbow"),
    *("hand", "eye", "ear", "throat", "skin", "kidney", "liver", "heart", "lung", "nerve"),
)
SIGNS: Final = (
    *("pain", "swelling", "numbness", "weakness", "bleeding", "stiffness", "cramp", "rash", "lump", "burning"),
    *("tingling", "pressure", "bruise", "wound", "tremor", "coldness", "warmth", "discharge", "itch", "spasm"),
)
CHOICES: Final = {
    "course": ("better", "same", "worse"),
    "onset": ("slow", "within-days", "within-hours", "sudden"),
    "side": ("neither", "left", "right", "both"),
}
"""The codes of findings that are one of several; the first is the ordinary one."""
LISTS: Final = {
    "quality": ("dull", "sharp", "burning", "cramping", "throbbing"),
    "trigger": ("walking", "lifting", "lying", "coughing", "eating", "cold"),
    "spread": ("arm", "leg", "jaw", "groin", "shoulder"),
}
"""The codes of findings that are several at once; ordinary is none of them."""
EXERCISE: Final = "after_exercise"
AGE: Final = "age"
TEMPERATURE: Final = "temperature"
SMALLEST: Final = 20


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The base findings of a pack by what they are for.

    ``flags`` and ``signs`` speak against waiting; ``reliefs`` speak for it; ``histories`` only decide about advice.
    ``alone`` are asked in a question of their own, ``gates`` (hidden to hiding) only after a yes to another; all
    other booleans stand in tick-lists.
    """

    topics: tuple[str, ...]
    flags: tuple[str, ...]
    signs: tuple[str, ...]
    reliefs: tuple[str, ...]
    histories: tuple[str, ...]
    severities: tuple[str, ...]
    hours: tuple[str, ...]
    choices: dict[str, tuple[str, ...]]
    lists: dict[str, tuple[str, ...]]
    alone: frozenset[str]
    gates: dict[str, str]

    @property
    def felt(self) -> tuple[str, ...]:
        """Flags and signs in the order in which they are asked, topic by topic."""
        booleans = {*self.flags, *self.signs}
        names = (f"{topic}_{sign}" for topic in self.topics for sign in SIGNS)
        return tuple(name for name in names if name in booleans)

    @property
    def count(self) -> int:
        """How many base findings there are."""
        numbers = (*self.severities, *self.hours, AGE, TEMPERATURE)
        booleans = (*self.flags, *self.signs, *self.reliefs, *self.histories, EXERCISE)
        return len(numbers) + len(booleans) + len(self.choices) + len(self.lists)


def topic_of(finding: str) -> str:
    """The topic of a finding, which its name begins with."""
    return finding.partition("_")[0]


def draw_vocabulary(findings: int, draw: Random) -> Vocabulary:
    """A vocabulary of so many base findings: three quarters booleans, a tenth numbers, the rest codes.

    Raises ``ValueError`` for less than :data:`SMALLEST`, or for more than there are names.
    """
    if findings < SMALLEST:
        raise ValueError(f"a pack needs at least {SMALLEST} findings")
    numbers, coded = max(4, findings // 10), max(1, findings * 3 // 40)
    booleans = findings - numbers - 2 * coded
    topics = TOPICS[: max(2, min(len(TOPICS), findings // 10))]
    histories, reliefs = max(2, booleans // 10), max(1, findings // 60)
    felt = _names(topics, SIGNS, booleans - histories - reliefs - 1)
    flags = set(draw.sample(felt, min(len(felt) - 2, booleans * 8 // 15)))
    hours = max(1, (numbers - 2) // 4)
    alone, gates = _asked_alone(topics, felt)
    return Vocabulary(
        topics=topics,
        flags=tuple(name for name in felt if name in flags),
        signs=tuple(name for name in felt if name not in flags),
        reliefs=_names(topics, ("eased", "soothed"), reliefs),
        histories=_names(topics, ("disease", "medicine", "operation"), histories),
        severities=_names(topics, ("severity", "severity_at_night", "severity_on_effort"), numbers - 2 - hours),
        hours=_names(topics, ("hours", "hours_of_attack"), hours),
        choices={name: CHOICES[name.rpartition("_")[2]] for name in _names(topics, tuple(CHOICES), coded)},
        lists={name: LISTS[name.rpartition("_")[2]] for name in _names(topics, tuple(LISTS), coded)},
        alone=alone,
        gates=gates,
    )


def _names(topics: tuple[str, ...], words: tuple[str, ...], count: int) -> tuple[str, ...]:
    found = tuple(islice((f"{topic}_{word}" for word in words for topic in topics), count))
    if len(found) < count:
        raise ValueError("there are not so many names for findings: ask for fewer")
    return found


def _asked_alone(topics: tuple[str, ...], felt: tuple[str, ...]) -> tuple[frozenset[str], dict[str, str]]:
    """The first of each topic is asked alone; in every third topic, the second only after a yes to the first."""
    alone: set[str] = set()
    gates: dict[str, str] = {}
    for index, topic in enumerate(topics):
        first, *others = _of_topic(felt, topic)
        alone.add(first)
        if index % 3 == 0 and others:
            alone.add(others[0])
            gates[others[0]] = first
    return frozenset(alone), gates


def _of_topic(names: tuple[str, ...], topic: str) -> Iterator[str]:
    return (name for name in names if topic_of(name) == topic)


def tick_lists(vocabulary: Vocabulary, length: int = 8) -> dict[str, tuple[str, ...]]:
    """The tick-lists by link id, each with the booleans that are its options."""
    found: dict[str, tuple[str, ...]] = {}
    groups = {
        **{
            topic: [name for name in vocabulary.felt if topic_of(name) == topic and name not in vocabulary.alone]
            for topic in vocabulary.topics
        },
        "reliefs": list(vocabulary.reliefs),
        "histories": list(vocabulary.histories),
    }
    for name, members in groups.items():
        for number, start in enumerate(range(0, len(members), length), start=1):
            found[f"{name}-list-{number}"] = tuple(members[start : start + length])
    return found
