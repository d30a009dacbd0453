"""Responses that were never seen before, by stage: each is measured once, after others have warmed up the caches."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import orjson
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks.patients import NEVER_SEEN, WARM_UP, never_seen, support
from cds.intake import PlainReader, parse_json

KINDS = {"never seen": 0.0, "never seen, a tenth skipped": 0.1}


def _steps(data: tuple[bytes, ...]) -> dict[str, tuple[Callable[[Any], Any], Callable[[bytes], Any]]]:
    """Each step, and what it is given for a response."""
    made = support()
    reader = PlainReader(made.pack.questionnaire)
    evaluator = made.assessor.evaluator

    def values(response: bytes) -> Any:
        return made.decide(response).patient.values

    return {
        "orjson.loads": (orjson.loads, bytes),
        "parse": (parse_json, bytes),
        "read and check": (reader.read, orjson.loads),
        "engine": (evaluator.engine.evaluate, values),
        "reference": (evaluator.reference.evaluate, values),
        "assessment": (made.assessor.assess, values),
        "cards": (made.make_cards, made.decide),
        "decision": (made.decide, bytes),
        "whole path": (lambda response: made.make_cards(made.decide(response)), bytes),
    }


STEPS = tuple(_steps(()))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("step", STEPS)
def test_never_seen(benchmark: BenchmarkFixture, step: str, kind: str) -> None:
    data = never_seen(KINDS[kind])
    for response in data[:WARM_UP]:
        support().make_cards(support().decide(response))
    run, prepare = _steps(data)[step]
    fresh: Iterator[bytes] = iter(data[WARM_UP:])
    benchmark.extra_info.update(step=step, unseen=kind)
    benchmark.pedantic(  # type: ignore[no-untyped-call]
        run, setup=lambda: ((prepare(next(fresh)),), {}), rounds=NEVER_SEEN
    )
