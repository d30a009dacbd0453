"""Exports for both runners, and what they wrote side by side."""

from __future__ import annotations

import gzip
from pathlib import Path

import orjson
import pyarrow.parquet as pq

from cds import default_pack
from cds.batch import BatchResult
from cds.pack import load_pack
from cds.sample import BulkFolder, Sampler, read_population
from tests.batch.exports import RESPONSES, write

HUGE = 200 << 20
"""Bytes of the longest line."""


def population(folder: Path, count: int, lines: int) -> None:
    """Sampled responses with their charts."""
    pack = load_pack(default_pack())
    sampler = Sampler(pack, read_population(pack))
    with BulkFolder(folder, lines, compress=True) as files:
        for number in range(count):
            patient = sampler.sample(3, number)
            files.write([patient.response, *patient.chart])


def broken(folder: Path) -> None:
    """An export in which everything that can be wrong is wrong, among responses that are good."""
    folder.mkdir()
    good = [path.read_bytes() for path in RESPONSES[:40]]
    lines = [_of(data, f"Patient/{number % 7}") for number, data in enumerate(good)]
    other = orjson.loads(good[0]) | {"questionnaire": "https://example.org/another|1.0.0"}
    bad = [
        b"{broken",
        b"\xff\xfe",
        b"x" * (3 << 20),
        b"",
        b"  \r",
        b'{"a": 1, "a": 2}',
        b"[]",
        b"a\rb",
        b"\xef\xbb\xbf{}",
    ]
    write(folder / "QuestionnaireResponse.000.ndjson", [*lines[:10], *bad, orjson.dumps(other), *lines[10:]])
    marked = b"\xef\xbb\xbf" + lines[0] + b"\n" + lines[1]  # a byte order mark, and no end of the last line
    (folder / "QuestionnaireResponse.001.ndjson").write_bytes(marked)
    whole = gzip.compress(b"\n".join(lines * 5), mtime=0)
    (folder / "QuestionnaireResponse.002.ndjson.gz").write_bytes(whole[: len(whole) * 2 // 3])
    (folder / "QuestionnaireResponse.003.ndjson.gz").write_bytes(lines[0])  # no gzip at all
    write(folder / "QuestionnaireResponse.004.ndjson", [b"", b" "])
    (folder / "QuestionnaireResponse.005.ndjson").touch()
    (folder / "untold.ndjson").touch()
    with (folder / "QuestionnaireResponse.006.ndjson").open("wb") as stream:
        stream.truncate(HUGE)  # zeros, which take no place on the disk
        stream.seek(HUGE)
        stream.write(b"\n" + lines[2] + b"\n")
    (folder / "sub").mkdir()
    write(folder / "sub" / "mixed.ndjson", [b'{"resourceType": "Encounter"}', lines[3]])
    write(folder / "sub" / "a b%20.ndjson", [b"{broken", lines[4]])
    write(folder / "Encounter.ndjson", [b'{"resourceType": "Encounter"}'])
    _charts(folder)


def difference(local: Path, spark: Path, told: BatchResult, other: BatchResult) -> list[str]:
    """What two runs differ in: counts, and each record of each kind as bytes."""
    found = [] if told == other else [f"{told} != {other}"]
    for kind in ("Assessment", "GuidanceResponse", "OperationOutcome"):
        ours, theirs = _lines(local, kind), _lines(spark, kind)
        if ours != theirs:
            found += [f"{kind}: {line[:300]!r}" for line in sorted(set(ours) ^ set(theirs))[:5]] or [
                f"{kind}: repeated"
            ]
    if _rows(local) != _rows(spark):
        found.append("Parquet")
    return found


def _of(response: bytes, patient: str) -> bytes:
    return orjson.dumps(orjson.loads(response) | {"subject": {"reference": patient}})


def _charts(folder: Path) -> None:
    """Charts of patients 0 to 6; Medications that several take, one that nobody has, and one that is a subject."""
    patients = [{"resourceType": "Patient", "id": str(number), "birthDate": "1950-01-01"} for number in range(4)]
    taken = [
        {
            "resourceType": "MedicationRequest",
            "id": f"r{number}",
            "status": "active",
            "intent": "order",
            "subject": {"reference": f"https://example.org/fhir/Patient/{number % 7}"},
            "medicationReference": {"reference": f"Medication/m{number % 3}"},
        }
        for number in range(12)
    ]
    medications = [{"resourceType": "Medication", "id": f"m{number}"} for number in range(2)]
    write(folder / "Patient.ndjson", map(orjson.dumps, patients))
    write(
        folder / "MedicationRequest.ndjson.gz", [*map(orjson.dumps, taken), b"{broken", b'{"resourceType": "Device"}']
    )
    write(folder / "Medication.ndjson", map(orjson.dumps, [*medications, *medications]))
    other = _of(RESPONSES[0].read_bytes(), "Medication/m1")
    write(folder / "QuestionnaireResponse.007.ndjson", [other, _of(RESPONSES[1].read_bytes(), "urn:uuid:1")])


def _lines(out: Path, kind: str) -> list[bytes]:
    return sorted(line for path in out.glob(f"{kind}.*.ndjson") for line in path.read_bytes().splitlines())


def _rows(out: Path) -> list[str]:
    return sorted(repr(row) for path in out.glob("*.parquet") for row in pq.ParquetFile(path).read().to_pylist())
