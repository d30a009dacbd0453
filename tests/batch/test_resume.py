"""Killed at any moment and resumed, a run writes the same bytes as one that was not interrupted."""

from __future__ import annotations

import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from random import Random

import pytest

from tests.batch.exports import contents, export

KILLS = 25
LINES = "25"


def _start(source: Path, out: Path, *options: str, most: int | None = None) -> subprocess.Popen[bytes]:
    """A run as a group of processes of its own; ``most`` is how large its files may become."""

    def limit() -> None:
        if most is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))

    command = [sys.executable, "-m", "cds", "batch", str(source), str(out), "--workers", "2"]
    command += ["--lines-per-file", LINES, *options]
    return subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        preexec_fn=limit,  # noqa: PLW1509 - there are no threads here
    )


def _wait_for_a_part(out: Path) -> None:
    """Until the first part is finished: then the run is well on its way."""
    deadline = time.monotonic() + 60
    while not (out / "Assessment.000.ndjson").exists():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def _living(group: int) -> int:
    """How many processes of a group are there; those that only wait to be buried are not."""
    found = 0
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            state, _, own, *_ = path.read_text().rpartition(")")[2].split()
            found += int(own) == group and state != "Z"
    return found


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, float]:
    """An export, what an uninterrupted run made of it, and how long that took."""
    folder = tmp_path_factory.mktemp("whole")
    export(folder / "in", copies=10)
    started = time.monotonic()
    process = _start(folder / "in", folder / "out", "--guidance")
    told = process.communicate()
    assert process.returncode == 0, told
    return folder / "in", folder / "out", time.monotonic() - started


def test_killed_and_resumed_it_is_the_same(whole: tuple[Path, Path, float], tmp_path: Path) -> None:
    source, expected, seconds = whole
    random, out, kills, finished = Random(5), tmp_path / "out", 0, 0
    while kills < KILLS:
        resume = ["--resume"] if out.exists() else []
        process = _start(source, out, "--guidance", *resume)
        try:
            # Some are killed while they begin, and most somewhere on the way.
            _, said = process.communicate(
                timeout=random.uniform(0.3, 1.0) if kills % 5 == 0 else random.uniform(1.0, seconds)
            )
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)  # it and its workers, which this test started
            process.communicate()
            kills += 1
        else:
            assert process.returncode == 0, said
            assert contents(out) == contents(expected)
            finished += 1
            shutil.rmtree(out)
    if out.exists():
        process = _start(source, out, "--guidance", "--resume")
        process.communicate()
        assert process.returncode == 0
        assert contents(out) == contents(expected)
        finished += 1
    assert finished


def test_a_parent_that_is_killed_leaves_no_worker(whole: tuple[Path, Path, float], tmp_path: Path) -> None:
    source, _, _ = whole
    process = _start(source, tmp_path / "out")
    _wait_for_a_part(tmp_path / "out")
    assert _living(process.pid) > 2
    process.kill()
    process.communicate()
    deadline = time.monotonic() + 20
    while _living(process.pid):
        assert time.monotonic() < deadline, "a worker is still there"
        time.sleep(0.1)


def test_interrupted_it_says_how_to_go_on(whole: tuple[Path, Path, float], tmp_path: Path) -> None:
    source, _, _ = whole
    process = _start(source, tmp_path / "out")
    _wait_for_a_part(tmp_path / "out")
    process.terminate()
    _, said = process.communicate()
    assert process.returncode == 130
    assert b"go on with: cds batch" in said
    assert not [path for path in (tmp_path / "out").iterdir() if path.name == "manifest.json"]


def test_a_full_disk_is_told_and_can_be_resumed(whole: tuple[Path, Path, float], tmp_path: Path) -> None:
    source, expected, _ = whole
    full = _start(source, tmp_path / "out", "--guidance", most=60_000)
    _, said = full.communicate()
    assert full.returncode == 1
    assert re.search(rb"cannot be written: (File too large|disk I/O error)[.] Mend that, and go on with --resume", said)
    again = _start(source, tmp_path / "out", "--guidance", "--resume")
    again.communicate()
    assert again.returncode == 0
    assert contents(tmp_path / "out") == contents(expected)


def test_another_run_is_not_resumed(whole: tuple[Path, Path, float], tmp_path: Path) -> None:
    source, _, _ = whole
    full = _start(source, tmp_path / "out", "--guidance", most=60_000)
    full.communicate()
    other = _start(source, tmp_path / "out", "--resume")
    _, said = other.communicate()
    assert other.returncode == 1
    assert b"the run that was begun here was another one (guidance changed)" in said
