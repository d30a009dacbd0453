"""Parquet has the records, in groups that depend on the records alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
import pyarrow.parquet as pq
import pytest

from cds.batch.parquet import LISTS, TEXTS, ParquetRecords
from cds.batch.problem import BatchError

VALUES = (
    "2026-11-22",
    "2026-11-22T09:30:00Z",
    "1",
    "null",
    "true",
    "",
    "\x00",
    "\u2028",
    'a"b\\c',
    "ñ",
    "\r",
    "x" * 20_000,
)


def _records(count: int) -> list[dict[str, Any]]:
    return [
        {
            **{
                name: VALUES[(row + place) % len(VALUES)] if (row + place) % 5 else None
                for place, name in enumerate(TEXTS)
            },
            **{name: list(VALUES[: (row + place) % 4]) for place, name in enumerate(LISTS)},
            "chart": row,
            "chart_whole": row % 2 == 0,
        }
        for row in range(count)
    ]


@pytest.mark.parametrize("size", [1, 7, 1_000])
def test_groups_do_not_depend_on_how_records_come(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    monkeypatch.setattr("cds.batch.parquet._GROUP", 100)
    monkeypatch.setattr("cds.batch.parquet._BYTES", 600_000)
    records = _records(250)
    lines = [orjson.dumps(one) + b"\n" for one in records]
    file = ParquetRecords(tmp_path / "x.parquet")
    for start in range(0, len(lines), size):
        file.add(b"".join(lines[start : start + size]))
    file.finish()
    assert pq.read_table(tmp_path / "x.parquet").to_pylist() == records
    groups, taken = pq.ParquetFile(tmp_path / "x.parquet").metadata, 0
    sizes: list[int] = []
    for line in lines:
        if not sizes or sizes[-1] == 100 or taken > 600_000:
            sizes, taken = [*sizes, 0], 0
        sizes[-1], taken = sizes[-1] + 1, taken + len(line)
    assert [groups.row_group(place).num_rows for place in range(groups.num_row_groups)] == sizes
    assert len(set(sizes)) > 1


def test_what_is_no_record_is_an_error_and_never_left_out(tmp_path: Path) -> None:
    file = ParquetRecords(tmp_path / "x.parquet")
    file.add(b'{"source":"a","unheard_of":1}\n')
    with pytest.raises(BatchError, match="cannot be written as Parquet"):
        file.finish()
    file.abandon()
