"""A whole run: everything that was read is assessed or refused, as one patient at a time would be."""

from __future__ import annotations

from collections import Counter
from hashlib import sha256
from pathlib import Path

import orjson
import pyarrow.parquet as pq
import pytest

from cds import DecisionSupport, default_pack
from cds.batch import BatchError, BatchOptions, run_batch
from tests.batch.exports import RESPONSES, contents, export, records, write

OPTIONS = BatchOptions(default_pack(), lines=70)


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """An export with charts, and what a run made of it."""
    folder = tmp_path_factory.mktemp("batch")
    export(folder / "in")
    run_batch(folder / "in", folder / "out", OPTIONS)
    return folder / "in", folder / "out"


def test_each_is_assessed_as_alone_with_the_chart(tmp_path: Path) -> None:
    patients = export(tmp_path / "in", compressed=True)
    result = run_batch(tmp_path / "in", tmp_path / "out", OPTIONS)
    assert (result.read, result.assessed, result.refused) == (len(patients), len(patients), 0)
    assert result.complete
    assert result.chart_read == sum(len(chart) for _, chart in patients)
    support = DecisionSupport.load(default_pack())
    found = records(tmp_path / "out")
    for (response, chart), record in zip(patients, found, strict=True):
        alone = support.decide(response, orjson.dumps(chart) if chart else None).assessment
        told = (record["outcome"], record["level"], record["possible_level"], record["chart"])
        assert told == (alone.outcome, alone.level, alone.possible_level, len(chart)), record["source"]
        assert record["chart_whole"]
        assert record["fired"] == [rule.id for rule in alone.fired]
        assert record["open"] == [gap.finding for gap in alone.open_findings]
    without = Counter(support.decide(response).assessment.outcome for response, _ in patients)
    assert Counter(record["outcome"] for record in found) != without  # the charts tell


def test_the_manifest_counts_and_its_sums_are_right(finished: tuple[Path, Path]) -> None:
    source, out = finished
    manifest = orjson.loads((out / "manifest.json").read_bytes())
    read = sum(len(path.read_bytes().splitlines()) for path in source.glob("QuestionnaireResponse.*"))
    counts = manifest["counts"]
    assert counts["responses"] == counts["assessed"] + counts["refused"] == read
    assert counts["outcomes"] == dict(Counter(record["outcome"] for record in records(out)))
    for entry in manifest["output"]:
        data = (out / entry["url"]).read_bytes()
        assert (entry["bytes"], entry["sha256"]) == (len(data), sha256(data).hexdigest())
    assert {path.name for path in out.iterdir()} == {entry["url"] for entry in manifest["output"]} | {"manifest.json"}


def test_parquet_has_the_same_records(finished: tuple[Path, Path]) -> None:
    _, out = finished
    found = [row for path in sorted(out.glob("*.parquet")) for row in pq.read_table(path).to_pylist()]
    assert found == records(out)


def test_workers_and_compression_change_nothing(finished: tuple[Path, Path], tmp_path: Path) -> None:
    source, out = finished
    options = BatchOptions(default_pack(), workers=3, lines=70)
    run_batch(source, tmp_path / "out", options)
    assert contents(tmp_path / "out") == contents(out)


def test_what_is_refused_says_where_and_loses_nothing_else(tmp_path: Path) -> None:
    good = export(tmp_path / "fixtures")[0][0]
    lines = [good, b"{broken", b"\xff\xfe", b"x" * (3 << 20), b"", good, b'{"resourceType": "Patient"}']
    other = orjson.loads(good)
    other["questionnaire"] = "https://example.org/another|1.0.0"
    (tmp_path / "in").mkdir()
    write(tmp_path / "in" / "a.ndjson", [])
    write(tmp_path / "in" / "QuestionnaireResponse.ndjson", [*lines, orjson.dumps(other)])
    write(tmp_path / "in" / "empty-QuestionnaireResponse.ndjson", [b""])
    write(tmp_path / "in" / "Condition.ndjson", [b"{broken"])
    result = run_batch(tmp_path / "in", tmp_path / "out", BatchOptions(default_pack(), guidance=True))
    assert (result.read, result.assessed, result.refused, result.complete) == (7, 2, 5, False)
    assert result.empty == ("a.ndjson", "empty-QuestionnaireResponse.ndjson")
    assert result.chart_refused == 1
    # What could not be read may have been of any patient: each record says so.
    assert [record["chart_whole"] for record in records(tmp_path / "out")] == [False, False]
    told = [outcome["issue"][0]["diagnostics"] for outcome in records(tmp_path / "out", "OperationOutcome")]
    places = [text.split(": ")[0] for text in told]
    expected = [f"QuestionnaireResponse.ndjson:{number}" for number in (2, 3, 4, 7, 8)]
    assert places == [*expected, "Condition.ndjson:1"]
    assert "not valid UTF-8" in told[1]
    assert f"the input has {(3 << 20) + 1} bytes" in told[2]
    guidance = records(tmp_path / "out", "GuidanceResponse")
    assert [one["contained"][0]["resourceType"] for one in guidance] == ["Parameters", "Parameters"]


def test_a_response_whose_patient_cannot_be_told_says_that_its_chart_is_unknown(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    write(tmp_path / "in" / "Patient.ndjson", [b'{"resourceType": "Patient", "id": "1"}'])
    response = orjson.loads(RESPONSES[0].read_bytes())
    del response["subject"]
    told = [response | {"subject": {"reference": name}} for name in ("Patient/1", "urn:uuid:1")]
    write(tmp_path / "in" / "QuestionnaireResponse.ndjson", map(orjson.dumps, [*told, response]))
    run_batch(tmp_path / "in", tmp_path / "out", OPTIONS)
    found = [(record["chart"], record["chart_whole"]) for record in records(tmp_path / "out")]
    assert found == [(1, True), (0, False), (0, False)]


def test_a_folder_in_use_is_not_written_to(finished: tuple[Path, Path], tmp_path: Path) -> None:
    source, out = finished
    with pytest.raises(BatchError, match="is not empty: name an empty folder"):
        run_batch(source, out, OPTIONS)
    again = run_batch(source, out, BatchOptions(default_pack(), resume=True, lines=70))
    assert again.read == again.assessed == len(records(out))  # it is finished, and that is told
    with pytest.raises(BatchError, match=r"is not empty: name an empty folder"):
        run_batch(source, source, BatchOptions(default_pack(), resume=True))
    with pytest.raises(BatchError, match=r"cannot be used: .*exists"):
        (tmp_path / "file").touch()
        run_batch(source, tmp_path / "file", OPTIONS)
