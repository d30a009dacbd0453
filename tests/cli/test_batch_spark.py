"""``cds batch --runner spark``: the same lines as without, and what it says when Spark cannot begin."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.cli.running import BULK, run
from tests.spark import settings


def test_it_prints_what_the_local_run_prints(tmp_path: Path) -> None:
    assert settings.MOUNTED  # they are for the first session of this process, which may be this one
    options = ["--no-parquet", "--runner"]
    here = run("batch", BULK.parent, tmp_path / "here", *options, "local", "--workers", "1")
    there = run("batch", BULK.parent, tmp_path / "there", *options, "spark", "--master", "local[1]")
    assert (there.exit_code, there.stdout) == (here.exit_code, here.stdout) == (0, here.stdout), there.stderr
    assert "12 read = 12 assessed + 0 refused" in there.stdout
    name = "Assessment.000.ndjson"
    assert (tmp_path / "there" / name).read_bytes() == (tmp_path / "here" / name).read_bytes()


def test_without_pyspark(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.startswith("cds.spark")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "pyspark", None)
    monkeypatch.setitem(sys.modules, "py4j.protocol", None)
    found = run("batch", BULK.parent, tmp_path / "out", "--runner", "spark")
    assert (found.exit_code, found.stderr) == (1, "Spark needs pyspark: pip install 'cds-rules[spark]'\n")


def test_without_java(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    found = run("batch", BULK.parent, tmp_path / "out", "--runner", "spark")
    assert (found.exit_code, found.stderr) == (
        1,
        "Spark needs Java 17 or later: install it, or set JAVA_HOME to where it is\n",
    )


def test_a_master_that_is_none(tmp_path: Path) -> None:
    found = run("batch", BULK.parent, tmp_path / "out", "--runner", "spark", "--master", "nowhere")
    assert found.exit_code == 1
    assert "Spark cannot begin: " in found.stderr
    assert "nowhere" in found.stderr
    assert found.stderr.endswith(": check Java (17 or later) and --master\n")


def test_a_master_that_does_not_answer(tmp_path: Path) -> None:
    found = run("batch", BULK.parent, tmp_path / "out", "--runner", "spark", "--master", "spark://127.0.0.1:1")
    assert found.exit_code == 1
    assert found.stderr == "no Spark master answers at spark://127.0.0.1:1: start it, or name another with --master\n"
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--runner", "spark", "--workers", "2"], "--workers is for --runner local"),
        (["--runner", "spark", "--resume"], "--resume is for --runner local"),
        (["--master", "local[2]"], "--master is for --runner spark"),
    ],
)
def test_options_of_the_other_runner(tmp_path: Path, options: list[str], message: str) -> None:
    found = run("batch", BULK.parent, tmp_path / "out", *options)
    assert found.exit_code == 2
    assert message in found.stderr


def test_places(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for source, out, message in (
        ("hdfs://host/in", tmp_path / "out", "IN: an address is for --runner spark"),
        (tmp_path / "gone", tmp_path / "out", "IN: there is no"),
        (BULK.parent, tmp_path / "file", "is a file: name a folder"),
    ):
        found = run("batch", source, out)
        assert found.exit_code == 2
        assert message in found.stderr
