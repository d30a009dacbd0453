"""One worker's part of a run: every line comes to an assessment or a refusal, whatever its chart is."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import orjson
import pytest

from cds import default_pack
from cds.batch.case import Case
from cds.batch.chart_index import ChartIndex, build_index
from cds.batch.evaluator import Chunk, Evaluator
from cds.batch.lines import Line
from cds.intake import IntakeError
from tests.batch.exports import RESPONSES, write


def _response(patient: str) -> bytes:
    response = orjson.loads(RESPONSES[0].read_bytes())
    return orjson.dumps({**response, "subject": {"reference": f"Patient/{patient}"}})


def _condition(patient: str, text: str) -> bytes:
    return orjson.dumps(
        {
            "resourceType": "Condition",
            "subject": {"reference": f"Patient/{patient}"},
            "code": {"text": text},
            "clinicalStatus": {"coding": [{"code": "active"}]},
        }
    )


def test_a_chart_that_is_too_large_refuses_its_own_patient_alone(tmp_path: Path) -> None:
    large = _condition("large", "x" * 900_000)
    write(tmp_path / "Condition.ndjson", [large] * 19 + [_condition("small", "x")])
    build_index(tmp_path / "charts.sqlite", [("Condition.ndjson", tmp_path / "Condition.ndjson")])
    evaluator = Evaluator(default_pack(), tmp_path / "charts.sqlite", None, False, None, True)
    lines = tuple(Line(number, _response(name)) for number, name in enumerate(("small", "large", "small"), start=1))
    found = evaluator.evaluate(Chunk(0, 0, "r.ndjson", lines))
    assert (found.assessed_count, found.refused_count) == (2, 1)
    (refused,) = found.refused.splitlines()
    assert orjson.loads(refused)["issue"][0]["diagnostics"] == (
        f"r.ndjson:2: chart: the input has {19 * len(large)} bytes, 16777216 is the most: send one resource at a time"
    )


def test_no_more_of_a_chart_is_read_than_may_be(tmp_path: Path) -> None:
    taken = orjson.dumps(
        {
            "resourceType": "MedicationRequest",
            "subject": {"reference": "Patient/1"},
            "medicationReference": {"reference": "Medication/m"},
        }
    )
    medication = orjson.dumps({"resourceType": "Medication", "id": "m", "code": {"text": "x" * 100}})
    write(tmp_path / "a.ndjson", [taken, medication])
    build_index(tmp_path / "charts.sqlite", [("a.ndjson", tmp_path / "a.ndjson")])
    index = ChartIndex(tmp_path / "charts.sqlite")
    whole = len(taken) + len(medication)
    assert index.chart("Patient/1", whole) == [taken, medication]
    for limit, size in ((whole - 1, whole), (len(taken), whole), (len(taken) - 1, len(taken)), (0, len(taken))):
        with pytest.raises(IntakeError, match=f"has {size} bytes"):
            index.chart("Patient/1", limit)


def test_an_error_that_names_no_fault_refuses_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    evaluator = Evaluator(default_pack(), None, None, False, None, True)

    def fail(*_: object) -> None:
        raise IntakeError([])

    for step in ("check_json", "find", "decision"):
        with monkeypatch.context() as patched:
            patched.setattr(evaluator._support, step, fail)
            found = evaluator.evaluate(Chunk(0, 0, "r.ndjson", (Line(1, _response("one")),)))
        assert (found.assessed_count, found.refused_count) == (0, 1)


def test_the_bytes_of_a_chart_are_let_go_even_if_they_cannot_be_read() -> None:
    class Broken(Evaluator):
        held = 0

        def _chart(self, subject: str | None, _line: Line) -> tuple[Sequence[bytes], bool]:
            return (b"{" + b" " * 3_000_000,), True

        def _evaluate(self, group: Sequence[Case]) -> None:
            self.held = max(self.held, sum(len(one) for case in group for one in case.resources))
            super()._evaluate(group)

    evaluator = Broken(default_pack(), None, None, False, None, True)
    lines = tuple(Line(number, _response("one")) for number in range(1, 5))
    found = evaluator.evaluate(Chunk(0, 0, "r.ndjson", lines))
    assert (found.assessed_count, found.refused_count, evaluator.held) == (0, 4, 0)
