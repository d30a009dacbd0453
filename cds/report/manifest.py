"""The manifest of a run, read with suspicion: its counts must add up before any file is opened."""

from __future__ import annotations

from collections import Counter
from pathlib import Path, PurePosixPath
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from cds.batch.manifest import MANIFEST
from cds.batch.part_files import ASSESSMENT, REFUSED
from cds.batch.run import STATE
from cds.pack import Pack
from cds.report.problem import ReportError

_LARGEST: Final = 1 << 28
"""Bytes that a manifest may have: about a million files."""
_CHARTS: Final = f"{REFUSED}.charts.ndjson"

Count = Annotated[int, Field(ge=0)]


class _Model(BaseModel):
    model_config = ConfigDict(strict=True, frozen=True)


class WrittenFile(_Model):
    """A file of the run: its ``count`` of lines, and its size in bytes and SHA-256 where the manifest has them."""

    type: str
    url: str
    count: Count
    bytes: Count | None = None
    sha256: str | None = None

    @property
    def counted(self) -> bool:
        """Whether its lines are those of the report; Parquet and GuidanceResponses say the same again."""
        return self.type in (ASSESSMENT, REFUSED) and self.url.endswith(".ndjson")

    @property
    def of_charts(self) -> bool:
        """Whether its lines are resources of charts that were refused, not responses."""
        return self.type == REFUSED and PurePosixPath(self.url).name == _CHARTS


class PackName(_Model):
    """The pack that a run was assessed by."""

    id: str
    version: str


class Counts(_Model):
    """What became of all lines."""

    responses: Count
    assessed: Count
    refused: Count
    outcomes: dict[str, Count]
    chart_resources: Count
    chart_resources_refused: Count


class Manifest(_Model):
    """What a run says that it wrote. ``empty`` and ``left_alone`` are names of input files."""

    output: list[WrittenFile]
    error: list[WrittenFile]
    pack: PackName
    counts: Counts
    empty: list[str]
    left_alone: list[str]

    @property
    def files(self) -> list[WrittenFile]:
        """All files, in the order in which they are named."""
        return [*self.output, *self.error]


def read_manifest(out: Path, pack: Pack, known: frozenset[str]) -> Manifest:
    """The manifest of the run in the folder ``out``; ``known`` are the outcomes that ``pack`` has.

    Raises :class:`ReportError` if the run is not finished, was assessed by another pack, or does not add up.
    """
    path = out / MANIFEST
    if (out / STATE).exists():
        raise ReportError(f"{out}: the run is not finished: go on with cds batch IN {out} --resume")
    try:
        if path.stat().st_size > _LARGEST:
            raise ReportError(f"{path}: this is too large for a manifest: name the output folder of cds batch")
        manifest = Manifest.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        raise ReportError(f"{path}: it is not there: name the output folder of a finished cds batch") from None
    except OSError as error:
        raise ReportError(f"{path}: it cannot be read: {error.strerror}") from None
    except ValidationError as error:
        raise ReportError(f"{path}: this is not the manifest of a run: {_first(error)}") from None
    _check_pack(path, manifest.pack, pack)
    _check_sums(path, manifest, known)
    _check_files(path, manifest.files)
    return manifest


def _first(error: ValidationError) -> str:
    """What is wrong first and where, without what stands there."""
    told = error.errors(include_url=False, include_context=False, include_input=False)[0]
    place = ".".join(map(str, told["loc"]))
    return f"{place}: {told['msg']}" if place else "it is no JSON"


def _check_pack(path: Path, used: PackName, pack: Pack) -> None:
    if (used.id, used.version) != (pack.id, pack.version):
        raise ReportError(
            f"{path}: the run was assessed by {used.id} {used.version}, this is {pack.id} {pack.version}: "
            "give the pack that it was assessed by with --pack"
        )


def _check_sums(path: Path, manifest: Manifest, known: frozenset[str]) -> None:
    counts, lines = manifest.counts, Counter[str]()
    for file in manifest.files:
        if file.counted:
            lines["charts" if file.of_charts else file.type] += file.count
    if not counts.outcomes.keys() <= known:
        raise ReportError(f"{path}: counts.outcomes has an outcome that the pack {manifest.pack.id} does not know")
    sums = (
        ("counts.responses", counts.responses, "assessed and refused", counts.assessed + counts.refused),
        ("counts.assessed", counts.assessed, "all outcomes", sum(counts.outcomes.values())),
        ("counts.assessed", counts.assessed, f"the {ASSESSMENT} files", lines[ASSESSMENT]),
        ("counts.refused", counts.refused, f"the {REFUSED} files", lines[REFUSED]),
        ("counts.chart_resources_refused", counts.chart_resources_refused, _CHARTS, lines["charts"]),
    )
    for name, said, what, found in sums:
        if said != found:
            raise ReportError(f"{path}: {name} is {said}, but {what} together are {found}: run cds batch again")


def _check_files(path: Path, files: list[WrittenFile]) -> None:
    for url, times in Counter(file.url for file in files).items():
        if times > 1:
            raise ReportError(f"{path}: {url} is named {times} times: run cds batch again")
        parts = PurePosixPath(url).parts
        if not parts or ".." in parts or "\\" in url or "\0" in url or parts[0] == "/":
            raise ReportError(f"{path}: {url} is no file of the output folder: run cds batch again")
    for file in files:
        if not file.of_charts and (file.bytes is None or file.sha256 is None):
            raise ReportError(f"{path}: {file.url} has no size or no checksum: run cds batch again")
