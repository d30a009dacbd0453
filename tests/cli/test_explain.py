"""``cds explain``: the rules that fired with their values, and what nearly fired."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.running import BROKEN, CHARTS, GOOD, RESPONSES, ROOT, inside, pipe, run

GOLDEN = Path(__file__).parent / "golden"
NAME = "same-day-cancer-in-chart.json"


@pytest.mark.parametrize("name", ["emergency-bladder-leak-worse", "self-care-stiff-at-55"])
def test_text(name: str, golden: Callable[[Path, str], None]) -> None:
    with inside(ROOT / "fixtures"):
        found = run("explain", f"responses/{name}.json")
    assert (found.exit_code, found.stderr) == (0, "")
    golden(GOLDEN / f"explain-{name}.txt", re.sub(r"\.yaml:\d+", ".yaml:LINE", found.stdout))


def test_json_is_the_result_with_what_nearly_fired() -> None:
    explained = json.loads(run("explain", GOOD, "--format", "json").stdout)
    nearly = explained.pop("nearly_fired")
    assert explained == json.loads(run("evaluate", GOOD, "--format", "json").stdout)
    assert nearly
    assert all(miss.keys() == {"rule", "held", "blocked_by"} for miss in nearly)
    assert not {miss["rule"] for miss in nearly} & set(explained["fired"])


def test_trace_leads_to_the_record() -> None:
    found = run("explain", RESPONSES / NAME, "--chart", CHARTS / NAME, "--format", "json")
    trace = {entry["rule"]: entry for entry in json.loads(found.stdout)["trace"]}
    (finding,) = trace["malignancy.history"]["findings"]
    assert finding["finding"] == "cancer_history"
    assert {reading["source"] for reading in finding["from"]} == {"answer", "chart"}


def test_options() -> None:
    options = ("--lang", "es", "--as-of", "2026-12-24", "--format", "json")
    explained = json.loads(run("explain", GOOD, *options).stdout)
    assert (explained["language"], explained["as_of"]) == ("es", "2026-12-24")


def test_standard_input() -> None:
    found = pipe("explain", "-", data=GOOD.read_bytes())
    assert (found.returncode, found.stderr) == (0, b"")
    assert b"ordinary.stiff_back" in found.stdout or b"ordinary.dull_ache" in found.stdout


@pytest.mark.parametrize("path", sorted(BROKEN.glob("*.json")), ids=lambda path: path.name)
def test_a_broken_response_is_refused(path: Path) -> None:
    found = run("explain", path)
    assert (found.exit_code, found.stdout) == (1, "")
    assert found.stderr.startswith(f"{path}: ")


@pytest.mark.parametrize("arguments", [(), ("absent.json",), (GOOD, "--lang", "fr"), (GOOD, "--as-of", "soon")])
def test_wrong_usage(arguments: tuple[str | Path, ...]) -> None:
    assert run("explain", *arguments).exit_code == 2
