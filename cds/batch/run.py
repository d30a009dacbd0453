"""A whole run: charts indexed, responses evaluated part by part, and a manifest at the end."""

from __future__ import annotations

import fcntl
import os
import shutil
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import orjson

from cds.batch.chart_index import build_index
from cds.batch.chunks import chunks
from cds.batch.identity import fingerprint, pack_digest
from cds.batch.inputs import Inputs, find_inputs
from cds.batch.journal import Journal
from cds.batch.manifest import MANIFEST, manifest
from cds.batch.open_part import OpenPart
from cds.batch.part_files import REFUSED, PartFiles
from cds.batch.pool import Pool
from cds.batch.problem import BatchError
from cds.batch.record import refusal
from cds.batch.result import BatchResult
from cds.batch.worker import Setup
from cds.pack import load_pack

__all__ = ["BatchError", "BatchOptions", "BatchResult", "run_batch"]

STATE: Final = ".cds-batch"
"""Folder in the output that is there while a run is not finished."""

Step = Callable[[str, int], None]
"""Told what is being done, and how many lines of it are."""


@dataclass(frozen=True, slots=True)
class BatchOptions:
    """How to evaluate: ``pack`` is a folder, ``lines`` how many responses a part has."""

    pack: Path
    workers: int = 1
    resume: bool = False
    parquet: bool = True
    guidance: bool = False
    language: str | None = None
    as_of: str | None = None
    lines: int = 100_000

    def identity(self) -> dict[str, Any]:
        """What must be the same when a run is resumed."""
        return {
            "pack": pack_digest(self.pack),
            "parquet": self.parquet,
            "guidance": self.guidance,
            "language": self.language,
            "as_of": self.as_of,
            "lines per file": self.lines,
        }


def run_batch(source: Path, out: Path, options: BatchOptions, step: Step = lambda what, count: None) -> BatchResult:
    """Evaluate an export. Raises :class:`BatchError` for what stops the run, and :class:`PackError`.

    The output depends on the input, the pack and the options alone, not on workers, interruptions or the clock.
    """
    state = out / STATE
    if options.resume and (out / MANIFEST).is_file() and not state.exists():
        return _finished(out / MANIFEST)  # it was killed after its last step
    pack = load_pack(options.pack)
    inputs = find_inputs(source)
    _prepare(out, state, options.resume)
    try:
        with _locked(state):
            journal = Journal(state / "journal.ndjson", {**options.identity(), "input": fingerprint(inputs)})
            if options.resume and (state / "journal.ndjson").is_file():
                journal.resume()
            else:
                journal.begin()
            charts = _charts(inputs, out, state, step)
            replaced = _evaluate(inputs, state, journal, options, not charts["refused"], step)
            result = _result(inputs, journal, charts, replaced)
            _write_whole(out / MANIFEST, manifest(pack, _files(journal, charts), result), state)
        shutil.rmtree(state)
    except (OSError, sqlite3.Error) as error:
        reason = (error.strerror if isinstance(error, OSError) else str(error)) or "it failed"
        raise BatchError(f"{out} cannot be written: {reason}. Mend that, and go on with --resume") from None
    return result


def _prepare(out: Path, state: Path, resume: bool) -> None:
    try:
        out.mkdir(parents=True, exist_ok=True)
        there = {path.name for path in out.iterdir()}
        if there and not (resume and STATE in there):
            hint = "go on with --resume, or " if STATE in there else ""
            raise BatchError(f"{out} is not empty: {hint}name an empty folder")
        state.mkdir(exist_ok=True)
    except OSError as error:
        raise BatchError(f"{out} cannot be used: {error.strerror}. Name a folder that can be made") from None


@contextmanager
def _locked(state: Path) -> Iterator[None]:
    with (state / "lock").open("wb") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BatchError(f"{state.parent}: another run is writing here: wait for it") from None
        yield


def _charts(inputs: Inputs, out: Path, state: Path, step: Step) -> dict[str, int]:
    """Index the charts, unless that is done; how many resources were read and refused."""
    done = state / "charts.json"
    if done.is_file():
        told: dict[str, int] = orjson.loads(done.read_bytes())
        return told
    counts = {"read": 0, "refused": 0}
    if inputs.chart:
        files = [(inputs.name(path), path) for path in inputs.chart]
        found = build_index(state / "charts.sqlite", files, lambda count: step("charts", count))
        counts = {"read": found.read, "refused": len(found.refused)}
        if found.refused:
            refused = (refusal(f"{name}:{line}", [("", problem)]) for name, line, problem in found.refused)
            _write_whole(
                out / f"{REFUSED}.charts.ndjson", b"".join(orjson.dumps(one) + b"\n" for one in refused), state
            )
    _write_whole(done, orjson.dumps(counts), state)
    return counts


def _evaluate(inputs: Inputs, state: Path, journal: Journal, options: BatchOptions, whole: bool, step: Step) -> int:
    """Evaluate what is not done yet; how many workers died."""
    index = state / "charts.sqlite"
    out, charts = state.parent, index if index.is_file() else None
    setup = Setup(options.pack, charts, options.as_of, options.guidance, options.language, whole)
    files = [(inputs.name(path), path) for path in inputs.responses]
    done = {part.file: part.last for part in journal.parts}
    read = sum(part.read for part in journal.parts)
    waiting = chunks(files, options.lines, done, len(journal.parts))
    open_part: OpenPart | None = None
    try:
        with Pool(setup, options.workers) as pool:
            for chunk, found in pool.results(waiting):
                if open_part is None or open_part.number != chunk.part:
                    if open_part is not None:
                        journal.add(open_part.finish())
                    open_part = OpenPart(
                        chunk.part,
                        chunk.file,
                        PartFiles(out, state / "part", chunk.part, options.guidance, options.parquet),
                    )
                open_part.take(chunk.lines[-1].number, len(chunk.lines), found)
                read += len(chunk.lines)
                step("responses", read)
            if open_part is not None:
                journal.add(open_part.finish())
                open_part = None
            return pool.replaced
    finally:
        if open_part is not None:
            open_part.files.abandon()


def _result(inputs: Inputs, journal: Journal, charts: Mapping[str, int], replaced: int) -> BatchResult:
    seen = {part.file for part in journal.parts}
    names = [inputs.name(path) for path in inputs.responses]
    return BatchResult(
        read=sum(part.read for part in journal.parts),
        assessed=sum(part.assessed for part in journal.parts),
        refused=sum(part.refused for part in journal.parts),
        outcomes=sum((Counter(part.outcomes) for part in journal.parts), Counter()),
        chart_read=charts["read"],
        chart_refused=charts["refused"],
        empty=tuple(name for name in names if name not in seen),
        left_alone=tuple(inputs.name(path) for path in inputs.left_alone),
        replaced=replaced,
    )


def _files(journal: Journal, charts: Mapping[str, int]) -> list[tuple[str, Mapping[str, Any]]]:
    """What was written, by name."""
    files = [(name, told) for part in journal.parts for name, told in part.files.items()]
    return [*files, (f"{REFUSED}.charts.ndjson", {"count": charts["refused"]})] if charts["refused"] else files


def _finished(path: Path) -> BatchResult:
    """What came of a run that is finished."""
    try:
        told = orjson.loads(path.read_bytes())
        counts = told["counts"]
        return BatchResult(
            read=counts["responses"],
            assessed=counts["assessed"],
            refused=counts["refused"],
            outcomes=counts["outcomes"],
            chart_read=counts["chart_resources"],
            chart_refused=counts["chart_resources_refused"],
            empty=tuple(told["empty"]),
            left_alone=tuple(told["left_alone"]),
            replaced=0,
        )
    except (OSError, orjson.JSONDecodeError, KeyError, TypeError):
        raise BatchError(f"{path}: this is not the manifest of a run: name an empty folder") from None


def _write_whole(path: Path, data: bytes, state: Path) -> None:
    """Write a file that is there with all its bytes or not at all."""
    beside = state / f"{path.name}.new"
    with beside.open("wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
    beside.replace(path)
