"""On a terminal: tables instead of lines, and progress that never mixes with data."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

from tests.cli.running import BULK, ROOT


def on_terminal(*arguments: str, terminal: str) -> tuple[str, str]:
    """Run with one stream (stdout or stderr) on a terminal; what the terminal shows, and what the other stream has."""
    ours, theirs = pty.openpty()
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm", "COLUMNS": "120", "LINES": "40"}
    process = subprocess.Popen(
        [sys.executable, "-m", "cds", *arguments],
        stdin=subprocess.DEVNULL,
        stdout=theirs if terminal == "stdout" else subprocess.PIPE,
        stderr=theirs if terminal == "stderr" else subprocess.PIPE,
        cwd=ROOT,
        env=environment,
    )
    os.close(theirs)
    with ThreadPoolExecutor(1) as reader:
        shown = reader.submit(_read, ours)
        out, err = process.communicate(timeout=120)
    os.close(ours)
    assert process.returncode == 0
    return shown.result(), (err if terminal == "stdout" else out).decode()


def _read(descriptor: int) -> str:
    shown = b""
    while True:
        try:
            chunk = os.read(descriptor, 65536)
        except OSError:  # how Linux says that the other end of the terminal is closed
            chunk = b""
        if not chunk:
            return shown.decode()
        shown += chunk


def test_tables_have_a_title_on_a_terminal() -> None:
    shown, errors = on_terminal("rules", "--level", "emergency", terminal="stdout")
    assert "Rules of exercise-low-back-pain" in shown
    assert "\t" not in shown
    assert errors == ""


def test_progress_shows_on_a_terminal_and_data_stays_clean() -> None:
    shown, data = on_terminal("evaluate", str(BULK), "--format", "json", terminal="stderr")
    assert "responses" in shown
    assert [json.loads(line)["outcome"] for line in data.splitlines()]


def test_mutation_shows_how_far_it_is() -> None:
    shown, data = on_terminal("mutate", "ottawa-ankle", terminal="stderr")
    assert "Judging" in shown
    assert len(data.splitlines()) == 1


def test_text_for_people_has_no_progress() -> None:
    shown, text = on_terminal("evaluate", str(BULK), terminal="stderr")
    assert shown == ""
    assert "Patients" in text
