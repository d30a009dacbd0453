"""``cds findings``: the vocabulary as lines and as JSON."""

from __future__ import annotations

import json

from cds import default_pack, load_pack
from tests.cli.running import run


def test_lines_are_tab_separated() -> None:
    found = run("findings")
    assert (found.exit_code, found.stderr) == (0, "")
    header, *rows = [line.split("\t") for line in found.stdout.splitlines()]
    assert header == ["finding", "type", "values", "unanswered", "from", "title"]
    assert [row[0] for row in rows] == list(load_pack(default_pack()).findings)
    lines = {row[0]: row for row in rows}
    assert lines["age"][1:3] == ["integer", "0 to 120 a"]
    assert lines["saddle_numbness"][2:5] == ["yes, no", "escalate, red flag", "bladder-bowel"]
    assert lines["neuro_deficit"][3] == "derived"
    assert lines["sex"][2] == "female, male, other"


def test_json_has_every_finding() -> None:
    entries = json.loads(run("findings", "--format", "json").stdout)
    pack = load_pack(default_pack())
    assert [entry["id"] for entry in entries] == list(pack.findings)
    assert {entry["id"] for entry in entries if entry["red_flag"]} == {
        name for name, finding in pack.findings.items() if finding.red_flag
    }


def test_titles_in_another_language() -> None:
    spanish = {line.split("\t")[0]: line.split("\t")[5] for line in run("findings", "--lang", "es").stdout.splitlines()}
    assert spanish["age"] == "Edad"
    assert run("findings", "--lang", "es-MX").stdout == run("findings", "--lang", "es").stdout
    assert run("findings", "--lang", "fr").exit_code == 2
