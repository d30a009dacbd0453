"""Running ``cds``: inside this process, and as a process of its own with real pipes."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from click.testing import CliRunner, Result

from cds.cli import main

ROOT = Path(__file__).resolve().parents[2]
RESPONSES = ROOT / "fixtures" / "responses"
CHARTS = ROOT / "fixtures" / "charts"
BROKEN = ROOT / "fixtures" / "broken"
BULK = ROOT / "fixtures" / "bulk" / "responses.ndjson"
GOOD = RESPONSES / "self-care-ordinary-soreness.json"
EMERGENCY = RESPONSES / "emergency-saddle-numbness.json"


def run(*arguments: str | Path, data: bytes | str | None = None) -> Result:
    """Run a command in this process, with ``data`` on standard input."""
    return CliRunner().invoke(main, [str(argument) for argument in arguments], input=data, prog_name="cds")


def pipe(*arguments: str | Path, data: bytes = b"", seed: int = 0) -> subprocess.CompletedProcess[bytes]:
    """Run a command as a process of its own, with pipes for all three streams; ``seed`` is that of Python's hashes."""
    command = [sys.executable, "-m", "cds", *map(str, arguments)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "40", "PYTHONHASHSEED": str(seed)}
    return subprocess.run(command, input=data, capture_output=True, cwd=ROOT, env=environment, timeout=120, check=False)


@contextmanager
def inside(folder: Path) -> Iterator[None]:
    """Run the block with ``folder`` as the working directory, so that output does not depend on the checkout."""
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


def shell(command: str, folder: Path = ROOT) -> subprocess.CompletedProcess[bytes]:
    """Run a line of shell in ``folder`` in which ``cds`` is this checkout's command."""
    function = f'cds() {{ "{sys.executable}" -m cds "$@"; }}'
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    line = ["bash", "-o", "pipefail", "-c", f"{function}; {command}"]
    return subprocess.run(line, capture_output=True, cwd=folder, env=environment, timeout=120, check=False)
