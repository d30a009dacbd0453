"""The charts of an export by patient, on disk: looked up one patient at a time, however many there are.

SQLite, because responses come in any order and each wants a few rows by one key; what it keeps in memory is bounded
(docs/decisions/0020-batch.md).
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import orjson

from cds.batch.inputs import CHART
from cds.batch.lines import Line, lines
from cds.decision_support import CHART_LIMITS
from cds.intake import IntakeError, parse_json
from cds.intake.faults import fault

UNPLACED: Final = "it is no resource of a chart of which the patient can be told"
_ROWS: Final = 5_000
"""So many rows are written at once, or fewer if they have more bytes than the next."""
_BYTES: Final = 8 << 20
_CACHE: Final = -16_000
"""SQLite's own measure: 16,000 KiB of pages."""
_ROWS_OF: Final = "SELECT resource FROM chart WHERE owner = ? ORDER BY rowid"
_SIZE_OF: Final = "SELECT ifnull(sum(length(resource)), 0) FROM chart WHERE owner = ?"
_REFERENCE: Final = re.compile(
    r"(?:^|/)(?P<key>(?:Patient|Medication)/[A-Za-z0-9\-.]{1,64})(?:/_history/[^/\n]+)?\Z", re.ASCII
)


@dataclass(slots=True)
class ChartCounts:
    """How many chart resources were read, and those lines that could not be: file, line and why."""

    read: int = 0
    refused: list[tuple[str, int, str]] = field(default_factory=list)


def build_index(
    database: Path, files: Iterable[tuple[str, Path]], step: Callable[[int], None] = lambda count: None
) -> ChartCounts:
    """Write the index of these files (name and path) anew."""
    counts = ChartCounts()
    with ChartWriter(database) as writer:
        for name, path in files:
            for line in lines(path):
                owner = owner_of(line)
                if line.data is None or owner is None:
                    counts.refused.append((name, line.number, line.problem or UNPLACED))
                    continue
                writer.add(owner, line.data)
                counts.read += 1
                if counts.read % _ROWS == 0:
                    step(counts.read)
    return counts


class ChartWriter:
    """Writes an index anew. To be used as a context, at the end of which it is complete."""

    def __init__(self, database: Path) -> None:
        database.unlink(missing_ok=True)
        self._rows: list[tuple[str, bytes]] = []
        self._size = 0
        self._connection = sqlite3.connect(database, isolation_level=None)
        self._connection.execute("PRAGMA journal_mode = OFF")
        self._connection.execute("PRAGMA synchronous = OFF")
        self._connection.execute(f"PRAGMA cache_size = {_CACHE}")
        self._connection.execute("CREATE TABLE chart (owner TEXT, resource BLOB)")
        self._connection.execute("BEGIN")

    def add(self, owner: str, resource: bytes) -> None:
        """Add the resource of an owner after those that are there."""
        self._rows.append((owner, resource))
        self._size += len(resource)
        if len(self._rows) >= _ROWS or self._size >= _BYTES:
            self._write()

    def __enter__(self) -> ChartWriter:
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        with closing(self._connection):
            if kind is None:
                self._write()
                self._connection.execute("CREATE INDEX by_owner ON chart (owner)")
                self._connection.execute("COMMIT")

    def _write(self) -> None:
        self._connection.executemany("INSERT INTO chart VALUES (?, ?)", self._rows)
        self._rows.clear()
        self._size = 0


class ChartIndex:
    """Looks up charts; each process has its own."""

    def __init__(self, database: Path) -> None:
        self._connection = sqlite3.connect(f"{database.resolve().as_uri()}?mode=ro", uri=True)
        self._connection.execute(f"PRAGMA cache_size = {_CACHE}")

    def chart(self, subject: str, limit: int = CHART_LIMITS.size) -> list[bytes]:
        """The resources of a patient, as they stood in the files, with the Medications that they refer to.

        Raises :class:`IntakeError` for more than ``limit`` bytes, before they are all in memory.
        """
        key = owner_key(subject)
        if key is None:
            return []
        found = self._rows((key,), 0, limit)
        medications = tuple(dict.fromkeys(medications_of(found)))
        return found + self._rows(medications, sum(map(len, found)), limit) if medications else found

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def _rows(self, keys: Sequence[str], before: int, limit: int) -> list[bytes]:
        """The resources of these owners, after others of ``before`` bytes."""
        rows: list[bytes] = []
        size = before
        for key in keys:
            for (resource,) in self._connection.execute(_ROWS_OF, (key,)):
                size += len(resource)
                if size > limit:
                    whole = before + sum(self._connection.execute(_SIZE_OF, (one,)).fetchone()[0] for one in keys)
                    raise IntakeError([fault("too-large", "chart", size=whole, limit=limit)])
                rows.append(resource)
        return rows


def owner_key(reference: str) -> str | None:
    """The type and id of a reference, relative or absolute; ``None`` if it has none."""
    found = _REFERENCE.search(reference)
    return found["key"] if found else None


def owner_of(line: Line) -> str | None:
    """Whose a resource is: the patient's, or its own if it is a Medication."""
    if line.data is None:
        return None
    try:
        resource = parse_json(line.data)
    except IntakeError:
        return None
    if not isinstance(resource, dict) or resource.get("resourceType") not in CHART:
        return None  # a response that stands here by mistake must not vanish among the charts
    if resource.get("resourceType") in ("Patient", "Medication"):
        return owner_key(f"{resource['resourceType']}/{resource.get('id')}")
    subject = resource.get("subject")
    reference = subject.get("reference") if isinstance(subject, dict) else None
    return owner_key(reference) if isinstance(reference, str) else None


def medications_of(resources: Iterable[bytes]) -> Iterator[str]:
    """The keys of the Medications that these resources of a chart refer to."""
    for data in resources:
        if b"medicationReference" not in data:
            continue
        referred: Any = orjson.loads(data).get("medicationReference")
        reference = referred.get("reference") if isinstance(referred, dict) else None
        key = owner_key(reference) if isinstance(reference, str) else None
        if key is not None and key.startswith("Medication/"):  # never the chart of another patient
            yield key
