"""A PostgreSQL server of our own, from the machine's package: private data, a free port of the loopback, fsync on.

One server for each test process, so that ``pytest -n`` needs no agreement between them. To have the fixture in a
folder: ``from tests.service.postgres import postgres`` in its ``conftest.py``.
"""

from __future__ import annotations

import itertools
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import psycopg
import pytest
from psycopg import sql

PASSWORD: Final = "pa55-w/rd%that-nobody-may-print"  # noqa: S105
QUOTED: Final = "pa55-w%2Frd%25that-nobody-may-print"
_USER: Final = "owner"
_NAMES = itertools.count()


def missing() -> str | None:
    """Why there can be no server here, or ``None``."""
    if _programs() is None:
        return "PostgreSQL is not installed: apt-get install postgresql"
    if os.geteuid() == 0:
        try:
            pwd.getpwnam("postgres")
        except KeyError:
            return "PostgreSQL does not run as root, and there is no user postgres"
    return None


def _programs() -> Path | None:
    """The folder with ``initdb`` and ``postgres``."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    found = shutil.which("initdb")
    folders += [Path(found).resolve().parent] if found else []
    return next((folder for folder in folders if (folder / "initdb").exists() and (folder / "postgres").exists()), None)


class Server:
    """A server that can be stopped, crashed and started again."""

    def __init__(self, folder: Path, programs: Path) -> None:
        """Make an empty server in ``folder``; the settings are those of the package, so a commit waits for the disk."""
        self.data = folder / "data"
        self.folder = folder
        self._programs = programs
        self._process: subprocess.Popen[bytes] | None = None
        self._as: dict[str, Any] = {}
        if os.geteuid() == 0:  # PostgreSQL refuses to run as root
            self._as = {"user": "postgres", "group": "postgres", "extra_groups": []}
            shutil.chown(folder, "postgres", "postgres")
        password = folder / "password"
        password.write_text(PASSWORD, encoding="utf-8")
        command = [f"{programs}/initdb", "-D", str(self.data), "-U", _USER, "-A", "scram-sha-256"]
        command += ["--pwfile", str(password)]
        command += ["--encoding=UTF8", "--locale=C.UTF-8"]
        subprocess.run(command, check=True, capture_output=True, cwd=folder, **self._as)
        self.port = 0
        self.start()

    def url(self, database: str = "postgres") -> str:
        """The SQLAlchemy URL of a database, with a password that has to be quoted."""
        return f"postgresql+psycopg://{_USER}:{QUOTED}@127.0.0.1:{self.port}/{database}"

    def connect(self, database: str = "postgres") -> psycopg.Connection:
        """A connection for the test's own questions, in autocommit."""
        return psycopg.connect(
            host="127.0.0.1", port=self.port, user=_USER, password=PASSWORD, dbname=database, autocommit=True
        )

    def new_database(self) -> str:
        """The URL of an empty database."""
        name = f"test_{next(_NAMES)}"
        with self.connect() as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        return self.url(name)

    def start(self) -> None:
        """Start it, on the port that it had, and wait until it answers."""
        for _ in range(5):
            self.port = self.port or _free_port()
            command = [f"{self._programs}/postgres", "-D", str(self.data), "-p", str(self.port)]
            command += ["-c", "listen_addresses=127.0.0.1", "-c", f"unix_socket_directories={self.folder}"]
            with (self.folder / "log").open("ab") as log:
                self._process = subprocess.Popen(command, stdout=log, stderr=log, cwd=self.folder, **self._as)
            if self._answers():
                return
            self.port = 0  # somebody took the port in between
        pytest.fail(f"PostgreSQL does not start: {(self.folder / 'log').read_text(encoding='utf-8')[-2000:]}")

    def _answers(self) -> bool:
        until = time.monotonic() + 30
        while time.monotonic() < until and self._process is not None and self._process.poll() is None:
            try:
                self.connect().close()
            except psycopg.OperationalError:
                time.sleep(0.05)
            else:
                return True
        return False

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """Stop it: SIGINT ends it in order, SIGQUIT at once, as a crash would."""
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(timeout=60)
            self._process = None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A running server; skipped where PostgreSQL is not installed, but never in CI."""
    if absent := missing():
        if os.environ.get("CI") == "true":
            pytest.fail(absent)
        pytest.skip(absent)
    programs = _programs()
    assert programs is not None
    # Not under pytest's own folder: that one is closed to other users, and the server may have to be one.
    folder = Path(tempfile.mkdtemp(prefix="cds-postgres-"))
    server = None
    try:
        server = Server(folder, programs)
        yield server
    finally:
        if server is not None:
            server.stop(signal.SIGQUIT)  # the data is thrown away: no need to write it all down first
        shutil.rmtree(folder, ignore_errors=True)
