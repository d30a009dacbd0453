"""Blocks of raw bytes, read as a stream is."""

from __future__ import annotations

import pyarrow as pa
import pytest

from cds.spark.blocks import streams


def _batch(*rows: tuple[int, bytes]) -> pa.RecordBatch:
    columns = {
        "file": [place for place, _ in rows],
        "name": [f"file-{place}" for place, _ in rows],
        "use": ["responses" for _ in rows],
        "data": [data for _, data in rows],
    }
    return pa.RecordBatch.from_pydict(columns)


@pytest.mark.parametrize("size", [1, 3, 1 << 20])
def test_files_are_told_apart_wherever_batches_end(size: int) -> None:
    batches = [_batch((0, b"one\ntw"), (0, b"")), _batch((0, b"o\n"), (1, b"")), _batch((2, b"three"))]
    found = []
    for place, name, use, stream in streams(batches):
        data = b""
        while block := stream.read(size):
            data += block
        found.append((place, name, use, data))
    expected = [b"one\ntwo\n", b"", b"three"]
    assert found == [(place, f"file-{place}", "responses", data) for place, data in enumerate(expected)]


def test_a_file_that_is_not_read_to_its_end() -> None:
    batches = [_batch((0, b"one\n"), (0, b"two\n")), _batch((1, b"three\n"))]
    assert [stream.readline() for *_, stream in streams(batches)] == [b"one\n", b"three\n"]
