"""Advice: what rules recommend, less what any rule blocks. A block that is only possible means: ask first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from cds.engine import Evaluation
from cds.pack import Pack
from cds.pack.content import Advice

_MAX_KEPT: Final = 4096
"""Sets of rules about advice whose advice is kept; they identify nobody."""

AdviceStatus = Literal["advised", "ask-first", "instead"]


@dataclass(frozen=True, slots=True)
class GivenAdvice:
    """One piece of advice for this patient.

    ``status``: *advised*; *ask-first* when a block may apply; *instead* when it is blocked and ``instead`` (ids of
    instead texts) is said in its place. ``because`` names the blocking rules.
    """

    advice: Advice
    status: AdviceStatus
    instead: tuple[str, ...] = ()
    because: tuple[str, ...] = ()


class AdviceGiver:
    """Gives the advice of one pack."""

    def __init__(self, pack: Pack) -> None:
        self._pack = pack
        self._advised = {name: GivenAdvice(advice, "advised") for name, advice in pack.advice.items()}
        self._advising = [(rule.id, rule.then.advise) for rule in pack.rules if rule.then.advise]
        self._blocking = [(rule.id, rule.then.block) for rule in pack.rules if rule.then.block]
        self._rules = frozenset(rule_id for rule_id, _ in (*self._advising, *self._blocking))
        self._kept: dict[tuple[frozenset[str], frozenset[str]], tuple[GivenAdvice, ...]] = {}

    def advice(self, evaluation: Evaluation) -> tuple[GivenAdvice, ...]:
        """The advice for a patient, in the order of the pack. Blocked advice without an instead text is left out."""
        fired = evaluation.known & self._rules, evaluation.possible & self._rules
        found = self._kept.get(fired)
        if found is None:
            if len(self._kept) >= _MAX_KEPT:
                self._kept.clear()
            found = self._kept[fired] = self._given(*fired)
        return found

    def _given(self, known: frozenset[str], possibly: frozenset[str]) -> tuple[GivenAdvice, ...]:
        wanted = {name for rule_id, names in self._advising if rule_id in known for name in names}
        if not wanted:
            return ()
        certain: dict[str, list[str]] = {}
        possible: dict[str, list[str]] = {}
        for rule_id, names in self._blocking:
            if rule_id in possibly:
                blocks = certain if rule_id in known else possible
                for name in names:
                    blocks.setdefault(name, []).append(rule_id)
        given = []
        for name, advice in self._pack.advice.items():
            if name not in wanted:
                continue
            if name in certain:
                instead = self._instead(advice, certain[name])
                if instead:
                    given.append(GivenAdvice(advice, "instead", instead, tuple(certain[name])))
            elif name in possible:
                given.append(GivenAdvice(advice, "ask-first", (), tuple(possible[name])))
            else:
                given.append(self._advised[name])
        return tuple(given)

    def _instead(self, advice: Advice, blocking: list[str]) -> tuple[str, ...]:
        """What to say in place of blocked advice: each blocking rule's own text, or the advice's default."""
        texts = [self._pack.rule[rule_id].then.instead or advice.instead for rule_id in blocking]
        return tuple(dict.fromkeys(text for text in texts if text is not None))
