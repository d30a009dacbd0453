"""Two evaluators, one answer: every result of the engine is compared with the reference."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

from cds.engine.durable import DurableEngine
from cds.engine.evaluation import EngineFault, Evaluation
from cds.engine.plan import plan
from cds.engine.reference import ReferenceEvaluator
from cds.pack import Findings, Pack


class EvaluatorDisagreement(EngineFault):
    """The engine and the reference differ: a fault of this program, and never a card."""

    def __init__(self, engine: Evaluation, reference: Evaluation) -> None:
        rules = (engine.known ^ reference.known) | (engine.possible ^ reference.possible)
        derived = {name for name, truth in engine.derived.items() if truth is not reference.derived.get(name)}
        different = ", ".join(sorted(rules | derived)) or "levels"
        super().__init__(f"the two evaluators disagree on: {different}. No recommendation can be given; report this")


class CheckedEvaluator:
    """Evaluates with durable-rules and with the reference, and answers only when both say the same.

    Safe for threads: each gets a durable-rules engine of its own.
    """

    def __init__(self, pack: Pack) -> None:
        """Compile the pack. Raises :class:`PackError` for what the engine cannot hold."""
        self._pack = pack
        self._plan = plan(pack)
        self.reference = ReferenceEvaluator(pack)
        self._local = threading.local()

    @property
    def engine(self) -> DurableEngine:
        """This thread's durable-rules engine."""
        engine: DurableEngine | None = getattr(self._local, "engine", None)
        if engine is None:
            engine = self._local.engine = DurableEngine(self._pack, self._plan)
        return engine

    def evaluate(self, findings: Findings) -> Evaluation:
        """Evaluate one patient. Raises :class:`EngineFault`, or :class:`EvaluatorDisagreement` which is one."""
        answer = self.engine.evaluate(findings)
        return self._agreed(answer, self.reference.evaluate(findings))

    def evaluate_all(self, patients: Sequence[Findings]) -> list[Evaluation | Exception]:
        """What comes of each patient: the evaluation, or what :meth:`evaluate` would have raised.

        One evaluator after the other goes over all of them, so that the processor's caches hold one at a time.
        """
        answers = [_outcome(lambda one=one: self.engine.evaluate(one)) for one in patients]  # type: ignore[misc]  # called at once
        references = [_outcome(lambda one=one: self.reference.evaluate(one)) for one in patients]  # type: ignore[misc]  # as above
        found: list[Evaluation | Exception] = []
        for answer, reference in zip(answers, references, strict=True):
            both = self._both(answer, reference)
            found.append(both)
            if isinstance(both, EvaluatorDisagreement):
                # What was wrong in the engine may have lasted: those after it are evaluated anew, each by itself.
                rest = patients[len(found) :]
                return found + [_outcome(lambda one=one: self.evaluate(one)) for one in rest]  # type: ignore[misc]  # as above
        return found

    def _both(self, answer: Evaluation | Exception, reference: Evaluation | Exception) -> Evaluation | Exception:
        if isinstance(answer, Exception):
            return answer
        if isinstance(reference, Exception):
            return reference
        return _outcome(lambda: self._agreed(answer, reference))

    def _agreed(self, answer: Evaluation, reference: Evaluation) -> Evaluation:
        if answer != reference:
            self.engine.close()  # whatever went wrong in it, the next patient gets a new one
            raise EvaluatorDisagreement(answer, reference)
        return answer


def _outcome(evaluate: Callable[[], Evaluation]) -> Evaluation | Exception:
    try:
        return evaluate()
    except Exception as error:
        return error
