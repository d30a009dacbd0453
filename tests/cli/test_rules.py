"""``cds rules``: the rules as lines and as JSON, and which of them."""

from __future__ import annotations

import json
from typing import Any

from cds import default_pack, load_pack
from tests.cli.running import run


def _rules(*options: str) -> list[dict[str, Any]]:
    found = run("rules", "--format", "json", *options)
    assert (found.exit_code, found.stderr) == (0, "")
    entries: list[dict[str, Any]] = json.loads(found.stdout)
    return entries


def test_lines_are_tab_separated() -> None:
    found = run("rules")
    header, *rows = [line.split("\t") for line in found.stdout.splitlines()]
    assert header == ["rule", "then", "when", "citations", "file"]
    assert [row[0] for row in rows] == [rule.id for rule in load_pack(default_pack()).all_rules]
    lines = {row[0]: row for row in rows}
    assert lines["ces.saddle_numbness"][1:3] == ["emergency; concludes suspected_cauda_equina", "saddle_numbness"]
    assert lines["ces.saddle_numbness"][4].startswith("rules/cauda-equina.yaml:")


def test_json_has_what_a_reviewer_needs() -> None:
    rule = next(rule for rule in _rules() if rule["id"] == "ces.saddle_numbness")
    assert rule["then"]["level"] == "emergency"
    assert rule["citations"]
    assert rule["rationale"]
    assert {"title", "topic", "status", "effective", "review", "when", "unverified", "file"} <= rule.keys()


def test_filters() -> None:
    everything = _rules()
    by_topic = _rules("--topic", "cauda-equina")
    assert [rule for rule in everything if rule["topic"] == "cauda-equina"] == by_topic
    by_level = _rules("--level", "emergency")
    assert [rule for rule in everything if rule["then"].get("level") == "emergency"] == by_level
    unverified = _rules("--unverified")
    assert [rule for rule in everything if rule["unverified"]] == unverified
    both = _rules("--topic", "cauda-equina", "--level", "emergency")
    assert both == [rule for rule in by_topic if rule in by_level]
    assert both


def test_unknown_topic_or_level_is_wrong_usage() -> None:
    for option in ("--topic", "--level"):
        found = run("rules", option, "absent")
        assert found.exit_code == 2
        assert "there are: " in found.stderr
