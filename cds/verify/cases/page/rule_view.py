"""A rule on the page: its condition as nested clauses, what follows, and cases that make it fire."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from cds.pack import Pack, Rule
from cds.pack.condition import All, AnyOf, AtLeast, Condition, Not
from cds.pack.sentence import sentence
from cds.pack.text import text_in
from cds.verify.cases.clauses import parts
from cds.verify.cases.coverage import Coverage
from cds.verify.cases.page.case_view import CaseView, rank_of
from cds.verify.cases.page.mark import Mark, Tone, marks_of, tone_of

_SHOWN: Final = 6
"""So many firing cases are named for a rule; the rest is a number."""


@dataclass(frozen=True, slots=True)
class ClauseView:
    """A clause: ``text`` as authors write it, for a combined one its first words; its parts stand inside."""

    text: str
    combined: bool
    marks: tuple[Mark, ...]
    tone: Tone
    parts: tuple[ClauseView, ...]


@dataclass(frozen=True, slots=True)
class RuleView:
    """A rule. ``effects`` say in short what follows, ``rank`` is the place of its level (4 for the fifth and later)."""

    id: str
    title: str
    place: str
    effects: tuple[str, ...]
    rank: int | None
    condition: ClauseView
    firing: tuple[CaseView, ...]
    more: int


def rule_view(found: Coverage, rule: Rule, cases: Sequence[CaseView]) -> RuleView:
    """A rule as the page shows it."""
    firing = [case for case in cases if rule.id in case.fired]
    # a case that was written for the rule says more than one in which it happens to fire
    firing.sort(key=lambda case: rule.id not in case.named)
    return RuleView(
        id=rule.id,
        title=rule.title,
        place=f"{rule.file}:{rule.line}",
        effects=_effects(found.pack, rule),
        rank=rank_of(found.pack, rule.then.level),
        condition=_clause(found, rule.id, rule.when),
        firing=tuple(firing[:_SHOWN]),
        more=len(firing[_SHOWN:]),
    )


def _clause(found: Coverage, rule: str, clause: Condition) -> ClauseView:
    marks = marks_of(found, (rule, clause))
    return ClauseView(
        text=_words(found.pack, clause),
        combined=bool(parts(clause)),
        marks=marks,
        tone=tone_of([mark.state != "missing" for mark in marks]),
        parts=tuple(_clause(found, rule, part) for part in parts(clause)),
    )


def _words(pack: Pack, clause: Condition) -> str:
    match clause:
        case Not():
            return "not"
        case All():
            return "all of"
        case AnyOf():
            return "any of"
        case AtLeast(count, operands):
            return f"at least {count} of {len(operands)}"
        case _:
            return sentence(clause, pack.findings)


def _effects(pack: Pack, rule: Rule) -> tuple[str, ...]:
    then = rule.then
    level = next((text_in(level.title, "en") for level in pack.levels if level.id == then.level), None)
    named = (
        ("", level),
        ("concludes ", then.conclude),
        ("advises ", ", ".join(then.advise)),
        ("blocks ", ", ".join(then.block)),
        ("out of scope: ", then.out_of_scope),
    )
    return tuple(f"{what}{name}" for what, name in named if name)
