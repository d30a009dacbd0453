"""``cds batch``: the counts that it prints, and its exit status."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.batch.exports import write
from tests.cli.running import BULK, pipe, run


def test_counts_and_a_second_run_that_must_not_overwrite(tmp_path: Path) -> None:
    found = pipe("batch", BULK.parent, tmp_path / "out", "--workers", "1")
    assert (found.returncode, found.stderr) == (0, b"")
    header, *rows, last = found.stdout.decode().splitlines()
    assert header == "outcome\tresponses\tshare"
    assert rows[0] == "emergency\t3\t25.0%"
    assert last == "responses: 12 read = 12 assessed + 0 refused"
    again = pipe("batch", BULK.parent, tmp_path / "out")
    assert again.returncode == 1
    assert b"is not empty: name an empty folder" in again.stderr


def test_what_is_refused_fails_and_the_rest_is_done(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    write(tmp_path / "in" / "QuestionnaireResponse.ndjson", [b"{broken", *BULK.read_bytes().splitlines()])
    write(tmp_path / "in" / "Encounter.ndjson", [b'{"resourceType": "Encounter"}'])
    found = pipe("batch", tmp_path / "in", tmp_path / "out", "--workers", "1", "--no-parquet")
    assert found.returncode == 1
    assert b"responses: 13 read = 12 assessed + 1 refused" in found.stdout
    assert b"Encounter.ndjson: left alone, as it holds other resources" in found.stderr
    assert not list((tmp_path / "out").glob("*.parquet"))


def test_without_pyarrow_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    found = run("batch", BULK.parent, tmp_path / "out")
    assert found.exit_code == 1
    assert "pip install 'cds-rules[batch]', or give --no-parquet" in found.stderr


def test_a_language_that_the_pack_does_not_have(tmp_path: Path) -> None:
    assert run("batch", BULK.parent, tmp_path / "out", "--lang", "fr").exit_code == 2
