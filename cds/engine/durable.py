"""Forward chaining with durable-rules, in the one pattern that proved reliable (docs/durable-rules.md).

Low-level module only; one flat fact for each stage and rail; every rule one conjunction over that fact; one session,
deleted after each patient; a sentinel that must fire last in each stage; one engine for each thread.
"""

from __future__ import annotations

import ctypes
import json
import threading
from typing import Any, Final

import durable_rules_engine
import orjson

from cds.engine.evaluation import EngineFault, Evaluation
from cds.engine.facts import Fact, FactBuilder
from cds.engine.plan import Plan, plan
from cds.pack import Pack
from cds.pack.value import Findings, Truth

_SESSION: Final = "0"
_TESTS: Final = {">=": "$gte", "<=": "$lte"}
_M_TRIM_THRESHOLD, _M_TOP_PAD = -1, -2


def _keep_heap() -> None:
    """Stop glibc from giving the heap back after each session: it costs five times the evaluation itself."""
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
        self._facts = FactBuilder(pack.findings, self._plan.properties)
        self._rules = pack.rule
        self._pack = pack
        self._derived = sorted(name for name, finding in pack.findings.items() if finding.derived)
        self._negated: Fact = {f"{name}.no": True for name in self._derived}
        self._stages = [(stage.number, f"$end{stage.number}", stage.properties) for stage in self._plan.stages]
        self._entries = {entry.key: entry for stage in self._plan.stages for entry in stage.conclusions}
        self._lock = threading.Lock()
        self._handle = durable_rules_engine.create_ruleset("rules", _ruleset(self._plan))
        self.evaluate({})  # the first session in a slot must run an action, or deleting it crashes

    def close(self) -> None:
        """Free the compiled rules."""
        if self._handle is not None:
            durable_rules_engine.delete_ruleset(self._handle)
            self._handle = None

    def evaluate(self, findings: Findings) -> Evaluation:
        """Evaluate one patient. Raises :class:`EngineFault` for any irregularity, and when two threads meet here."""
        if not self._lock.acquire(blocking=False):
            raise EngineFault("two threads used one engine at once: each thread needs its own")
        try:
            return self._evaluate(findings)
        finally:
            try:
                durable_rules_engine.delete_state(self._handle, _SESSION)
            except durable_rules_engine.error:
                pass  # no session was created, so none is left over
            self._lock.release()

    def _evaluate(self, findings: Findings) -> Evaluation:
        known, possible = self._facts.build(findings)
        # Until it fires on the other rail, a derived finding fails on this one. What reads that comes in a later stage.
        known.update(self._negated)
        possible.update(self._negated)
        fired_known: set[str] = set()
        fired_possible: set[str] = set()
        for number, sentinel, properties in self._stages:
            fact_known = {name: known[name] for name in properties if name in known}
            fact_possible = {name: possible[name] for name in properties if name in possible}
            keys = self._run(f"k{number}", number, sentinel, fact_known)
            self._conclude(keys, known, possible, fired_known)
            if fact_possible != fact_known:  # the same fact fires the same rules
                keys = self._run(f"p{number}", number, sentinel, fact_possible)
            self._conclude(keys, possible, known, fired_possible)
        return self._result(fired_known, fired_possible, known, possible)

    def _conclude(self, keys: list[str], fact: Fact, other: Fact, fired: set[str]) -> None:
        """Note what fired on one rail; a finding that holds here no longer fails on the other rail."""
        for key in keys:
            entry = self._entries[key]
            if entry.rule is not None:
                fired.add(entry.rule)
            if entry.concludes is not None:
                fact[f"{entry.concludes}.yes"] = True
                other.pop(f"{entry.concludes}.no", None)

    def _run(self, fact_id: str, number: int, sentinel: str, fact: Fact) -> list[str]:
        """Assert one fact and run its actions; the keys of the products that fired."""
        document = orjson.dumps({"id": fact_id, "Stage": number, **fact}).decode()
        try:
            code, offset = durable_rules_engine.assert_fact(self._handle, document)
            if code != 0:
                raise EngineFault(f"the rules engine refused a fact (code {code})")
            started = durable_rules_engine.start_action_for_state(self._handle, offset)
            message: str | None = started[1] if started else None
            keys: list[str] = []
            while message:
                keys.append(message[2 : message.index('"', 2)])
                message = durable_rules_engine.complete_and_start_action(self._handle, offset)
        except durable_rules_engine.error as error:
            raise EngineFault(f"the rules engine failed: {error}") from error
        if not keys or keys.pop() != sentinel:
            raise EngineFault("the rules engine stopped before all rules were evaluated")
        return keys

    def _result(self, known: set[str], possible: set[str], fact: Fact, open_fact: Fact) -> Evaluation:
        derived: dict[str, Truth] = {
            name: True if f"{name}.yes" in fact else None if f"{name}.yes" in open_fact else False
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
        levels = [self._rules[name].then.level for name in fired]
        return self._pack.most_urgent([level for level in levels if level is not None])


def _ruleset(compiled: Plan) -> str:
    """The rules as durable-rules reads them: one rule for each product, and a sentinel for each stage."""
    definitions: dict[str, Any] = {}
    for stage in compiled.stages:
        for priority, entry in enumerate(stage.conclusions, start=1):
            tests = [{"Stage": stage.number}, *(_test(*literal) for literal in sorted(entry.terms))]
            definitions[entry.key] = {"all": [{"m": {"$and": tests}}], "pri": priority}
        definitions[f"$end{stage.number}"] = {"all": [{"m": {"Stage": stage.number}}], "pri": 65535}
    return json.dumps(definitions)


def _test(name: str, test: str, value: int | bool) -> dict[str, Any]:
    return {name: value} if test == "==" else {_TESTS[test]: {name: value}}

