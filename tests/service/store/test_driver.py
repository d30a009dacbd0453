"""A plain installation has no driver of PostgreSQL."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
WITHOUT = "import sys\nsys.modules['psycopg'] = None\n"


def _run(program: str, folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-W", "error", "-c", f"{WITHOUT}sys.path.insert(0, {str(ROOT)!r})\n{program}"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    "program",
    [
        "import cds.service.serve, cds.service.app, cds.service.feedback",
        "from cds.service.store import Store\nStore.open('sqlite:///service.db').close_now()",
    ],
    ids=["imports", "sqlite"],
)
def test_sqlite_needs_no_driver(program: str, tmp_path: Path) -> None:
    done = _run(program, tmp_path)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_locked_sqlite_file_is_still_away(tmp_path: Path) -> None:
    program = (
        "import sqlite3\n"
        "from cds.service.store import Store, StoreUnavailable\n"
        "from cds.service.store.errors import reaching\n"
        "try:\n"
        "    with reaching('sqlite:///x'):\n"
        "        raise sqlite3.OperationalError('x')\n"
        "except StoreUnavailable:\n"
        "    print('away')\n"
    )
    assert _run(program, tmp_path).stdout == "away\n"


def test_postgresql_says_what_to_install(tmp_path: Path) -> None:
    program = "from cds.cli import main\nmain({!r})"
    for arguments, status in ((["serve"], 1), (["feedback", "report"], 2)):
        done = _run(program.format([*arguments, "--database", "postgresql://me:secret@127.0.0.1:1/name"]), tmp_path)
        assert done.returncode == status, done.stderr
        assert "pip install 'cds-rules[postgres]'" in done.stderr
        assert "secret" not in done.stderr
        assert "Traceback" not in done.stderr
