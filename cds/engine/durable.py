"""Forward chaining with durable-rules, in the one pattern that proved reliable (docs/durable-rules.md).

Low-level module only. Each stage is a ruleset of its own in which every rule is one conjunction over one flat fact;
the fact is asserted, its actions are run until the sentinel, which must fire last, and it is retracted. One engine for
each thread, and a new one after any fault.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import threading
import weakref
from typing import Any, Final, NamedTuple

import durable_rules_engine

from cds.engine.evaluation import EngineFault, Evaluation
from cds.engine.fact_text import FactText, Pieces, StageText, piece
from cds.engine.plan import Conclusion, Plan, Stage, plan
from cds.pack import Pack
from cds.pack.value import Findings, Truth

_TESTS: Final = {">=": "$gte", "<=": "$lte"}
_SENTINEL: Final = "End"
_SENTINEL_PRIORITY: Final = 65535
_FACT_ID: Final = "f"
_START: Final = json.dumps({"id": _FACT_ID, _SENTINEL: True})
_SESSION: Final = "0"
_RETRACT: Final = json.dumps({"id": _FACT_ID})
_M_TRIM_THRESHOLD, _M_TOP_PAD = -1, -2


def _keep_heap() -> None:
    """Stop glibc from giving memory back after each evaluation, only to ask for it again."""
    try:
        libc = ctypes.CDLL(None)
        libc.mallopt(_M_TRIM_THRESHOLD, 1 << 28)
        libc.mallopt(_M_TOP_PAD, 1 << 26)
    except (OSError, AttributeError):
        return  # not glibc: nothing to tune, and nothing depends on it


class _Ruleset(NamedTuple):
    """One stage as durable-rules holds it, and how its fact is written."""

    handle: int
    text: StageText


class _Entry(NamedTuple):
    """What follows when a product fires: the rule, and the property and piece of what it concludes.

    ``negated`` is the property that does not hold any more on the other rail, ``tested`` are those that it tests.
    """

    rule: str | None
    concluded: str | None
    piece: str
    negated: str
    tested: tuple[str, ...]

    @classmethod
    def of(cls, conclusion: Conclusion) -> _Entry:
        """The entry of one product."""
        tested = tuple(sorted({literal.name for literal in conclusion.terms}))
        name = conclusion.concludes
        if name is None:
            return cls(conclusion.rule, None, "", "", tested)
        return cls(conclusion.rule, f"{name}.yes", piece(f"{name}.yes", True), f"{name}.no", tested)


class DurableEngine:
    """The rules of one pack in durable-rules. Not for several threads at once: see :meth:`evaluate`."""

    def __init__(self, pack: Pack, compiled: Plan | None = None) -> None:
        """Compile the pack's rules. Raises :class:`PackError` for what the engine cannot hold."""
        _keep_heap()
        self._plan = compiled or plan(pack)
        self._pack = pack
        self._derived = sorted(name for name, finding in pack.findings.items() if finding.derived)
        # Until it fires on the other rail, a derived finding fails on this one. What reads that comes in a later stage.
        self._facts = FactText(pack.findings, self._plan.properties, self._derived)
        self._texts = [StageText(_START, stage.properties) for stage in self._plan.stages]
        self._entries = {entry.key: _Entry.of(entry) for stage in self._plan.stages for entry in stage.conclusions}
        self._levels = {rule.id: rule.then.level for rule in pack.rules if rule.then.level is not None}
        self._lock = threading.Lock()
        self._rulesets: list[_Ruleset] = []
        # When its thread ends, an engine must give back what the C library holds for it.
        weakref.finalize(self, _free, self._rulesets)

    def close(self) -> None:
        """Free the compiled rules; the next evaluation compiles them again."""
        _free(self._rulesets)

    def evaluate(self, findings: Findings) -> Evaluation:
        """Evaluate one patient. Raises :class:`EngineFault` for any irregularity, and when two threads meet here."""
        if not self._lock.acquire(blocking=False):
            raise EngineFault("two threads used one engine at once: each thread needs its own")
        try:
            if len(self._rulesets) != len(self._texts):
                self._compile()
            return self._evaluate(findings)
        except BaseException:
            self.close()  # a fact may have been left behind: never evaluate beside it
            raise
        finally:
            self._lock.release()

    def _compile(self) -> None:
        _free(self._rulesets)
        for stage, text in zip(self._plan.stages, self._texts, strict=True):
            handle = durable_rules_engine.create_ruleset(f"stage{stage.number}", _definition(stage))
            _run(handle, _START)  # the first session must run an action, or deleting it crashes
            self._rulesets.append(_Ruleset(handle, text))

    def _evaluate(self, findings: Findings) -> Evaluation:
        known, possible = self._facts.write(findings)
        fired_known: set[str] = set()
        fired_possible: set[str] = set()
        for handle, text in self._rulesets:
            keys = _run(handle, text.write(possible))
            if not keys:
                continue  # what cannot possibly fire cannot certainly fire: every literal of a product is positive
            entries = [self._entries[key] for key in keys]
            certain = entries
            if _differ(entries, known, possible):
                certain = [self._entries[key] for key in _run(handle, text.write(known))]
            _conclude(entries, possible, known, fired_possible)
            _conclude(certain, known, possible, fired_known)
        return self._result(fired_known, fired_possible, known, possible)

    def _result(self, known: set[str], possible: set[str], rail: Pieces, open_rail: Pieces) -> Evaluation:
        derived: dict[str, Truth] = {
            name: True if rail.get(f"{name}.yes") else None if open_rail.get(f"{name}.yes") else False
            for name in self._derived
        }
        return Evaluation(
            known=frozenset(known),
            possible=frozenset(possible),
            derived=derived,
            level=self._level(known),
            possible_level=self._level(possible),
        )

    def _level(self, fired: set[str]) -> str:
        return self._pack.most_urgent([self._levels[name] for name in fired if name in self._levels])


def _differ(entries: list[_Entry], known: Pieces, possible: Pieces) -> bool:
    """Whether a product that fired on the possible rail tests a property that is another on the known rail.

    If none does, the known rail fires the same: not more, as every literal is positive, and not less, as whether a
    product fires depends on nothing but the properties that it tests.
    """
    for entry in entries:
        for name in entry.tested:
            if known[name] != possible[name]:
                return True
    return False


def _conclude(entries: list[_Entry], rail: Pieces, other: Pieces, fired: set[str]) -> None:
    """Note what fired on one rail; a finding that holds here no longer fails on the other rail."""
    for rule, concluded, text, negated, _ in entries:
        if rule is not None:
            fired.add(rule)
        if concluded is not None:
            rail[concluded] = text
            other[negated] = ""


def _free(rulesets: list[_Ruleset]) -> None:
    """Free all, whatever happens to one of them: what is left of an engine must never look like a whole one."""
    old, rulesets[:] = rulesets[:], []
    with contextlib.ExitStack() as stack:
        for ruleset in old:
            stack.callback(durable_rules_engine.delete_ruleset, ruleset.handle)
            # Its slot has run an action, so it is safe to delete; called before the deletion of the ruleset.
            stack.callback(durable_rules_engine.delete_state, ruleset.handle, _SESSION)


def _run(handle: int, fact: str) -> list[str]:
    """Assert one fact, run its actions, retract it; the keys of the products that fired."""
    try:
        code, offset = durable_rules_engine.assert_fact(handle, fact)
        if code != 0:
            raise EngineFault(f"the rules engine refused a fact (code {code})")
        started = durable_rules_engine.start_action_for_state(handle, offset)
        message: str | None = started[1] if started else None
        keys: list[str] = []
        while message:
            keys.append(message[2 : message.index('"', 2)])
            message = durable_rules_engine.complete_and_start_action(handle, offset)
        code, _ = durable_rules_engine.retract_fact(handle, _RETRACT)
        if code != 0:
            raise EngineFault(f"the rules engine kept a fact (code {code})")
    except durable_rules_engine.error as error:
        raise EngineFault(f"the rules engine failed: {error}") from error
    if not keys or keys.pop() != _SENTINEL:
        raise EngineFault("the rules engine stopped before all rules were evaluated")
    return keys


def _definition(stage: Stage) -> str:
    """A stage as durable-rules reads it: one rule for each product, and a sentinel that fires after all of them."""
    rules: dict[str, Any] = {}
    for priority, entry in enumerate(stage.conclusions, start=1):
        tests = [_test(*literal) for literal in sorted(entry.terms)]
        rules[entry.key] = {"all": [{"m": {"$and": tests}}], "pri": priority}
    rules[_SENTINEL] = {"all": [{"m": {_SENTINEL: True}}], "pri": _SENTINEL_PRIORITY}
    return json.dumps(rules)


def _test(name: str, test: str, value: int | bool) -> dict[str, Any]:
    return {name: value} if test == "==" else {_TESTS[test]: {name: value}}
