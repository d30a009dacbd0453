"""One response by stage, beside ``orjson.loads`` of the same bytes and ``fhir.resources`` validation of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import orjson
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks.patients import KINDS, response, support
from cds.cards import result
from cds.intake import FindingReader, PlainReader, ResponseChecker, parse_json, validate_models
from cds.intake.models import validate_whole


def _steps(kind: str) -> dict[str, Callable[[], Any]]:
    made = support()
    pack, data = made.pack, response(kind)
    checker, reader = ResponseChecker(pack.questionnaire), FindingReader(pack.findings, pack.questionnaire)
    resource = parse_json(data)
    plain = PlainReader(pack.questionnaire)
    checked = checker.check(resource)
    values = reader.read(checked).values
    decision = made.decide(data)
    evaluator = made.assessor.evaluator
    engine, reference = evaluator.engine, evaluator.reference
    return {
        "orjson.loads": lambda: orjson.loads(data),
        "parse": lambda: parse_json(data),
        "read and check": lambda: plain.read(resource),
        "findings": lambda: reader.read(checked),
        "engine": lambda: engine.evaluate(values),
        "reference": lambda: reference.evaluate(values),
        "assessment": lambda: made.assessor.assess(values),
        "cards": lambda: made.make_cards(decision),
        "decision": lambda: made.decide(data),
        "whole path": lambda: made.make_cards(made.decide(data)),
        "the full way: check": lambda: checker.check(resource),
        "the full way: fhir.resources, every item": lambda: validate_whole(resource),
        "the full way: fhir.resources, new items only": lambda: validate_models(resource),
        "whole JSON result": lambda: orjson.dumps(result(made.cards, made.decide(data), "x", "en")),
    }


STEPS = tuple(_steps("complete"))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("step", STEPS)
def test_step(benchmark: BenchmarkFixture, step: str, kind: str) -> None:
    benchmark.extra_info.update(step=step, kind=kind)
    benchmark(_steps(kind)[step])
