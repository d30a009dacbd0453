"""The engine's self-test: a few of the pack's own cases, the whole way, with the results that their authors wrote."""

from __future__ import annotations

from cds.decision_support import DecisionSupport
from cds.engine import EngineFault
from cds.intake import Composer
from cds.verify import Case, CaseRunner, load_cases

_MIDNIGHT = "T00:00:00Z"


class SelfTest:
    """Runs a patient who answered nothing, and for each outcome and level the first case that expects it."""

    def __init__(self, support: DecisionSupport) -> None:
        """Choose the cases. Raises :class:`PackError` for what is wrong in them."""
        self._support = support
        self._runner = CaseRunner(support)
        self._silent = Composer(support.pack.questionnaire, support.pack.findings).compose(
            {}, f"{support.pack.header.effective.isoformat()}{_MIDNIGHT}"
        )
        chosen: dict[tuple[str | None, str | None], Case] = {}
        for case in load_cases(support.pack):
            chosen.setdefault((case.expect.outcome, case.expect.level), case)
        self._cases = tuple(chosen.values())
        self._next = 0

    def passes(self) -> bool:
        """Whether the pack decides in this process, now, as its authors say, and both evaluators agree."""
        try:
            self._support.decide_parsed(self._silent)
        except EngineFault:
            return False
        return all(not self._runner.run(case).failures for case in self._cases)

    def next_passes(self) -> bool:
        """As :meth:`passes` for one case, each time the next: short enough to do between two patients."""
        if not self._cases:
            return self.passes()
        self._next = (self._next + 1) % len(self._cases)
        return not self._runner.run(self._cases[self._next]).failures
