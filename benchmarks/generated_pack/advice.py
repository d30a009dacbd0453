"""The rules of a generated pack that give no urgency: scope, ordinary patterns, who gets which advice, who must not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from random import Random
from typing import Any, Final

from benchmarks.generated_pack.asking import text
from benchmarks.generated_pack.signs import TRIES, rule
from benchmarks.generated_pack.statements import Statements
from benchmarks.generated_pack.vocabulary import EXERCISE, Vocabulary
from benchmarks.generated_pack.ways import Ledger, Part, all_of, any_of

ANY: Final = "any_suspicion"
ADVICE: Final = ("rest", "warmth", "cold", "fluids", "painkiller", "stretching", "walking", "sleep")
ROWS: Final = 4
"""Rows of a table; each has up to two inputs, and a table at most nine."""


def scope_rules() -> list[dict[str, Any]]:
    """Every patient who answered all has a level: by exercise or by its absence."""
    benign = {"level": "self-care", "reason": text("Pain after exercise mostly passes by itself.")}
    without = {
        "level": "routine",
        "out_of_scope": "no-exercise",
        "reason": text("These questions are for pain after exercise."),
    }
    child = {"level": "within-days", "out_of_scope": "under-16", "reason": text("These questions are for adults.")}
    return [
        rule("scope.after_exercise", "Pain after exercise", EXERCISE, benign),
        rule("scope.no_exercise", "No exercise before", {"not": EXERCISE}, without),
        rule("scope.under_16", "Under 16", "age < 16", child),
    ]


def patterns(vocabulary: Vocabulary) -> dict[str, dict[str, Any]]:
    """The conditions of ordinary patterns by name: eased, recent, and no suspicion of anything."""
    pairs = zip(vocabulary.reliefs, vocabulary.hours, strict=False)
    return {
        f"ordinary_{index}": {"all": [relief, f"{hours} <= 3 d", {"not": ANY}]}
        for index, (relief, hours) in enumerate(pairs, start=1)
    }


def pattern_rules(vocabulary: Vocabulary) -> list[dict[str, Any]]:
    """Rules of the last level, which explain."""
    reason = text("What eases and began lately is ordinary.")
    return [
        rule(f"ordinary.{name}", name, when, {"conclude": name, "level": "self-care", "reason": reason})
        for name, when in patterns(vocabulary).items()
    ]


def suspicion_rules(groups: dict[str, list[str]], suspicions: Iterable[str]) -> list[dict[str, Any]]:
    """Rules that only conclude: groups of suspicions, and any suspicion at all."""
    chained = {**groups, ANY: list(groups or suspicions)}
    return [rule(f"serious.{name}", name, {"any": members}, {"conclude": name}) for name, members in chained.items()]


class AdviceRules:
    """Draws rules that recommend, and rows of tables that block; none makes another needless."""

    def __init__(self, statements: Statements, draw: Random) -> None:
        self._made = statements
        self._draw = draw
        self._blocking = Ledger()

    def recommending(self, count: int) -> list[dict[str, Any]]:
        """At most so many rules, or those that the ordinary codes and patterns need."""
        usual = self._made.ordinary
        size = max(1, -(-len(usual) // max(1, count)))
        conditions = [any_of(*usual[at : at + size]) for at in range(0, len(usual), size)]
        lists = [self._made.combined[name][0] for name in self._made.vocabulary.lists]
        ordinary = [self._made.fresh(name) for name in patterns(self._made.vocabulary)]
        conditions += [all_of(pattern, self._draw.choice(lists)) for pattern in ordinary]
        return [
            rule(f"advice.given_{index}", f"Advice {index}", part.when, {"advise": _advised(index, len(conditions))})
            for index, part in enumerate(conditions, start=1)
        ]

    def blocking(self, count: int) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        """A rule and tables whose rows make ``count`` rules together; every history is in some row."""
        first, *others = self._made.histories
        serious = all_of(self._made.fresh(ANY), first)
        self._blocking.add(serious, 0)
        then = {"block": list(ADVICE[4:]), "instead": "ask-clinician"}
        rules = [rule("block.serious", "A suspicion comes first", {"all": [ANY, first.when]}, then)]
        rows = self._rows(count - 1, others)
        starts = range(0, len(rows), ROWS)
        return rules, [_table(index, rows[at : at + ROWS]) for index, at in enumerate(starts, start=1)]

    def _rows(self, count: int, histories: list[Part]) -> list[list[Part]]:
        """The conditions of rows: half of the histories alone, the others together with something else."""
        alone, paired = histories[::2], histories[1::2]
        rows = [[part] for part in alone] + [[part, self._other()] for part in paired]
        for parts in rows:
            if not self._blocking.add_apart(all_of(*parts)):
                raise ValueError("the histories do not stand apart")
        for _ in range(TRIES):
            if len(rows) >= count:
                return rows
            parts = [self._draw.choice(paired or self._numbers()), self._other()]
            if parts[0].findings != parts[1].findings and self._blocking.add_apart(all_of(*parts)):
                rows.append(parts)
        raise ValueError("so few findings cannot tell so many blocks apart: ask for fewer rules")

    def _numbers(self) -> list[Part]:
        return [part for name in self._made.vocabulary.severities for part in self._made.combined[name]]

    def _other(self) -> Part:
        made = self._made.vocabulary
        names = (*made.severities, *made.hours, *made.choices, *made.lists, "age", "temperature")
        return self._draw.choice(self._made.combined[self._draw.choice(names)])


def _advised(index: int, rules: int) -> list[str]:
    """What one of so many rules recommends: together they recommend everything."""
    return list(ADVICE[index % rules :: rules]) or [ADVICE[index % len(ADVICE)]]


def _table(index: int, rows: list[list[Part]]) -> dict[str, Any]:
    inputs = sorted({name for row in rows for part in row for name in part.findings})
    return {
        "id": f"block.table_{index}",
        "title": f"Who must not take advice {index}",
        "hit": "collect",
        "inputs": inputs,
        "rationale": "Made up to measure how tools grow with the number of rules.",
        "citations": ["MADE-UP"],
        "rows": [
            {
                "id": f"row_{number}",
                "if": dict(_cell(part) for part in row),
                "then": {"block": [ADVICE[(index + number) % len(ADVICE)]], "instead": "ask-clinician"},
            }
            for number, row in enumerate(rows, start=1)
        ],
    }


def _cell(part: Part) -> tuple[str, str]:
    (name,) = part.findings
    words = str(part.when).removeprefix(name).strip()
    return name, words.removeprefix("is ").removeprefix("includes ") or "yes"


def advice_file() -> dict[str, Any]:
    """``advice.yaml``."""
    return {"advice": list(_advice()), "instead": [{"id": "ask-clinician", "text": text("Ask a clinician first.")}]}


def _advice() -> Iterator[dict[str, Any]]:
    for name in ADVICE:
        yield {
            "id": name,
            "title": text(name.capitalize()),
            "text": text(f"What to do about {name} is said here, in a sentence or two."),
            "evidence": text("None: it is made up."),
            "citations": ["MADE-UP"],
            "instead": "ask-clinician",
            "ask_first": text(f"Ask a clinician about {name} first."),
        }
