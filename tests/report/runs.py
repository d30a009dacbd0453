"""Finished runs to draw, and their manifests to change."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import orjson

from cds.batch import BatchOptions, run_batch
from cds.batch.manifest import MANIFEST
from tests.batch.exports import write
from tests.cli.running import ROOT

ANKLE = ROOT / "rules" / "ottawa-ankle"
FIRST = "Assessment.000.ndjson"
REFUSED = "OperationOutcome.000.ndjson"
CHARTS = "OperationOutcome.charts.ndjson"


def ankle_run(folder: Path) -> Path:
    """A run over the ankle fixtures, a line that is refused, and a chart resource of nobody; the output folder.

    Each part has four lines, so that there are several files of a kind.
    """
    (folder / "in").mkdir(parents=True)
    responses = [
        orjson.dumps(orjson.loads(path.read_bytes()))
        for path in sorted((ROOT / "fixtures/ottawa-ankle").glob("*.json"))
    ]
    write(folder / "in" / "QuestionnaireResponse.ndjson", [*responses[:3], b"{broken", *responses[3:]])
    write(folder / "in" / "Condition.ndjson", [b'{"resourceType": "Condition"}'])
    write(folder / "in" / "<b>Encounter.ndjson", [b'{"resourceType": "Encounter"}'])
    run_batch(folder / "in", folder / "out", BatchOptions(ANKLE, lines=4, parquet=False))
    return folder / "out"


def copy(run: Path, folder: Path) -> Path:
    """A copy of a run, to be changed."""
    return Path(shutil.copytree(run, folder / "run"))


def change_manifest(out: Path, change: Callable[[dict[str, Any]], object]) -> None:
    """Change what the manifest says."""
    told = orjson.loads((out / MANIFEST).read_bytes())
    change(told)
    (out / MANIFEST).write_bytes(orjson.dumps(told))


def change_record(out: Path, change: Callable[[dict[str, Any]], object], line: int = 2) -> None:
    """Change one assessment, and let size and checksum be right, as whoever forges a run would."""
    lines = (out / FIRST).read_bytes().splitlines()
    record = orjson.loads(lines[line - 1])
    change(record)
    lines[line - 1] = orjson.dumps(record)
    rewrite(out, FIRST, b"".join(one + b"\n" for one in lines))


def rewrite(out: Path, name: str, data: bytes) -> None:
    """Write a file, and its size and checksum into the manifest; counts stay."""
    (out / name).write_bytes(data)

    def change(told: dict[str, Any]) -> None:
        for entry in (*told["output"], *told["error"]):
            if entry["url"] == name and "bytes" in entry:
                entry |= {"bytes": len(data), "sha256": sha256(data).hexdigest()}

    change_manifest(out, change)
