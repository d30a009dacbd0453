"""A DataFrame of responses: one row out for each row in, with what the response alone comes to."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from pyspark.sql import SparkSession

from cds import DecisionSupport, default_pack
from cds.pack import PackError
from cds.spark import assess
from tests.batch.exports import CHARTS, RESPONSES

WITH_CHART = [path for path in RESPONSES if (CHARTS / path.name).is_file()][:8]


def _chart(name: str) -> list[str]:
    return [orjson.dumps(entry["resource"]).decode() for entry in orjson.loads((CHARTS / name).read_bytes())["entry"]]


def test_each_row_comes_to_what_its_response_alone_does(session: SparkSession) -> None:
    rows: list[tuple[int, str | None, list[str | None] | None]] = []
    for path in WITH_CHART:
        text = path.read_text(encoding="utf-8")
        rows += [(len(rows), text, list(_chart(path.name))), (len(rows) + 1, text, [])]
    good = rows[0][1]
    rows += [(100, good, None), (101, None, []), (102, "{broken", []), (103, good, ["{broken"]), (104, good, [None])]
    rows += [(105, " ", None), (106, f"  {good}\n", list(rows[0][2] or ()))]
    frame = session.createDataFrame(rows, "row int, answers string, chart array<string>").repartition(3, "row")
    found = {row["row"]: row for row in assess(frame, column="answers", charts="chart").collect()}
    assert len(found) == len(rows)
    support = DecisionSupport.load(default_pack())
    for number, response, chart in rows:
        told, refusal = found[number]["assessment"], found[number]["refusal"]
        assert (told is None) == (number in (101, 102, 103, 104, 105)) == (refusal is not None), number
        assert found[number]["answers"] == response
        if told is not None:
            parsed = [orjson.loads(one) for one in chart or () if one] or None
            alone = support.decide_parsed(orjson.loads(response or ""), parsed)
            assert (told["outcome"], told["level"]) == (alone.assessment.outcome, alone.assessment.level)
            assert told["fired"] == [rule.id for rule in alone.assessment.fired]
            assert (told["chart"], told["chart_whole"]) == (len(chart or ()), chart is not None)
    assert found[101]["refusal"] == ["there is no response in this row"]
    assert "this is not valid JSON (line 1, column 2)" in found[102]["refusal"][0]
    outcomes = [found[number]["assessment"]["outcome"] for number in range(2 * len(WITH_CHART))]
    assert outcomes[::2] != outcomes[1::2]  # the charts tell


def test_binary_without_charts_by_another_pack(session: SparkSession) -> None:
    frame = session.createDataFrame([(bytearray(RESPONSES[0].read_bytes()),)], "value binary")
    (row,) = assess(frame, pack=default_pack().parent / "ottawa-ankle").collect()
    assert row["assessment"] is None
    assert "the response answers another questionnaire" in row["refusal"][0]
    (row,) = assess(frame).collect()
    assert (row["assessment"]["chart"], row["assessment"]["chart_whole"]) == (0, True)


@pytest.mark.parametrize(
    ("given", "error", "message"),
    [
        ({"column": "text"}, ValueError, "there is no column 'text': it has value, number, refusal"),
        ({"column": "number"}, TypeError, "column 'number' must be string or binary"),
        ({"charts": "value"}, TypeError, "column 'value' must be an array of strings"),
        ({}, ValueError, "there is a column 'refusal' already: rename it"),
        ({"as_of": "yesterday"}, ValueError, "not a FHIR dateTime"),
    ],
)
def test_what_cannot_be_used(
    session: SparkSession, given: dict[str, Any], error: type[Exception], message: str
) -> None:
    frame = session.createDataFrame([], "value string, number int, refusal string")
    with pytest.raises(error, match=message):
        assess(frame if "as_of" not in given else frame.drop("refusal"), **given)


def test_a_pack_with_faults_is_told_at_once(session: SparkSession, tmp_path: Any) -> None:
    with pytest.raises(PackError):
        assess(session.createDataFrame([], "value string"), pack=tmp_path)
