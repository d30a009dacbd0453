"""Files of resources: names, lines, and the same bytes for the same patients."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import orjson
import pytest

from cds.sample import BulkFolder

PATIENTS: list[dict[str, Any]] = [{"resourceType": "Patient", "id": str(number)} for number in range(5)]
OTHER = {"resourceType": "Condition", "id": "c"}


def _lines(data: bytes) -> list[Any]:
    return [orjson.loads(line) for line in data.splitlines()]


def test_a_new_file_after_so_many_lines(tmp_path: Path) -> None:
    with BulkFolder(tmp_path / "new" / "folder", 2) as folder:
        folder.write([*PATIENTS, OTHER])
    files = {file.name: _lines(file.read_bytes()) for file in (tmp_path / "new" / "folder").iterdir()}
    assert files == {
        "Patient.000.ndjson": PATIENTS[:2],
        "Patient.001.ndjson": PATIENTS[2:4],
        "Patient.002.ndjson": PATIENTS[4:],
        "Condition.000.ndjson": [OTHER],
    }


def test_compressed_bytes_are_repeatable(tmp_path: Path) -> None:
    for name in ("one", "other"):
        with BulkFolder(tmp_path / name, 100, compress=True) as folder:
            folder.write(PATIENTS)
    one, other = ((tmp_path / name / "Patient.000.ndjson.gz").read_bytes() for name in ("one", "other"))
    assert one == other
    assert one[4:8] == bytes(4), "no time"
    assert _lines(gzip.decompress(one)) == PATIENTS


@pytest.mark.parametrize("name", ["Patient.000.ndjson", "Observation.003.ndjson.gz"])
def test_a_folder_that_holds_such_files_is_refused(name: str, tmp_path: Path) -> None:
    (tmp_path / name).touch()
    with pytest.raises(FileExistsError, match="holds NDJSON files already"):
        BulkFolder(tmp_path, 10)
    assert [file.name for file in tmp_path.iterdir()] == [name]


def test_other_files_do_not_matter(tmp_path: Path) -> None:
    (tmp_path / "README.md").touch()
    with BulkFolder(tmp_path, 10) as folder:
        folder.write([OTHER])
    assert (tmp_path / "Condition.000.ndjson").exists()
