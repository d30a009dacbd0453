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
from typing import Any, Final

import durable_rules_engine

from cds.engine.evaluation import EngineFault, Evaluation
from cds.engine.fact_text import FactText, Rails
from cds.engine.plan import Plan, Stage, plan
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


class DurableEngine:
    """The rules of one pack in durable-rules. Not for several threads at once: see :meth:`evaluate`."""

    def __init__(self, pack: Pack, compiled: Plan | None = None) -> None:
        """Compile the pack's rules. Raises :class:`PackError` for what the engine cannot hold."""
        _keep_heap()
        self._plan = compiled or plan(pack)
        self._pack = pack
        # Until it fires on the other rail, a derived finding fails on this one. What reads that comes in a later stage.
        derived = sorted(name for name, finding in pack.findings.items() if finding.derived)
        self._denied: dict[str, Truth] = dict.fromkeys(derived, False)
        self._facts = FactText(pack.findings, self._plan.stages, derived, _START)
        conclusions = [entry for stage in self._plan.stages for entry in stage.conclusions]
        self._rules = {entry.key: entry.rule for entry in conclusions}
        self._concludes = {entry.key: entry.concludes for entry in conclusions if entry.concludes is not None}
        self._concluding = [any(entry.concludes for entry in stage.conclusions) for stage in self._plan.stages]
        self._ranks = {rule.id: pack.rank[rule.then.level] for rule in pack.rules if rule.then.level is not None}
        self._lock = threading.Lock()
        self._rulesets: list[int] = []
        """The handle of each stage."""
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
            if len(self._rulesets) != len(self._plan.stages):
                self._compile()
            return self._evaluate(findings)
        except BaseException:
            self.close()  # a fact may have been left behind: never evaluate beside it
            raise
        finally:
            self._lock.release()

    def _compile(self) -> None:
        _free(self._rulesets)
        for stage in self._plan.stages:
            handle = durable_rules_engine.create_ruleset(f"stage{stage.number}", _definition(stage))
            _run(handle, _START)  # the first session must run an action, or deleting it crashes
            self._rulesets.append(handle)

    def _evaluate(self, findings: Findings) -> Evaluation:
        rails = self._facts.write(findings)
        rules, concludes = self._rules.__getitem__, self._concludes
        known: set[str | None] = set()
        possible: set[str | None] = set()
        for stage, handle in enumerate(self._rulesets):
            keys = _run(handle, rails.possible_fact(stage))
            if not keys:
                continue  # what cannot possibly fire cannot certainly fire: every literal of a product is positive
            certain = keys
            # A product whose properties are the same on both rails fires on both: it depends on nothing else.
            if not rails.differing.isdisjoint(keys):
                certain = _run(handle, rails.known_fact(stage))
                rails.may_hold([concludes[key] for key in keys if key in concludes])
            if self._concluding[stage]:
                rails.hold([concludes[key] for key in certain if key in concludes])
            possible.update(map(rules, keys))
            known.update(map(rules, certain))
        return self._result(known, possible, rails)

    def _result(self, known: set[str | None], possible: set[str | None], rails: Rails) -> Evaluation:
        derived = self._denied.copy()
        derived.update([(name, None) for name in rails.possibly_hold if name in derived])
        derived.update([(name, True) for name in rails.certainly_hold if name in derived])
        # Hidden findings have no rule.
        certain = frozenset([name for name in known if name is not None])
        possibly = frozenset([name for name in possible if name is not None])
        return Evaluation(certain, possibly, derived, self._level(certain), self._level(possibly))

    def _level(self, fired: frozenset[str]) -> str:
        ranks = [rank for rank in map(self._ranks.get, fired) if rank is not None]
        return self._pack.levels[min(ranks)].id if ranks else self._pack.default_level


def _free(rulesets: list[int]) -> None:
    """Free all, whatever happens to one of them: what is left of an engine must never look like a whole one."""
    old, rulesets[:] = rulesets[:], []
    with contextlib.ExitStack() as stack:
        for handle in old:
            stack.callback(durable_rules_engine.delete_ruleset, handle)
            # Its slot has run an action, so it is safe to delete; called before the deletion of the ruleset.
            stack.callback(durable_rules_engine.delete_state, handle, _SESSION)


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
