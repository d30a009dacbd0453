"""``cds batch report``: what it prints and writes, what it refuses, and that ``cds batch`` still runs."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest

from tests.cli.running import BULK, inside, pipe, run
from tests.cli.test_terminal import on_terminal


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("finished") / "out"
    assert run("batch", BULK.parent, out, "--workers", "1", "--no-parquet").exit_code == 0
    return out


def test_tables_in_a_pipe_are_tab_separated(finished: Path) -> None:
    found = pipe("batch", "report", finished)
    assert (found.returncode, found.stderr) == (0, b"")
    outcomes, questions, rules, told = found.stdout.decode().split("\n\n")
    assert outcomes.splitlines()[0] == "outcome\tresponses\tshare"
    assert outcomes.splitlines()[1] == "emergency\t3\t25.0%"
    assert [line.split("\t")[0] for line in outcomes.splitlines()[-3:]] == ["incomplete", "out-of-scope", "refused"]
    assert questions.splitlines()[:2] == [
        "question\ttext\tholds back\tmerely open",
        "age\tHow old are you, in years?\t1\t0",
    ]
    assert rules.splitlines()[0] == "rule\tlevel\ttitle\tresponses\tshare"
    assert rules.splitlines()[1].split("\t")[:2] == ["ordinary.not_always_injury", "self-care"]
    assert "responses: 12 read = 12 assessed + 0 refused" in told
    assert "not all-clears" in told
    assert "no prevalence" in told


def test_tables_on_a_terminal_and_progress_beside_them(finished: Path) -> None:
    shown, errors = on_terminal("batch", "report", str(finished), "--lang", "es", "--top", "1", terminal="stdout")
    assert "Preguntas abiertas" in shown
    assert "¿Cuántos años tiene?" in shown
    assert "\t" not in shown
    assert errors == ""
    shown, data = on_terminal("batch", "report", str(finished), terminal="stderr")
    assert "assessments" in shown
    assert data.startswith("outcome\t")


def test_page_and_picture_are_the_same_each_time(finished: Path, tmp_path: Path) -> None:
    for name in ("a", "b"):
        page, picture = tmp_path / f"{name}.html", tmp_path / f"{name}.png"
        assert pipe("batch", "report", finished, "--html", page, "--png", picture, seed=ord(name)).returncode == 0
    assert (tmp_path / "a.html").read_bytes() == (tmp_path / "b.html").read_bytes()
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()
    assert (tmp_path / "a.html").read_bytes().startswith(b"<!doctype html>")
    assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")


def test_without_matplotlib_only_the_picture_is_refused(
    finished: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    found = run("batch", "report", finished, "--html", tmp_path / "a.html", "--png", tmp_path / "a.png")
    assert found.exit_code == 1
    assert "pip install 'cds-rules[report]', or leave out --png" in found.stderr
    assert not list(tmp_path.iterdir())
    assert run("batch", "report", finished, "--html", tmp_path / "a.html").exit_code == 0


def test_what_is_not_whole_gives_no_report(finished: Path, tmp_path: Path) -> None:
    out = Path(shutil.copytree(finished, tmp_path / "out"))
    data = (out / "Assessment.000.ndjson").read_bytes()
    (out / "Assessment.000.ndjson").write_bytes(data[: data.rindex(b"{")])
    found = run("batch", "report", out, "--html", tmp_path / "a.html")
    assert found.exit_code == 1
    assert found.stdout == ""
    assert found.stderr.startswith(f"{out}/Assessment.000.ndjson: it has ")
    assert not (tmp_path / "a.html").exists()


def test_names_in_a_manifest_do_not_reach_the_terminal_as_commands(finished: Path, tmp_path: Path) -> None:
    out = Path(shutil.copytree(finished, tmp_path / "out"))
    manifest = (out / "manifest.json").read_text(encoding="utf-8")
    (out / "manifest.json").write_text(manifest.replace("Assessment.000.ndjson", "../\\u001b[2J"), encoding="utf-8")
    found = run("batch", "report", out)
    assert found.exit_code == 1
    assert "\x1b" not in found.stderr
    (out / "manifest.json").write_text(manifest.replace('"empty": []', '"empty": ["\\u001b[2J"]'), encoding="utf-8")
    found = run("batch", "report", out)
    assert found.exit_code == 0
    assert "\N{REPLACEMENT CHARACTER}[2J: there is no response in it" in found.stderr


@pytest.mark.parametrize(("arguments", "message"), [
    (("--pack", "ottawa-ankle"), "the run was assessed by exercise-low-back-pain 0.1.0, this is ottawa-ankle 0.1.0"),
    (("--html", "nowhere/page.html"), "nowhere/page.html cannot be written: No such file or directory"),
    (("--html", "{out}/manifest.json"), "is a file of the run"),
    (("--png", "{out}/Assessment.000.ndjson"), "is a file of the run"),
])  # fmt: skip
def test_what_cannot_be_done(finished: Path, arguments: tuple[str, str], message: str, tmp_path: Path) -> None:
    before = {path: path.read_bytes() for path in finished.iterdir()}
    with inside(tmp_path):
        found = run("batch", "report", finished, arguments[0], arguments[1].format(out=finished))
    assert found.exit_code == 1
    assert message in found.stderr
    assert {path: path.read_bytes() for path in finished.iterdir()} == before


def test_wrong_usage(finished: Path) -> None:
    assert run("batch", "report").exit_code == 2
    assert run("batch", "report", "nowhere").exit_code == 2
    assert run("batch", "report", finished, "--lang", "fr").exit_code == 2
    assert run("batch", "report", finished, "--top", "0").exit_code == 2


def test_a_folder_that_is_named_report_is_given_with_its_path(tmp_path: Path) -> None:
    shutil.copytree(BULK.parent, tmp_path / "report")
    with inside(tmp_path):
        found = run("batch", "./report", "out", "--workers", "1", "--no-parquet")
        assert found.exit_code == 0
        assert "12 read" in found.stdout
        assert os.listdir("out")  # noqa: PTH208 - relative to the folder
        assert run("batch", "report", "out").exit_code == 0
        assert run("batch", "--no-parquet", "--workers", "1", "report", "again").exit_code == 0, "an option came first"


def test_help_of_the_run_names_the_subcommand() -> None:
    found = run("batch", "--help").stdout
    assert "Usage: cds batch [OPTIONS] IN OUT" in found
    assert "--lines-per-file" in found
    assert "\nCommands:\n  report" in found
    assert "Usage: cds batch report [OPTIONS] OUT" in run("batch", "report", "--help").stdout
    assert "Usage: cds batch [OPTIONS] IN OUT" in run("batch").stderr
