"""Exports made of the fixtures: responses, and the charts that lie beside them as resources of their own."""

from __future__ import annotations

import gzip
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import orjson

from tests.cli.running import ROOT

RESPONSES = sorted((ROOT / "fixtures" / "responses").glob("*.json"))
CHARTS = ROOT / "fixtures" / "charts"


def export(folder: Path, copies: int = 1, compressed: bool = False) -> list[tuple[bytes, list[dict[str, Any]]]]:
    """Write an export of all fixtures, ``copies`` times; each response with the chart of its patient, as a list.

    Every response gets a patient of its own, so that each chart belongs to one.
    """
    folder.mkdir(parents=True, exist_ok=True)
    patients = []
    for copy in range(copies):
        for index, path in enumerate(RESPONSES):
            name = f"patient-{copy}-{index}"
            response = orjson.loads(path.read_bytes())
            response["subject"] = {"reference": f"Patient/{name}"}
            patients.append((orjson.dumps(response), _chart(CHARTS / path.name, name)))
    half = len(patients) // 2
    suffix = ".ndjson.gz" if compressed else ".ndjson"
    for number, part in enumerate((patients[:half], patients[half:])):
        write(folder / f"QuestionnaireResponse.{number:03}{suffix}", (response for response, _ in part))
    by_type: dict[str, list[bytes]] = {}
    for _, chart in patients:
        for resource in chart:
            by_type.setdefault(resource["resourceType"], []).append(orjson.dumps(resource))
    for kind, lines in by_type.items():
        write(folder / f"{kind}.000{suffix}", lines)
    return patients


def write(path: Path, lines: Iterable[bytes]) -> None:
    """NDJSON, compressed if the name says so."""
    data = b"".join(line + b"\n" for line in lines)
    path.write_bytes(gzip.compress(data, mtime=0) if path.suffix == ".gz" else data)


def contents(folder: Path) -> dict[str, bytes]:
    """All files of a folder, by their place in it."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def records(out: Path, kind: str = "Assessment") -> list[dict[str, Any]]:
    """All lines of one kind, in the order of the files."""
    files = sorted(out.glob(f"{kind}.*.ndjson"))
    return [orjson.loads(line) for file in files for line in file.read_bytes().splitlines()]


def _chart(path: Path, patient: str) -> list[dict[str, Any]]:
    if not path.is_file():
        return []
    found = []
    for number, entry in enumerate(orjson.loads(path.read_bytes())["entry"]):
        resource = entry["resource"]
        if resource["resourceType"] == "Patient":
            resource["id"] = patient
        else:
            resource["id"] = f"{patient}-{number}"
        if "subject" in resource:
            resource["subject"] = {"reference": f"Patient/{patient}"}
        found.append(resource)
    return found
