"""A case on the page: its outcome, whether it passed, and the rules that fired."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from cds.pack import Pack
from cds.verify.cases.coverage import Coverage
from cds.verify.cases.run_cases import CaseResult

_RANKS: Final = 4


@dataclass(frozen=True, slots=True)
class CaseView:
    """``fired`` are the rules that fired, ``named`` those of them that the case names."""

    anchor: str
    name: str
    file: str
    line: int
    outcome: str
    rank: int | None
    failures: tuple[str, ...]
    fired: frozenset[str]
    named: tuple[str, ...]

    @property
    def more(self) -> int:
        """How many rules fired that the case does not name."""
        return len(self.fired) - len(self.named)


def case_views(found: Coverage) -> tuple[CaseView, ...]:
    """All cases, in the order in which they ran."""
    views = []
    for number, result in enumerate(found.results, 1):
        outcome, fired = _decided(result)
        views.append(
            CaseView(
                anchor=f"case-{number}",
                name=result.case.name,
                file=result.case.file,
                line=result.case.line,
                outcome=outcome,
                rank=rank_of(found.pack, outcome),
                failures=result.failures,
                fired=fired,
                named=tuple(rule for rule in dict.fromkeys(result.case.expect.fires) if rule in fired),
            )
        )
    return tuple(views)


def _decided(result: CaseResult) -> tuple[str, frozenset[str]]:
    """The outcome of a case, and the rules that fired."""
    if result.decision is None:
        return "not evaluated", frozenset()
    assessment = result.decision.assessment
    return assessment.outcome, frozenset(rule.id for rule in assessment.fired)


def rank_of(pack: Pack, level: str | None) -> int | None:
    """The colour of a level: 0 for the most urgent, 4 for the fifth and all after it; none for what is no level."""
    return None if level is None or level not in pack.rank else min(pack.rank[level], _RANKS)
