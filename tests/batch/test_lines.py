"""No file can exhaust memory or stop a run, and no line is passed over in silence."""

from __future__ import annotations

import gzip
from pathlib import Path

from cds.batch.lines import LONGEST, lines


def _write(path: Path, data: bytes) -> Path:
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    return path


def test_lines_are_counted_with_the_blank_ones(tmp_path: Path) -> None:
    for name in ("a.ndjson", "a.ndjson.gz"):
        found = list(lines(_write(tmp_path / name, b"one\n\n  \r\n two \r\nthree")))
        assert [(line.number, line.data) for line in found] == [(1, b"one"), (4, b"two"), (5, b"three")]


def test_a_line_that_is_too_long_is_told_and_the_next_is_read(tmp_path: Path) -> None:
    path = _write(tmp_path / "a.ndjson.gz", b"x" * (3 * LONGEST) + b"\nnext\n")
    first, second = lines(path)
    assert first.data is None
    assert f"the input has {3 * LONGEST + 1} bytes" in first.problem
    assert (second.number, second.data) == (2, b"next")


def test_a_line_of_the_longest_that_is_allowed(tmp_path: Path) -> None:
    (found,) = lines(_write(tmp_path / "a.ndjson", b"x" * LONGEST + b"\r\n"))
    assert found.data == b"x" * LONGEST


def test_a_truncated_file_ends_with_a_problem(tmp_path: Path) -> None:
    path = tmp_path / "a.ndjson.gz"
    whole = gzip.compress(b"".join(b"%d\n" % number for number in range(50_000)))
    path.write_bytes(whole[: len(whole) // 2])
    *read, last = lines(path)
    assert [line.data for line in read] == [b"%d" % number for number in range(len(read))]
    assert len(read) > 1_000
    assert (last.number, last.data) == (len(read) + 1, None)
    assert "cannot be decompressed from here on" in last.problem
    assert list(lines(path, skip=last.number)) == []


def test_what_is_no_gzip_at_all(tmp_path: Path) -> None:
    (tmp_path / "a.ndjson.gz").write_bytes(b'{"resourceType": "QuestionnaireResponse"}\n')
    (only,) = lines(tmp_path / "a.ndjson.gz")
    assert (only.number, only.data) == (1, None)


def test_a_file_that_is_not_there_is_a_problem(tmp_path: Path) -> None:
    (only,) = lines(tmp_path / "gone.ndjson")
    assert "the file cannot be read from here on: No such file" in only.problem


def test_lines_after_those_that_are_done(tmp_path: Path) -> None:
    path = _write(tmp_path / "a.ndjson", b"one\n\ntwo\nthree\n")
    assert [line.data for line in lines(path, skip=2)] == [b"two", b"three"]
