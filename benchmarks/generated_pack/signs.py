"""The rules of a generated pack that give a level above self-care: red flags, suspicions and combinations."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from random import Random
from typing import Any, Final

from benchmarks.generated_pack.asking import text, title
from benchmarks.generated_pack.statements import Statements
from benchmarks.generated_pack.vocabulary import AGE, TEMPERATURE, topic_of
from benchmarks.generated_pack.ways import Ledger, Part, all_of, any_of, at_least, named

LEVELS: Final = ("emergency", "same-day", "within-days", "routine", "self-care")
_ALONE: Final = (0.15, 0.35, 0.35, 0.15)
"""How often a red flag alone gives each level above self-care."""
_EMERGENCY: Final = 0
TRIES: Final = 4000
"""After so many proposals in vain there is no room for a further rule."""
_OWN_TOPIC: Final = 0.7
_SUSPICIONS_FROM_FLAGS: Final = 3

Shape = Callable[..., Part]
_SHAPES: Final[tuple[tuple[int, int, Shape], ...]] = (
    (30, 2, all_of),
    (22, 3, all_of),
    (8, 4, all_of),
    (2, 5, all_of),
    (12, 3, lambda first, *others: all_of(first, any_of(*others))),
    (8, 4, lambda first, *others: all_of(first, any_of(*others))),
    (5, 4, lambda one, two, three, four: any_of(all_of(one, two), all_of(three, four))),
    (4, 3, lambda *parts: at_least(2, *parts)),
    (2, 4, lambda *parts: at_least(3, *parts)),
    (7, 1, all_of),
)
"""How often, of how many statements, and put together how; one alone stands with a suspicion, or as a threshold."""


class SignRules:
    """Draws rules that give a level; ``rules`` holds them by topic, ``derived`` the suspicions they conclude."""

    def __init__(self, statements: Statements, draw: Random) -> None:
        self.rules: dict[str, list[dict[str, Any]]] = {topic: [] for topic in statements.vocabulary.topics}
        self.derived: dict[str, list[Part]] = {}
        self.count = 0
        self._made = statements
        self._draw = draw
        self._ledger = Ledger()
        self._acute: set[str] = set()
        self._unused = [
            part
            for name, parts in statements.combined.items()
            if name not in statements.vocabulary.flags
            for part in (parts if name not in self._numbers else parts[:1])
        ]
        draw.shuffle(self._unused)

    @property
    def _numbers(self) -> set[str]:
        made = self._made.vocabulary
        return {AGE, TEMPERATURE, *made.severities, *made.hours}

    def write_flags(self) -> None:
        """A rule for each red flag alone; the first that are no emergencies raise the suspicion of their topic."""
        hidden, gates = self._made.vocabulary.gates.keys(), set(self._made.vocabulary.gates.values())
        for name in (name for name in self._made.vocabulary.felt if name in self._made.vocabulary.flags):
            (part,) = self._made.combined[name]
            free = [rank for rank in self._ledger.free(part) if rank > 1 or name not in gates]
            rank = self._draw.choices(free, [_ALONE[rank] for rank in free])[0]
            if rank == _EMERGENCY:
                self._acute.add(name)
            suspicion = f"suspected_{topic_of(name)}"
            first = len(self.derived.get(suspicion, ())) < _SUSPICIONS_FROM_FLAGS
            raising = first and rank in (1, 2) and name not in hidden
            self._write(name, part, rank, suspicion if raising else None)

    def write_suspicions(self) -> None:
        """For each topic a combination that raises its suspicion, besides the flags that do.

        No two suspicions share a finding, none rests on one that another's question hides, and none on a code that
        excludes another. So what several of them conclude says nothing twice, and nothing impossible.
        """
        made = self._made.vocabulary
        apart = {*made.gates, *made.choices}
        for topic in made.topics:
            suspicion = f"suspected_{topic}"
            raising = {name for parts in self.derived.values() for part in parts for name in part.findings} | apart
            part, rank = self._drawn(topic, partial(self._pair, topic, raising), least=1)
            self._write(f"{topic}_suspicion", part, rank, suspicion)

    def write_combinations(self, count: int, groups: dict[str, list[str]]) -> None:
        """So many combinations, in turn for each topic. ``groups`` are derived of several suspicions.

        Raises ``ValueError`` where there is no room for so many rules, or too little for all findings.
        """
        chained = {name: named(name, parts) for name, parts in self.derived.items()}
        chained |= {name: named(name, (chained[member] for member in group)) for name, group in groups.items()}
        topics = self._made.vocabulary.topics
        for index in range(count):
            topic = topics[index % len(topics)]
            due = min(3, -(-len(self._unused) // (count - index)))
            near = [chained[f"suspected_{topic}"], *(chained[name] for name in groups)]
            propose = partial(self._combination, topic, near, due)
            if index < len(groups):
                propose = partial(self._with, chained[list(groups)[index]], topic, due)
            part, rank = self._drawn(topic, propose)
            self._write(f"{topic}_combination_{index // len(topics) + 1}", part, rank, None)
        if self._unused:
            raise ValueError(f"too few rules to use all findings: {len(self._unused)} statements are left")

    def _drawn(self, topic: str, propose: Callable[[], Part], least: int = 0) -> tuple[Part, int]:
        """A proposal that makes no rule needless, and the rank it gets: mostly the least urgent that it may have."""
        for attempt in range(TRIES):
            part = propose()
            free = [rank for rank in self._ledger.free(part) if rank >= least]
            if free:
                return part, free[-1] if self._draw.random() < 0.6 else self._draw.choice(free)
            if attempt % 20 == 19:
                self._draw.shuffle(self._unused)
        raise ValueError(f"so few findings cannot tell so many rules apart (topic {topic}): ask for fewer rules")

    def _pair(self, topic: str, without: set[str]) -> Part:
        return all_of(*self._statements(topic, 2, 1, without))

    def _with(self, group: Part, topic: str, due: int) -> Part:
        return all_of(group, *self._statements(topic, max(1, due), due, set()))

    def _combination(self, topic: str, near: list[Part], due: int) -> Part:
        weights = [weight for weight, _, _ in _SHAPES]
        _, size, join = self._draw.choices(_SHAPES, weights)[0]
        parts = self._statements(topic, max(size, due), due, set())
        if size == 1 and (len(parts) > 1 or not parts[0].findings <= self._numbers):
            return all_of(self._draw.choice(near), *parts)
        if len(parts) == 1:
            return parts[0]
        return (join if len(parts) == size else all_of)(*parts)

    def _statements(self, topic: str, size: int, due: int, without: set[str]) -> list[Part]:
        """Statements on different findings: first those that no rule uses yet, then mostly of the topic."""
        chosen: dict[str, Part] = {}
        for part in [part for part in self._unused if not part.findings & without][:due]:
            (name,) = part.findings
            chosen.setdefault(name, part)
        # Negations are rare: each relief is negated where it is due, and not drawn again.
        barred = {*without, *self._acute, *self._made.vocabulary.reliefs}
        names = [name for name in self._made.combined if name not in barred]
        own = [name for name in names if topic_of(name) == topic]
        while len(chosen) < size:
            name = self._draw.choice(own if own and self._draw.random() < _OWN_TOPIC else names)
            chosen.setdefault(name, self._draw.choice(self._made.combined[name]))
        parts = list(chosen.values())
        self._draw.shuffle(parts)
        return parts

    def _write(self, name: str, part: Part, rank: int, suspicion: str | None) -> None:
        self._ledger.add(part, rank)
        used = {str(statement.when) for statement in self._unused} & set(_sentences(part.when))
        self._unused = [statement for statement in self._unused if str(statement.when) not in used]
        topic = topic_of(name)
        then: dict[str, Any] = {"level": LEVELS[rank]}
        if suspicion:
            then["conclude"] = suspicion
            self.derived.setdefault(suspicion, []).append(part)
        then["reason"] = text(f"{title(name)} should be seen by a clinician: {LEVELS[rank]}.")
        self.rules[topic].append(rule(f"{topic}.{name.removeprefix(f'{topic}_')}", name, part.when, then))
        self.count += 1


def rule(name: str, words: str, when: Any, then: dict[str, Any]) -> dict[str, Any]:
    """A rule as it stands in a file."""
    return {
        "id": name,
        "title": title(words),
        "when": when,
        "then": then,
        "rationale": "Made up to measure how tools grow with the number of rules.",
        "citations": ["MADE-UP"],
    }


def _sentences(when: Any) -> Iterable[str]:
    """All statements in a condition, as text."""
    if isinstance(when, str):
        yield when
    elif "not" in when:
        yield str(when)
    else:
        for part in next(value for value in when.values() if isinstance(value, list)):
            yield from _sentences(part)
