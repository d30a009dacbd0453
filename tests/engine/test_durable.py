"""The adapter around durable-rules: its traps stay closed, and every irregularity is an error."""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable
from typing import Any

import durable_rules_engine
import pytest

from cds.engine import CheckedEvaluator, DurableEngine, EngineFault, ReferenceEvaluator
from cds.pack import Interval
from cds.pack.condition import All, AnyOf, AtLeast, Compare, Holds, Not
from tests.engine.random_packs import boolean, integer, pack_of, rule_of


def _simple() -> DurableEngine:
    return DurableEngine(pack_of([boolean("a")], [rule_of("r", Holds("a"), level="emergency")]))


def test_known_and_possible() -> None:
    engine = _simple()
    levels = []
    for values in ({"a": True}, {"a": False}, {}):
        answer = engine.evaluate(values)
        levels.append((answer.level, answer.possible_level))
    assert levels == [("emergency", "emergency"), ("self-care", "self-care"), ("self-care", "emergency")]


def test_hundreds_of_rules_that_are_all_true_all_fire() -> None:
    # one flat fact with 65 rules on different true tests is refused by the engine: stages keep below that
    findings = [boolean(f"b{index}") for index in range(300)]
    rules = [rule_of(f"r{index}", Holds(f"b{index}"), level="routine") for index in range(300)]
    engine = DurableEngine(pack_of(findings, rules))
    answer = engine.evaluate({finding.id: True for finding in findings})
    assert len(answer.known) == 300


def test_one_rule_with_hundreds_of_true_alternatives_fires_once() -> None:
    findings = [boolean(f"b{index}") for index in range(300)]
    rules = [rule_of("r", AnyOf(tuple(Holds(finding.id) for finding in findings)), level="emergency")]
    answer = DurableEngine(pack_of(findings, rules)).evaluate({finding.id: True for finding in findings})
    assert answer.known == {"r"}


def test_two_rules_may_conclude_the_same_finding() -> None:
    findings = [boolean("a"), boolean("b"), boolean("d", derived=True)]
    rules = [
        rule_of("r1", Holds("a"), conclude="d"),
        rule_of("r2", Holds("b"), conclude="d"),
        rule_of("r3", Holds("d"), level="emergency"),
        rule_of("r4", Not(Holds("d")), level="routine"),
    ]
    engine = DurableEngine(pack_of(findings, rules))
    assert engine.evaluate({"a": True, "b": True}).known == {"r1", "r2", "r3"}
    assert engine.evaluate({"a": False, "b": False}).known == {"r4"}
    assert engine.evaluate({"a": False}).known == frozenset()
    assert engine.evaluate({"a": False}).possible == {"r2", "r3", "r4"}


def test_a_rule_and_a_finding_may_share_a_name() -> None:
    findings = [boolean("a"), boolean("same", derived=True)]
    rules = [rule_of("same", Not(Holds("a")), level="routine"), rule_of("other", Holds("a"), conclude="same")]
    answer = DurableEngine(pack_of(findings, rules)).evaluate({"a": True})
    assert answer.known == {"other"}
    assert answer.derived == {"same": True}


def test_a_finding_may_have_a_name_that_the_engine_reserves() -> None:
    findings = [boolean("id"), boolean("sid"), boolean("m"), boolean("pri")]
    rules = [rule_of("r", All(tuple(Holds(finding.id) for finding in findings)), level="emergency")]
    answer = DurableEngine(pack_of(findings, rules)).evaluate(dict.fromkeys(("id", "sid", "m", "pri"), True))
    assert answer.known == {"r"}


def test_large_thresholds() -> None:
    findings = [boolean(f"b{index}") for index in range(12)]
    rules = [rule_of("r", AtLeast(6, tuple(Holds(finding.id) for finding in findings)), level="routine")]
    pack = pack_of(findings, rules)
    engine, reference = DurableEngine(pack), ReferenceEvaluator(pack)
    for count in range(13):
        values = {f"b{index}": index < count for index in range(12)}
        assert engine.evaluate(values) == reference.evaluate(values)
        partly: dict[str, bool | Interval] = {name: True for name, value in values.items() if value}
        assert engine.evaluate(partly) == reference.evaluate(partly)


def test_numbers_up_to_the_range_of_the_vocabulary() -> None:
    findings = [integer("n", -5, 2_000_000)]
    rules = [
        rule_of("r", Compare("n", ">=", 1_999_999), level="routine"),
        rule_of("s", Compare("n", "<", -3), level="routine"),
    ]
    engine = DurableEngine(pack_of(findings, rules))
    for number, expected in ((2_000_000, {"r"}), (1_999_999, {"r"}), (0, set()), (-4, {"s"}), (-3, set())):
        assert engine.evaluate({"n": Interval(number, number)}).known == expected


@pytest.mark.parametrize(
    ("function", "fault"),
    [
        ("assert_fact", lambda *_: (1, 0)),
        ("assert_fact", lambda *_: _raise(durable_rules_engine.error("boom"))),
        ("start_action_for_state", lambda *_: None),
        ("complete_and_start_action", lambda *_: None),
        ("complete_and_start_action", lambda *_: _raise(durable_rules_engine.error("boom"))),
        ("complete_and_start_action", lambda *_: _raise(KeyboardInterrupt())),
        ("retract_fact", lambda *_: (1, 0)),
        ("retract_fact", lambda *_: _raise(durable_rules_engine.error("boom"))),
    ],
)
def test_a_failing_engine_gives_no_answer_and_recovers(
    monkeypatch: pytest.MonkeyPatch, function: str, fault: Callable[..., Any]
) -> None:
    engine = _simple()
    assert engine.evaluate({"a": True}).level == "emergency"
    with monkeypatch.context() as patched:
        patched.setattr(durable_rules_engine, function, fault)
        with pytest.raises((EngineFault, KeyboardInterrupt)):
            engine.evaluate({"a": True})
    for value in (False, True, False):
        assert engine.evaluate({"a": value}).level == ("emergency" if value else "self-care")


def test_a_dropped_firing_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    findings = [boolean("a"), boolean("b")]
    rules = [rule_of("r1", Holds("a"), level="emergency"), rule_of("r2", Holds("b"), level="routine")]
    engine = DurableEngine(pack_of(findings, rules))
    engine.evaluate({})
    original = durable_rules_engine.complete_and_start_action
    calls = iter([True, False])
    monkeypatch.setattr(
        durable_rules_engine,
        "complete_and_start_action",
        lambda handle, offset: original(handle, offset) if next(calls) else None,
    )
    with pytest.raises(EngineFault, match="stopped before all rules"):
        engine.evaluate({"a": True, "b": True})


def _raise(error: BaseException) -> None:
    raise error


def test_two_threads_cannot_meet_in_one_engine() -> None:
    engine = _simple()
    engine.evaluate({})
    assert engine._lock.acquire(blocking=False)
    found: list[str] = []

    def other() -> None:
        try:
            engine.evaluate({"a": True})
        except EngineFault as error:
            found.append(str(error))

    thread = threading.Thread(target=other)
    thread.start()
    thread.join()
    engine._lock.release()
    assert found == ["two threads used one engine at once: each thread needs its own"]
    assert engine.evaluate({"a": True}).level == "emergency"


def test_an_engine_that_was_closed_compiles_again() -> None:
    engine = _simple()
    for value in (True, False):
        assert engine.evaluate({"a": value}).level == ("emergency" if value else "self-care")
        engine.close()
        engine.close()


def test_an_engine_that_could_not_be_freed_whole_is_never_used_in_part(monkeypatch: pytest.MonkeyPatch) -> None:
    findings = [boolean(f"b{index}") for index in range(300)]
    rules = [rule_of(f"r{index}", Holds(f"b{index}"), level="routine") for index in range(300)]
    engine = DurableEngine(pack_of(findings, rules))
    everything = {finding.id: True for finding in findings}
    assert len(engine.evaluate(everything).known) == 300
    honest, calls = durable_rules_engine.delete_state, 0

    def second_fails(*arguments: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == 2:
            raise RuntimeError
        return honest(*arguments)

    monkeypatch.setattr(durable_rules_engine, "delete_state", second_fails)
    with pytest.raises(RuntimeError):
        engine.close()
    assert calls > 2
    assert len(engine.evaluate(everything).known) == 300


def test_after_a_disagreement_the_next_patient_gets_a_new_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    checked = CheckedEvaluator(pack_of([boolean("a")], [rule_of("r", Holds("a"), level="emergency")]))
    assert checked.evaluate({"a": True}).level == "emergency"
    closed = []
    monkeypatch.setattr(DurableEngine, "close", lambda self: closed.append(self))  # noqa: PLW0108 - to be bound
    other = checked.evaluate({"a": False})
    monkeypatch.setattr(ReferenceEvaluator, "evaluate", lambda *_: other)
    with pytest.raises(EngineFault, match="disagree"):
        checked.evaluate({"a": True})
    assert closed == [checked.engine]


def test_engines_of_ended_threads_are_freed(monkeypatch: pytest.MonkeyPatch) -> None:
    gc.collect()  # engines of earlier tests
    freed: list[int] = []
    original = durable_rules_engine.delete_ruleset

    def note(handle: int) -> None:
        freed.append(handle)
        original(handle)

    monkeypatch.setattr(durable_rules_engine, "delete_ruleset", note)
    evaluator = CheckedEvaluator(pack_of([boolean("a")], [rule_of("r", Holds("a"), level="emergency")]))
    for _ in range(3):
        thread = threading.Thread(target=evaluator.evaluate, args=({"a": True},))
        thread.start()
        thread.join()
    gc.collect()
    assert len(freed) == 3
