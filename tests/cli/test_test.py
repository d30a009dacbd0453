"""``cds test``: the cases of a pack, their failures and what they cover."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from cds import default_pack, load_pack
from tests.cli.running import run
from tests.verify.cases.tiny_pack import tiny_pack


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """A copy of the shipped pack that a test may change."""
    folder = tmp_path / "pack"
    shutil.copytree(default_pack(), folder)
    return folder


def test_shipped_cases_pass() -> None:
    found = run("test")
    assert (found.exit_code, found.stderr) == (0, "")
    counted = re.search(r"^(\d+) of (\d+) cases passed$", found.stdout, re.MULTILINE)
    assert counted
    assert counted[1] == counted[2] != "0"
    total = len(load_pack(default_pack()).rules)
    assert f"rules without a case in which it fires: 0 of {total}" in found.stdout


def test_topic_and_verbose() -> None:
    found = run("test", "--topic", "cauda-equina", "-v")
    assert found.exit_code == 0
    *cases, count = found.stdout.splitlines()
    assert all(line.startswith("passed  rules/cauda-equina.test.yaml:") for line in cases)
    assert count == f"{len(cases)} of {len(cases)} cases passed"


def test_failing_case_says_where_and_what(pack: Path) -> None:
    file = pack / "rules" / "cauda-equina.test.yaml"
    file.write_text(
        "cases:\n"
        "  - name: ordinary, wrongly expected to be an emergency\n"
        "    from: ordinary-soreness\n"
        "    expect: {outcome: emergency, fires: [ces.saddle_numbness]}\n"
    )
    found = run("test", pack, "--topic", "cauda-equina")
    assert found.exit_code == 1
    assert found.stdout.splitlines() == [
        "FAILED  rules/cauda-equina.test.yaml:2: ordinary, wrongly expected to be an emergency",
        "        outcome is self-care, expected emergency",
        "        rule ces.saddle_numbness should fire",
        "0 of 1 cases passed",
    ]


def test_rule_without_cases_is_a_failure(pack: Path) -> None:
    (pack / "rules" / "cauda-equina.test.yaml").write_text("cases: []\n")
    found = run("test", pack)
    assert found.exit_code == 1
    assert "ces.saddle_numbness" in found.stdout


def test_broken_case_file_is_reported_with_its_place(pack: Path) -> None:
    (pack / "rules" / "cauda-equina.test.yaml").write_text("cases:\n  - {name: x, expect: {fires: [ces.sadle]}}\n")
    found = run("test", pack)
    assert found.exit_code == 1
    assert re.match(r"rules/cauda-equina\.test\.yaml:2:\d+: ", found.stderr)


def test_coverage_is_counted_and_gaps_are_listed(tmp_path: Path) -> None:
    found = run("test", tiny_pack(tmp_path / "tiny"), "--coverage")
    lines = found.stdout.splitlines()
    assert "what\tseen\tof\tnot coverable\tmissing" in lines
    assert "statements unknown\t2\t5\t1\t2" in lines
    assert "rules/tiny.yaml:17: tiny.neither: `rash` never seen unknown" in lines
    assert lines[-1] == "gaps: 10"
    assert "%" not in found.stdout


def test_gaps_fail_only_if_coverage_is_required(pack: Path) -> None:
    file = pack / "rules" / "persistence.test.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace('self_care_helped: "yes"', "self_care_helped: partly"), encoding="utf-8")
    assert run("test", pack, "--coverage").exit_code == 0
    found = run("test", pack, "--require-coverage")
    assert found.exit_code == 1
    *_, gap, count = found.stdout.splitlines()
    assert re.fullmatch(r"questionnaire\.json:\d+: self-care-helped: option `yes` never chosen", gap)
    assert count == "gaps: 1"


def test_shipped_pack_has_no_gap() -> None:
    found = run("test", "--require-coverage")
    assert (found.exit_code, found.stdout.splitlines()[-1]) == (0, "gaps: 0")


def test_coverage_page(tmp_path: Path) -> None:
    folder, page = tiny_pack(tmp_path / "tiny"), tmp_path / "coverage.html"
    found = run("test", folder, "--coverage-html", page)
    assert "gaps:" not in found.stdout
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")


def test_page_that_cannot_be_written(tmp_path: Path) -> None:
    found = run("test", tiny_pack(tmp_path / "tiny"), "--coverage-html", tmp_path / "absent" / "coverage.html")
    assert found.exit_code == 1
    assert "cannot be written: No such file or directory. Name a file in a folder that is there." in found.stderr


@pytest.mark.parametrize(
    "arguments", [("absent",), ("--topic", "absent"), ("--topic", "cauda-equina", "--require-coverage")]
)
def test_wrong_usage(arguments: tuple[str, ...]) -> None:
    assert run("test", *arguments).exit_code == 2
