"""Everything that can be wrong with a finished run, each made from a good one, and what is said about it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import orjson

from cds.report.lines import LONGEST
from tests.report.runs import CHARTS, FIRST, REFUSED, change_manifest, change_record, rewrite

Change = Callable[[Path], object]


def _set(**members: Any) -> Change:
    """A change of the second assessment, with size and checksum made right."""
    return lambda out: change_record(out, lambda record: record.update(members))


def _count(**members: Any) -> Change:
    return lambda out: change_manifest(out, lambda told: told["counts"].update(members))


def _file(**members: Any) -> Change:
    return lambda out: change_manifest(out, lambda told: told["output"][0].update(members))


def _append(name: str, data: bytes) -> Change:
    return lambda out: rewrite(out, name, (out / name).read_bytes() + data)


def _less_urgent(out: Path) -> None:
    """The rules of an emergency, with a level that they do not give."""
    change_record(out, lambda record: record.update(outcome="self-care", level="self-care"), _line_of(out, "emergency"))


def _line_of(out: Path, outcome: str) -> int:
    lines = [orjson.loads(line) for line in (out / FIRST).read_bytes().splitlines()]
    return next(number for number, record in enumerate(lines, 1) if record["outcome"] == outcome)


def _move_outcome(out: Path) -> None:
    """Counts that add up, and are not those of the files."""
    _count(outcomes={"emergency": 1, "same-day": 7})(out)


def _folder_for(file: Path) -> None:
    file.unlink()
    file.mkdir()


def _named_twice(out: Path) -> None:
    """The first file counted two times, with counts that add up."""
    change_manifest(out, lambda told: told["output"].append(told["output"][0]))
    _count(assessed=11, responses=12, outcomes={"emergency": 11})(out)


def _twice(out: Path) -> None:
    change_record(out, lambda record: record["fired"].append(record["fired"][0]))


def _overlong(out: Path) -> None:
    lines = (out / FIRST).read_bytes().splitlines(keepends=True)
    rewrite(out, FIRST, b"".join([lines[0], b" " * (LONGEST + 1) + b"\n", *lines[2:]]))


BROKEN: Final[dict[str, tuple[Change, str]]] = {
    "no manifest": (lambda out: (out / "manifest.json").unlink(), "manifest.json: it is not there: name the output"),
    "not finished": (lambda out: (out / ".cds-batch").mkdir(), "the run is not finished: go on with cds batch IN"),
    "no JSON": (
        lambda out: (out / "manifest.json").write_bytes(b"{"),
        "this is not the manifest of a run: it is no JSON",
    ),
    "another manifest": (
        lambda out: (out / "manifest.json").write_bytes(b'{"output": []}'),
        "this is not the manifest of a run: error: Field required",
    ),
    "a count that is text": (_count(assessed="8"), "counts.assessed: Input should be a valid integer"),
    "a count below zero": (_count(refused=-1), "counts.refused: Input should be greater than or equal to 0"),
    "a manifest without end": (
        lambda out: os.truncate(out / "manifest.json", (1 << 28) + 1),
        "this is too large for a manifest",
    ),
    "a manifest that cannot be read": (
        lambda out: _folder_for(out / "manifest.json"),
        "manifest.json: it cannot be read: Is a directory",
    ),
    "another version": (
        lambda out: change_manifest(out, lambda told: told["pack"].update(version="9.0.0")),
        "the run was assessed by ottawa-ankle 9.0.0, this is ottawa-ankle 0.1.0: give the pack",
    ),
    "responses lost": (_count(responses=10), "counts.responses is 10, but assessed and refused together are 9"),
    "outcomes lost": (_count(outcomes={"emergency": 7}), "counts.assessed is 8, but all outcomes together are 7"),
    "an unknown outcome": (
        _count(outcomes={"fine": 8}),
        "counts.outcomes has an outcome that the pack ottawa-ankle does",
    ),
    "assessments lost": (_file(count=2), "counts.assessed is 8, but the Assessment files together are 7"),
    "refusals lost": (
        lambda out: change_manifest(out, lambda told: told["error"].pop(0)),
        "counts.refused is 1, but the OperationOutcome files together are 0",
    ),
    "chart refusals lost": (
        _count(chart_resources_refused=0),
        "counts.chart_resources_refused is 0, but OperationOutcome.charts.ndjson together are 1",
    ),
    "a file named twice": (
        _named_twice,
        f"{FIRST} is named 2 times",
    ),
    "a file elsewhere": (_file(url="../Assessment.000.ndjson"), "../Assessment.000.ndjson is no file of the output"),
    "an absolute file": (_file(url="/dev/stdin.ndjson"), "/dev/stdin.ndjson is no file of the output folder"),
    "no checksum": (_file(sha256=None), f"{FIRST} has no size or no checksum"),
    "a file missing": (lambda out: (out / FIRST).unlink(), f"{FIRST}: the manifest names it, and it is not there"),
    "a folder for a file": (
        lambda out: _folder_for(out / FIRST),
        f"{FIRST}: the manifest names it, and it is not there",
    ),
    "a file cut off": (
        lambda out: (out / FIRST).write_bytes((out / FIRST).read_bytes()[:-5]),
        f"{FIRST}: it has ",
    ),
    "a byte changed": (
        lambda out: (out / FIRST).write_bytes((out / FIRST).read_bytes().replace(b"Patient/", b"Patient_", 1)),
        f"{FIRST}: its checksum is not that of the manifest",
    ),
    "a line too many": (_append(REFUSED, b'{"resourceType": "OperationOutcome"}\n'), f"{REFUSED}: it has 2 lines, the"),
    "a chart refusal too many": (
        _append(CHARTS, b'{"resourceType": "OperationOutcome"}\n'),
        f"{CHARTS}: it has 2 lines, the manifest says 1",
    ),
    "a refusal that is none": (
        lambda out: rewrite(out, REFUSED, b"[1]\n"),
        f"{REFUSED}:1: this is no OperationOutcome",
    ),
    "a refusal that is no JSON": (
        lambda out: rewrite(out, REFUSED, b"{\n"),
        f"{REFUSED}:1: this is no OperationOutcome",
    ),
    "a file of another run": (
        lambda out: shutil.copy(out / FIRST, out / "Assessment.900.ndjson"),
        "Assessment.900.ndjson: the manifest does not name it",
    ),
    "counts of another run": (_move_outcome, "assessments are same-day, the manifest says 7"),
    "an endless line": (_overlong, f"{FIRST}:2: the line is longer than"),
    "a line that is no JSON": (
        lambda out: rewrite(out, FIRST, (out / FIRST).read_bytes().replace(b'{"source"', b'{source"', 1)),
        f"{FIRST}:1: this is no JSON",
    ),
    "a line that is no object": (
        lambda out: rewrite(out, FIRST, b"[]\n" + b"".join((out / FIRST).read_bytes().splitlines(keepends=True)[1:])),
        f"{FIRST}:1: this is no assessment",
    ),
    "another pack's line": (_set(pack="ottawa-ankle|0.0.9"), f"{FIRST}:2: this was not assessed by ottawa-ankle|0.1.0"),
    "an outcome that is none": (_set(outcome="fine"), f"{FIRST}:2: outcome is none that the pack knows"),
    "an outcome that is no text": (_set(outcome=[1]), f"{FIRST}:2: outcome is none that the pack knows"),
    "a level that is none": (_set(level="fine"), f"{FIRST}:2: level or possible_level is none of the pack's levels"),
    "a rule that is none": (_set(fired=["no.such"]), f"{FIRST}:2: fired[0] is not in the pack"),
    "names that are none": (_set(open=[["a"]]), f"{FIRST}:2: open must be a list of names"),
    "no list": (_set(withholding="fever"), f"{FIRST}:2: withholding must be a list of names"),
    "a name twice": (_twice, f"{FIRST}:2: fired has a name twice"),
    "a chart that is no number": (_set(chart=True), f"{FIRST}:2: chart must be a whole number"),
    "a chart of unknown state": (_set(chart_whole=1), f"{FIRST}:2: chart_whole must be true or false"),
    "a level that no rule gives": (_less_urgent, "level is not that of the rules that fired"),
    "less possible than certain": (
        lambda out: change_record(
            out, lambda record: record.update(possible_level="self-care"), _line_of(out, "emergency")
        ),
        "possible_level is less urgent than level",
    ),
    "incomplete, made complete": (
        lambda out: change_record(
            out, lambda record: record.update(outcome=record["level"]), _line_of(out, "incomplete")
        ),
        "outcome is incomplete just when something is withholding",
    ),
    "withholding, and not open": (
        lambda out: change_record(out, lambda record: record.update(open=[]), _line_of(out, "incomplete")),
        "withholding has what is not open",
    ),
    "another level than the outcome": (
        lambda out: change_record(out, lambda record: record.update(outcome="same-day"), _line_of(out, "emergency")),
        "outcome is another level than level",
    ),
    "out of scope for no reason": (
        lambda out: change_record(
            out, lambda record: record.update(outcome="out-of-scope"), _line_of(out, "emergency")
        ),
        "outcome is out-of-scope, and out_of_scope says no reason",
    ),
}
"""What is wrong with a run: how it came about, and what is said."""
