"""A run read whole: every line of its assessments and refusals, or an error."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import orjson

from cds.batch.part_files import ASSESSMENT, REFUSED
from cds.pack import Pack
from cds.report.lines import check_size, checked_lines
from cds.report.manifest import Manifest, WrittenFile, read_manifest
from cds.report.problem import ReportError
from cds.report.record import RecordProblem, RecordReader, outcomes
from cds.report.tally import Tally

_OFTEN: Final = 1_000
"""Lines between two reports of progress."""


@dataclass(frozen=True, slots=True)
class Run:
    """A finished run: what its manifest says, and what was counted in its files, which agree."""

    pack: Pack
    manifest: Manifest
    tally: Tally


def read_run(out: Path, pack: Pack, step: Callable[[int], None] = lambda lines: None) -> Run:
    """Count the run in the folder ``out``; ``step`` is told now and then how many assessments are read.

    Reads NDJSON line by line, in memory that does not grow with it. Raises :class:`ReportError` unless every file is
    what the manifest says, every line is an assessment by ``pack`` or a refusal, and all counts agree.
    """
    manifest = read_manifest(out, pack, frozenset(outcomes(pack)))
    for file in manifest.files:
        check_size(out, file)
    _check_others(out, manifest)
    tally = Tally(pack)
    _count_assessments(out, manifest, tally, step)
    for file in manifest.files:
        if file.type == REFUSED and file.counted:
            _check_refusals(out, file)
    for name in outcomes(pack):
        said, found = manifest.counts.outcomes.get(name, 0), tally.outcomes[name]
        if said != found:
            raise ReportError(f"{out}: {found} assessments are {name}, the manifest says {said}: run cds batch again")
    return Run(pack, manifest, tally)


def _check_others(out: Path, manifest: Manifest) -> None:
    """Raise :class:`ReportError` for a file with results that the manifest does not name: it would not be counted."""
    named = {(out / file.url).resolve() for file in manifest.files}
    for path in sorted(out.rglob("*.ndjson")):
        if path.name.startswith((f"{ASSESSMENT}.", f"{REFUSED}.")) and path.resolve() not in named:
            raise ReportError(f"{path}: the manifest does not name it: move it elsewhere if it is of another run")


def _count_assessments(out: Path, manifest: Manifest, tally: Tally, step: Callable[[int], None]) -> None:
    reader, read = RecordReader(tally.pack), 0
    for file in manifest.files:
        if file.type != ASSESSMENT or not file.counted:
            continue
        for number, line in checked_lines(out, file):
            try:
                tally.add(reader.read(line))
            except RecordProblem as problem:
                raise ReportError(f"{out / file.url}:{number}: {problem}: run cds batch again") from None
            read += 1
            if not read % _OFTEN:
                step(read)
    step(read)


def _check_refusals(out: Path, file: WrittenFile) -> None:
    for number, line in checked_lines(out, file):
        try:
            found = orjson.loads(line)
        except orjson.JSONDecodeError:
            found = None
        if not isinstance(found, dict) or found.get("resourceType") != REFUSED:
            raise ReportError(f"{out / file.url}:{number}: this is no {REFUSED}: run cds batch again")
