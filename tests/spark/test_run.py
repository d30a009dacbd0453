"""A run on Spark gives what a run without it gives: every record by its bytes, every count, every refusal."""

from __future__ import annotations

import shutil
from hashlib import sha256
from pathlib import Path

import orjson
import pytest
from pyspark.sql import SparkSession

from cds import default_pack
from cds.batch import BatchError, BatchOptions, run_batch
from cds.spark import run_spark
from tests.batch.exports import contents
from tests.cli.running import BULK
from tests.spark.exports import HUGE, broken, difference, population

OPTIONS = BatchOptions(default_pack(), guidance=True, lines=60)


def test_a_population_with_charts(session: SparkSession, tmp_path: Path) -> None:
    population(tmp_path / "in", 240, lines=100)
    here = run_batch(tmp_path / "in", tmp_path / "local", OPTIONS)
    there = run_spark(session, tmp_path / "in", tmp_path / "spark", OPTIONS)
    assert difference(tmp_path / "local", tmp_path / "spark", here, there) == []
    assert here.complete
    assert here.assessed == 240
    assert here.chart_read > 240
    _check_manifest(tmp_path / "spark")


def test_what_is_wrong_is_refused_alike(session: SparkSession, tmp_path: Path) -> None:
    broken(tmp_path / "in")
    here = run_batch(tmp_path / "in", tmp_path / "local", OPTIONS)
    there = run_spark(session, tmp_path / "in", (tmp_path / "spark").as_uri(), OPTIONS)
    assert difference(tmp_path / "local", tmp_path / "spark", here, there) == []
    assert (here.chart_refused, here.left_alone) == (2, ("Encounter.ndjson",))
    assert len(here.empty) == 3
    refused = b"".join(data for name, data in contents(tmp_path / "spark").items() if "Outcome" in name)
    for told in (b"not valid UTF-8", b"byte order mark", b"stands twice", b"cannot be decompressed from here on"):
        assert told in refused
    assert f"has {HUGE + 1} bytes".encode() in refused
    _check_manifest(tmp_path / "spark")


def test_a_manifest_on_another_file_system(session: SparkSession, mounted: Path) -> None:
    """The file system viewfs stands for any that only Hadoop can open: to Python, its paths are nothing."""
    shutil.copy(BULK, mounted / "responses.ndjson")
    listed = {"output": [{"type": "QuestionnaireResponse", "url": "https://example.org/responses.ndjson"}]}
    (mounted / "manifest.json").write_bytes(orjson.dumps(listed))
    here = run_batch(mounted / "manifest.json", mounted / "local", OPTIONS)
    there = run_spark(session, "viewfs://export/in/manifest.json", "viewfs://export/in/spark", OPTIONS)
    assert difference(mounted / "local", mounted / "spark", here, there) == []
    with pytest.raises(BatchError, match=r"gone\.ndjson is not beside the manifest"):
        listed["output"][0]["url"] = "gone.ndjson"
        (mounted / "manifest.json").write_bytes(orjson.dumps(listed))
        run_spark(session, "viewfs://export/in/manifest.json", "viewfs://export/in/new", OPTIONS)


def test_what_stops_a_run(session: SparkSession, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "file").touch()
    with pytest.raises(BatchError, match="out is not empty: name an empty folder"):
        run_spark(session, BULK.parent, tmp_path / "out", OPTIONS)
    for source, message in (
        (tmp_path / "gone", "gone: there is no such file or folder"),
        (tmp_path / "out", "there is no QuestionnaireResponse file"),
        (tmp_path / "out" / "file", "this is not a bulk manifest"),
        ("nosuch://host/in", 'UnsupportedFileSystemException: No FileSystem for scheme "nosuch"'),
    ):
        with pytest.raises(BatchError, match=message):
            run_spark(session, source, tmp_path / "new", OPTIONS)
        assert list((tmp_path / "new").iterdir()) == []  # so that the same command can be given again


def _check_manifest(out: Path) -> None:
    """Its sums are those of the files, nothing else is there, and its counts add up."""
    manifest = orjson.loads((out / "manifest.json").read_bytes())
    listed = [*manifest["output"], *manifest["error"]]
    assert {path.name for path in out.iterdir()} == {entry["url"] for entry in listed} | {"manifest.json"}
    for entry in listed:
        data = (out / entry["url"]).read_bytes()
        assert (entry["bytes"], entry["sha256"]) == (len(data), sha256(data).hexdigest())
        if entry["url"].endswith(".ndjson"):
            assert entry["count"] == len(data.splitlines()) <= OPTIONS.lines
    counts = manifest["counts"]
    assert counts["responses"] == counts["assessed"] + counts["refused"]
    written = sum(entry["count"] for entry in listed if entry["url"].endswith("parquet"))
    assert written == counts["assessed"] == sum(counts["outcomes"].values())
