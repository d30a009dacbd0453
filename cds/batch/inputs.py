"""Which files of an export hold what: by their names, or by their first line."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any, Final, Literal
from urllib.parse import unquote, urlsplit

import orjson

from cds.batch.lines import Line, lines
from cds.batch.problem import BatchError

RESPONSES: Final = "QuestionnaireResponse"
CHART: Final = ("Patient", "Condition", "MedicationStatement", "MedicationRequest", "Medication", "Observation")
"""What a chart is read from; other resources are left alone."""
SUFFIXES: Final = (".ndjson", ".ndjson.gz")
"""Ends of the names of files that are read."""
_NAMED: Final = re.compile(r"(?:^|[^A-Za-z])(?P<type>[A-Z][A-Za-z]+)(?:[^A-Za-z]|$)")
LARGEST_MANIFEST: Final = 16 << 20
"""Bytes of a bulk manifest at most."""

Use = Literal["responses", "chart", "left_alone"]


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
        found = sorted(path for path in source.rglob("*") if path.name.endswith(SUFFIXES) and path.is_file())
        for path in found:
            _sort(inputs, path, named_type(path.name) or type_of(lines(path)))
    else:
        inputs = Inputs(source.parent)
        for kind, path in _listed(source):
            _sort(inputs, path, kind)
    if not inputs.responses:
        raise no_responses(str(source))
    return inputs


def no_responses(source: str) -> BatchError:
    """What stops a run that has nothing to evaluate."""
    return BatchError(f"{source}: there is no {RESPONSES} file: name a folder of .ndjson or .ndjson.gz, or a manifest")


def use_of(kind: str) -> Use:
    """What files of a type are read for."""
    # What nobody can tell may be responses: then each of its lines is refused, and none is passed over.
    return "chart" if kind in CHART else "responses" if kind in (RESPONSES, "") else "left_alone"


def _sort(inputs: Inputs, path: Path, kind: str) -> None:
    chosen: list[Path] = getattr(inputs, use_of(kind))
    chosen.append(path)


def named_type(name: str) -> str:
    """The type that the name of a file tells, if it is one that is read; otherwise nothing."""
    for found in _NAMED.finditer(PurePosixPath(name).name.partition(".ndjson")[0]):
        if found["type"] in (RESPONSES, *CHART):
            return found["type"]
    return ""


def type_of(found: Iterable[Line]) -> str:
    """The type of the first resource in these lines, or that of a response if there is one among other types."""
    first = ""
    for line in found:
        if first and RESPONSES.encode() not in (line.data or b""):
            continue
        try:
            resource = orjson.loads(line.data or b"")
        except orjson.JSONDecodeError:
            continue
        kind = resource.get("resourceType") if isinstance(resource, dict) else None
        if kind == RESPONSES or (not first and kind in CHART):
            return str(kind)
        if not first and isinstance(kind, str):
            first = kind
    return first


def _listed(manifest: Path) -> list[tuple[str, Path]]:
    try:
        with manifest.open("rb") as stream:
            entries = listed_files(str(manifest), stream.read(LARGEST_MANIFEST + 1))
    except OSError:
        entries = listed_files(str(manifest), b"")
    for _, name in entries:
        if not (manifest.parent / name).is_file():
            raise not_beside(str(manifest), name)
    return [(kind, manifest.parent / name) for kind, name in entries]


def listed_files(manifest: str, data: bytes) -> list[tuple[str, str]]:
    """The types and files of a manifest; a file is sought beside it by the last part of its address.

    Raises :class:`BatchError` for what is not a bulk manifest.
    """
    try:
        found: Any = orjson.loads(data) if len(data) <= LARGEST_MANIFEST else None
        entries = [(entry["type"], entry["url"]) for entry in found["output"]]
    except (orjson.JSONDecodeError, KeyError, TypeError):
        raise BatchError(f"{manifest}: this is not a bulk manifest: it needs 'output' with 'type' and 'url'") from None
    listed: list[tuple[str, str]] = []
    for kind, url in entries:
        if not isinstance(kind, str) or not isinstance(url, str):
            raise BatchError(f"{manifest}: 'type' and 'url' of each output must be text")
        name = PurePosixPath(unquote(urlsplit(url).path)).name
        if name in {other for _, other in listed}:
            raise BatchError(f"{manifest}: two outputs are called {name}: give their files different names")
        listed.append((kind, name))
    return listed


def not_beside(manifest: str, name: str) -> BatchError:
    """What stops a run when a manifest names a file that is not there."""
    return BatchError(f"{manifest}: {name} is not beside the manifest: download it first")
