"""Sources of responses: bounds on what is read, and nothing that is passed over in silence."""

from __future__ import annotations

import io
import json
import os
import shutil
import sys
from pathlib import Path

import pytest

from cds.cli.sources import Source, read_bounded, sources
from cds.intake import Limits
from tests.cli.running import CHARTS, GOOD, RESPONSES, run

LIMIT = Limits().size
RESPONSE = json.dumps(json.loads(GOOD.read_bytes())).encode()
HUGE = b'{"resourceType": "' + b"x" * (2 * LIMIT) + b'"}'


class Counting(io.BytesIO):
    """A stream that knows the most that was ever asked of it at once."""

    most = 0

    def read(self, size: int | None = -1, /) -> bytes:
        assert size is not None
        assert size >= 0, "read without a bound"
        self.most = max(self.most, size)
        return super().read(size)

    def readline(self, size: int | None = -1, /) -> bytes:
        assert size is not None
        assert size >= 0, "read without a bound"
        self.most = max(self.most, size)
        return super().readline(size)

    def __next__(self) -> bytes:
        raise AssertionError("read without a bound")


def found_on_stdin(data: bytes, monkeypatch: pytest.MonkeyPatch) -> list[Source]:
    stream = Counting(data)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(stream))
    found = list(sources(["-"]))
    assert stream.most <= LIMIT + 2
    return found


def test_a_file_that_is_too_large_is_refused_by_its_size(tmp_path: Path) -> None:
    file = tmp_path / "huge.json"
    with file.open("wb") as stream:
        stream.truncate(1 << 40)  # a terabyte of nothing: reading it whole would fail
    (source,) = sources([str(file)])
    assert source.data is None
    assert f"{1 << 40} bytes" in source.problem
    found = run("evaluate", file, GOOD, "--format", "json")
    assert found.exit_code == 1
    assert len(found.stdout.splitlines()) == 1
    with pytest.raises(ValueError, match="bytes"):
        read_bounded(file, 10)


def test_a_file_without_an_end_is_refused() -> None:
    (source,) = sources(["/dev/zero"])
    assert source.data is None


def test_a_line_that_is_too_large_loses_no_other(tmp_path: Path) -> None:
    file = tmp_path / "bulk.ndjson"
    file.write_bytes(b"\n".join([RESPONSE, HUGE, RESPONSE, b"", HUGE]))
    found = list(sources([str(file)]))
    assert [source.name.rpartition(":")[2] for source in found] == ["1", "2", "3", "5"]
    assert [source.data is None for source in found] == [False, True, False, True]
    assert f"{len(HUGE) + 1} bytes" in found[1].problem


def test_a_line_may_be_as_large_as_a_response(tmp_path: Path) -> None:
    file = tmp_path / "bulk.ndjson"
    line = b'"' + b"x" * (LIMIT - 2) + b'"'
    file.write_bytes(line + b"\r\n" + line + b"\r\n" + RESPONSE)
    assert [source.data for source in sources([str(file)])] == [line, line, RESPONSE]


@pytest.mark.parametrize(
    ("data", "names"),
    [
        (RESPONSE, ["-:1"]),
        (b"\n\n" + RESPONSE + b"\n" + RESPONSE, ["-:3", "-:4"]),
        (GOOD.read_bytes(), ["-"]),
        (b"{broken\n" + RESPONSE, ["-:1", "-:2"]),
        (HUGE + b"\n" + RESPONSE, ["-:1", "-:2"]),
        (b"{broken\n" + RESPONSE + b"\n" + HUGE + b"\n" + RESPONSE, ["-:1", "-:2", "-:3", "-:4"]),
        (b"{\n" * LIMIT, ["-"]),
        (b"\n" * (2 * LIMIT), ["-"]),
        (b"", ["-"]),
    ],
)
def test_stdin_is_read_within_bounds(data: bytes, names: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    assert [source.name for source in found_on_stdin(data, monkeypatch)] == names


def test_a_chart_that_is_too_large_is_refused(tmp_path: Path) -> None:
    chart = tmp_path / "chart.json"
    with chart.open("wb") as stream:
        stream.truncate(1 << 40)
    found = run("evaluate", GOOD, "--chart", chart, "--format", "json")
    assert (found.exit_code, found.stdout) == (1, "")
    assert "its chart" in found.stderr


def test_a_chart_that_cannot_be_opened_is_not_left_aside(tmp_path: Path) -> None:
    name = "same-day-cancer-in-chart.json"
    assert (CHARTS / name).is_file()
    (tmp_path / name).symlink_to(tmp_path / "nowhere.json")
    found = run("evaluate", RESPONSES / name, "--charts", tmp_path, "--format", "json")
    assert (found.exit_code, found.stdout) == (1, "")


def test_nothing_in_a_folder_is_passed_over_in_silence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copy(GOOD, tmp_path / "CAPITALS.JSON")
    (tmp_path / "gone.json").symlink_to(tmp_path / "nowhere.json")
    closed = tmp_path / "closed"
    closed.mkdir()
    scandir = os.scandir

    def refusing(path: str) -> object:
        if Path(path) == closed:
            raise PermissionError(13, "Permission denied", path)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refusing)  # permissions do not stop the superuser, who may run this
    found = list(sources([str(tmp_path)]))
    assert sorted(Path(source.name).name for source in found if source.data is None) == ["closed", "gone.json"]
    assert [Path(source.name).name for source in found if source.data] == ["CAPITALS.JSON"]


def test_a_name_that_cannot_be_one_loses_no_other() -> None:
    found = run("evaluate", "a" * 5000 + ".json", GOOD, "--format", "json")
    assert found.exit_code == 1
    assert len(found.stdout.splitlines()) == 1


def test_a_name_that_is_not_utf8_loses_no_patient(tmp_path: Path) -> None:
    shutil.copy(GOOD, os.fsdecode(os.fsencode(tmp_path) + b"/\xff.json"))
    (line,) = run("evaluate", tmp_path, "--format", "json").stdout.splitlines()
    assert json.loads(line)["source"].endswith("\N{REPLACEMENT CHARACTER}.json")
