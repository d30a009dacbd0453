"""``cds diff``: two packs, or one and what it was; patients, data, the page, and the exit status."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.cli.running import BROKEN, CHARTS, RESPONSES, ROOT, pipe, run
from tests.verify.difference.test_revision import git
from tests.verify.difference.tiny_pack import change, tiny_pack

SHIPPED = ROOT / "rules" / "exercise-low-back-pain"
LOWER = ("rules/tiny.yaml", "level: emergency", "level: same-day")


@pytest.fixture
def packs(tmp_path: Path) -> tuple[Path, Path]:
    return tiny_pack(tmp_path / "old"), tiny_pack(tmp_path / "new", LOWER)


def test_what_is_printed(packs: tuple[Path, Path]) -> None:
    found = run("diff", *packs)
    assert found.exit_code == 0
    lines = found.stdout.splitlines()
    assert lines[0] == "fever-and-cough 0.1.0 -> fever-and-cough 0.1.0"
    assert "version: a major change, at least 0.2.0: 0.1.0 is not enough" in lines
    first = lines[lines.index("\twhat\tchange\ta patient\trules") + 1].split("\t")
    assert first[:3] == ["LOWERED", "level", "emergency -> same-day"]
    assert first[3] == "hot: yes; days: 2"
    assert first[4] == "tiny.emergency (consequence, rules/tiny.yaml:11)"
    assert "rule\ttiny.emergency\tchanged\tconsequence: level: emergency -> same-day\trules/tiny.yaml:11" in lines


def test_the_patients_can_be_evaluated(packs: tuple[Path, Path], tmp_path: Path) -> None:
    run("diff", *packs, "--out", tmp_path / "out")
    file = tmp_path / "out" / "level.emergency.same-day.json"
    outcomes = [
        json.loads(run("evaluate", file, "--pack", pack, "--format", "json").stdout)["outcome"] for pack in packs
    ]
    assert outcomes == ["emergency", "same-day"]


def test_json(packs: tuple[Path, Path]) -> None:
    found = json.loads(run("diff", *packs, "--format", "json").stdout)
    assert found["version"]["change"] == "major"
    first = found["classes"][0]
    assert (first["kind"], first["old"], first["new"], first["direction"]) == (
        "level", "emergency", "same-day", "lowered",
    )  # fmt: skip
    assert first["response"]["resourceType"] == "QuestionnaireResponse"
    assert first["old_response"] is None
    assert found["population"] is None


def test_the_version_may_be_demanded(packs: tuple[Path, Path]) -> None:
    assert run("diff", *packs, "--check-version").exit_code == 1
    change(packs[1], "pack.yaml", "version: 0.1.0", "version: 0.2.0")
    assert run("diff", *packs, "--check-version").exit_code == 0
    assert run("diff", packs[0], packs[0], "--check-version").exit_code == 0


def test_responses_are_counted_by_both(tmp_path: Path) -> None:
    shutil.copytree(SHIPPED, tmp_path / "new")
    (tmp_path / "two.ndjson").write_bytes(b'{"resourceType": "Patient"}\n')
    found = run(
        "diff", SHIPPED, tmp_path / "new", "--data", RESPONSES, "--data", BROKEN, "--data", tmp_path / "two.ndjson",
        "--charts", CHARTS,
    )  # fmt: skip
    assert found.exit_code == 2  # a line of NDJSON has no file name that a chart could have
    found = run("diff", SHIPPED, tmp_path / "new", "--data", RESPONSES, "--data", BROKEN, "--format", "json")
    population = json.loads(found.stdout)["population"]
    moves = {(move["old"], move["new"]): move["count"] for move in population["moves"]}
    assert sum(moves.values()) == population["responses"]
    assert all(old == new for old, new in moves)
    assert population["refused"]["old"] == population["refused"]["new"]
    assert moves["refused", "refused"] > 0


def test_old_responses_are_refused_by_a_new_questionnaire(tmp_path: Path) -> None:
    old, new = tiny_pack(tmp_path / "old"), tiny_pack(tmp_path / "new")
    change(new, "questionnaire.json", '"version": "0.1.0"', '"version": "0.2.0"')
    change(new, "rules/tiny.yaml", "level: emergency", "level: same-day")
    run("diff", old, new, "--out", tmp_path / "out")
    files = sorted((tmp_path / "out").glob("*.old.json"))
    found = run("diff", old, new, "--data", *files[:1])
    assert "refused by the new version: 1: the response answers another version" in found.stdout
    assert "responses: 1, lowered 0, raised 0, 1 other" in found.stdout


def test_the_page(packs: tuple[Path, Path], tmp_path: Path) -> None:
    assert run("diff", *packs, "--html", tmp_path / "page.html").exit_code == 0
    assert "lowered" in (tmp_path / "page.html").read_text(encoding="utf-8")
    found = run("diff", *packs, "--html", tmp_path / "nowhere" / "page.html")
    assert found.exit_code == 1
    assert "Name a file in a folder that is there" in found.stderr


def test_against_what_it_was(tmp_path: Path) -> None:
    pack = tiny_pack(tmp_path / "pack")
    git(pack, "init", "-q")
    git(pack, "add", ".")
    git(pack, "commit", "-qm", "as it was")
    change(pack, *LOWER)
    found = run("diff", "--git", "HEAD", pack)
    assert found.exit_code == 0
    assert "LOWERED\tlevel\temergency -> same-day" in found.stdout


def test_what_cannot_be_compared(tmp_path: Path) -> None:
    pack = tiny_pack(tmp_path / "pack")
    cases: list[tuple[list[str | Path], str]] = [
        (["diff", pack], "name two packs"),
        (["diff", pack, pack, pack], "name two packs"),
        (["diff", pack, "nowhere"], "there is no pack 'nowhere'"),
        (["diff", "--git", "HEAD", pack, pack], "with --git REV name one pack"),
        (["diff", "--git", "HEAD", pack], "is not in a git repository"),
        (["diff", pack, pack, "--charts", tmp_path], "--charts goes with --data"),
    ]
    for arguments, message in cases:
        found = run(*arguments)
        assert (found.exit_code, found.stdout) == (2, "")
        assert message in found.stderr
    git(pack, "init", "-q")
    git(pack, "add", ".")
    git(pack, "commit", "-qm", "as it was")
    found = run("diff", "--git", "v7", pack)
    assert found.exit_code == 2
    assert "there is no revision 'v7'" in found.stderr


def test_a_pack_that_did_not_load(tmp_path: Path) -> None:
    pack = tiny_pack(tmp_path / "pack")
    git(pack, "init", "-q")
    change(pack, "pack.yaml", "version: 0.1.0", "version: one")
    git(pack, "add", ".")
    git(pack, "commit", "-qm", "broken")
    change(pack, "pack.yaml", "version: one", "version: 0.1.0")
    found = run("diff", "--git", "HEAD", pack)
    assert found.exit_code == 1
    assert f"{pack} at HEAD cannot be loaded:" in found.stderr
    assert "pack.yaml:2" in found.stderr


def test_nothing_but_data_in_a_pipe(packs: tuple[Path, Path]) -> None:
    found = [pipe("diff", *packs, "--format", "json", seed=seed) for seed in (0, 1)]
    assert [one.stderr for one in found] == [b"", b""]
    assert found[0].stdout == found[1].stdout
