"""Which files of an export hold what: by their names, or by their first line."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote, urlsplit

import orjson

from cds.batch.lines import lines
from cds.batch.problem import BatchError

RESPONSES: Final = "QuestionnaireResponse"
CHART: Final = ("Patient", "Condition", "MedicationStatement", "MedicationRequest", "Medication", "Observation")
"""What a chart is read from; other resources are left alone."""
_SUFFIXES: Final = (".ndjson", ".ndjson.gz")
_NAMED: Final = re.compile(r"(?:^|[^A-Za-z])(?P<type>[A-Z][A-Za-z]+)(?:[^A-Za-z]|$)")
_LARGEST_MANIFEST: Final = 16 << 20


@dataclass(slots=True)
class Inputs:
    """The files of an export, each sort in the order of their names; ``left_alone`` are those of other types."""

    root: Path
    responses: list[Path] = field(default_factory=list)
    chart: list[Path] = field(default_factory=list)
    left_alone: list[Path] = field(default_factory=list)

    def name(self, path: Path) -> str:
        """How a file is called in what is written: relative to the export."""
        return path.relative_to(self.root).as_posix()


def find_inputs(source: Path) -> Inputs:
    """The files of a folder, or of a bulk manifest.

    Raises :class:`BatchError` if there is nothing to read, or if the manifest names what is not beside it.
    """
    if source.is_dir():
        inputs = Inputs(source)
        found = sorted(path for path in source.rglob("*") if path.name.endswith(_SUFFIXES) and path.is_file())
        for path in found:
            _sort(inputs, path, _type_of(path))
    else:
        inputs = Inputs(source.parent)
        for kind, path in _listed(source):
            _sort(inputs, path, kind)
    if not inputs.responses:
        raise BatchError(
            f"{source}: there is no {RESPONSES} file: name a folder of .ndjson or .ndjson.gz, or a manifest"
        )
    return inputs


def _sort(inputs: Inputs, path: Path, kind: str) -> None:
    # What nobody can tell may be responses: then each of its lines is refused, and none is passed over.
    chosen = inputs.chart if kind in CHART else inputs.responses if kind in (RESPONSES, "") else inputs.left_alone
    chosen.append(path)


def _type_of(path: Path) -> str:
    for found in _NAMED.finditer(path.name.partition(".ndjson")[0]):
        if found["type"] in (RESPONSES, *CHART):
            return found["type"]
    for line in lines(path):
        try:
            resource = orjson.loads(line.data or b"")
        except orjson.JSONDecodeError:
            continue
        kind = resource.get("resourceType") if isinstance(resource, dict) else None
        if isinstance(kind, str):
            return kind if kind in (RESPONSES, *CHART) or not _has_responses(path) else RESPONSES
    return ""


def _has_responses(path: Path) -> bool:
    """Whether a file that is to be left alone has a response among its other resources."""
    for line in lines(path):
        if line.data is not None and RESPONSES.encode() in line.data:
            try:
                resource = orjson.loads(line.data)
            except orjson.JSONDecodeError:
                continue
            if isinstance(resource, dict) and resource.get("resourceType") == RESPONSES:
                return True
    return False


def _listed(manifest: Path) -> list[tuple[str, Path]]:
    """The types and files of a manifest; a file is sought beside it by the last part of its address."""
    try:
        data = manifest.read_bytes()
        found: Any = orjson.loads(data) if len(data) <= _LARGEST_MANIFEST else None
        entries = [(entry["type"], entry["url"]) for entry in found["output"]]
    except (OSError, orjson.JSONDecodeError, KeyError, TypeError):
        raise BatchError(f"{manifest}: this is not a bulk manifest: it needs 'output' with 'type' and 'url'") from None
    listed: list[tuple[str, Path]] = []
    for kind, url in entries:
        if not isinstance(kind, str) or not isinstance(url, str):
            raise BatchError(f"{manifest}: 'type' and 'url' of each output must be text")
        path = manifest.parent / Path(unquote(urlsplit(url).path)).name
        if path in {other for _, other in listed}:
            raise BatchError(f"{manifest}: two outputs are called {path.name}: give their files different names")
        if not path.is_file():
            raise BatchError(f"{manifest}: {path.name} is not beside the manifest: download it first")
        listed.append((kind, path))
    return listed
