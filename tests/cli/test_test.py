"""``cds test``: the cases of a pack, their failures and what they cover."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from cds import default_pack, load_pack
from tests.cli.running import run


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


@pytest.mark.parametrize("arguments", [("absent",), ("--topic", "absent")])
def test_wrong_usage(arguments: tuple[str, ...]) -> None:
    assert run("test", *arguments).exit_code == 2
