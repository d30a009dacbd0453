"""``cds serve`` as a process of its own, on a free port of this machine."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.service.running import FIXTURES

HOST = "127.0.0.1"
_ROOT = FIXTURES.parent


@dataclass(frozen=True, slots=True)
class Server:
    """A running server: its port, its process id, and the folder of its database and output."""

    port: int
    process: int
    folder: Path

    @property
    def address(self) -> str:
        """Scheme, host and port."""
        return f"http://{HOST}:{self.port}"

    def output(self) -> bytes:
        """All that it has written to standard output and standard error."""
        return (self.folder / "stdout").read_bytes() + (self.folder / "stderr").read_bytes()

    def open(self, seconds: float = 20) -> socket.socket:
        """A connection."""
        return socket.create_connection((HOST, self.port), seconds)

    def ask(
        self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None
    ) -> tuple[int, bytes]:
        """Status and body of the answer to a request on a connection of its own."""
        connection = http.client.HTTPConnection(HOST, self.port, timeout=20)
        try:
            connection.request(method, path, body, {"Content-Type": "application/json"} if headers is None else headers)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()


@contextmanager
def serving(folder: Path, *options: str) -> Iterator[Server]:
    """Serve the shipped pack until the end of the block; ``folder`` is for its database and output."""
    folder.mkdir(exist_ok=True)
    with socket.create_server((HOST, 0)) as probe:
        port = probe.getsockname()[1]
    database = f"sqlite:///{folder / 'cds.sqlite'}"
    command = [sys.executable, "-m", "cds", "serve", "--port", str(port), "--database", database, *options]
    environment = os.environ | {"PYTHONPATH": str(_ROOT)}
    with (folder / "stdout").open("wb") as out, (folder / "stderr").open("wb") as err:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=err, env=environment)
        try:
            server = Server(port, process.pid, folder)
            _wait(server, process)
            yield server
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait(server: Server, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < until:
        try:
            if server.ask("GET", "/healthz")[0] == 200:
                return
        except OSError:
            time.sleep(0.05)
    raise AssertionError(f"the server does not start: {server.output().decode()}")
