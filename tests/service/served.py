"""The service as its users get it: a process of its own, started with ``cds serve``, called over a socket."""

from __future__ import annotations

import json
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import httpx2
import pytest

from tests.service.running import CALL

_PATIENCE: Final = 120.0
"""Seconds until the service must be ready, and until it must have ended."""


class Service:
    """A running service: ``base`` is its address, ``log`` the file with what it writes, ``port`` where it listens."""

    def __init__(
        self, port: int, log: Path, process: subprocess.Popen[bytes], tls: ssl.SSLContext | None = None
    ) -> None:
        self.port, self.log, self.process, self.tls = port, log, process, tls
        self.base = f"{'https' if tls else 'http'}://127.0.0.1:{port}"
        self.call = f"{self.base}{CALL}"

    def post(self, body: Any, authorization: str | None = None) -> httpx2.Response:
        """Call the service of the shipped pack."""
        headers = {} if authorization is None else {"authorization": authorization}
        return httpx2.post(self.call, json=body, headers=headers, timeout=_PATIENCE, trust_env=False)

    def cards(self, body: Any, authorization: str | None = None) -> list[dict[str, Any]]:
        """The cards that a call is answered with; there is always one."""
        answer = self.post(body, authorization)
        assert answer.status_code == 200, answer.text
        found: list[dict[str, Any]] = answer.json()["cards"]
        assert found
        return found

    def refusal(self, body: Any, status: int, authorization: str | None = None) -> dict[str, Any]:
        """The first issue of the OperationOutcome that a call is refused with."""
        answer = self.post(body, authorization)
        assert answer.status_code == status, answer.text
        outcome = answer.json()
        assert outcome["resourceType"] == "OperationOutcome"
        assert "cards" not in outcome
        issue: dict[str, Any] = outcome["issue"][0]
        return issue

    def events(self) -> list[dict[str, Any]]:
        """The lines of the log so far; what is written before there is a log is no JSON and left out."""
        lines = self.log.read_text(encoding="utf-8").splitlines()
        return [json.loads(line) for line in lines if line.startswith("{")]


@contextmanager
def served(
    folder: Path,
    options: Sequence[str] = (),
    *,
    trust: Path | None = None,
    fhir_servers: Sequence[str] = (),
    workers: int = 1,
    database: str | None = None,
    port: int | None = None,
    tls: ssl.SSLContext | None = None,
) -> Iterator[Service]:
    """Start the service in ``folder``, wait until it is ready, and end it with SIGTERM; it must end in good order.

    A test may kill it with SIGKILL before.

    ``options`` are further options of ``cds serve``; ``database`` is a URL, by default of a file in ``folder``;
    ``port`` is a free one unless it is given (see :func:`free_port`). ``tls`` is what trusts the certificate that is
    named in the options.
    """
    port = port or free_port()
    command = [sys.executable, "-m", "cds", "serve", "--port", str(port), "--workers", str(workers), *options]
    command += ["--database", database or f"sqlite:///{folder / 'cds.sqlite'}"]
    command += [] if trust is None else ["--trust", str(trust)]
    command += [word for server in fhir_servers for word in ("--fhir-server", server)]
    log = folder / "service.log"
    with log.open("wb") as output, subprocess.Popen(command, cwd=folder, stdout=output, stderr=output) as process:
        service = Service(port, log, process, tls)
        try:
            _wait(process, service)
            yield service
        finally:
            process.terminate()
            try:
                process.wait(_PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()
    if process.returncode == -signal.SIGKILL:
        return  # the test killed it
    # A single process passes the signal on to itself once it is done, so that its parent sees what ended it.
    assert process.returncode == (0 if workers > 1 else -signal.SIGTERM), log.read_text(errors="replace")[-2000:]
    assert [one for one in service.events() if one["event"].startswith("Finished server process")]
    assert not [one for one in service.events() if one["severity"] in ("error", "critical")]


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def _wait(process: subprocess.Popen[bytes], service: Service) -> None:
    end = time.monotonic() + _PATIENCE
    while process.poll() is None and time.monotonic() < end:
        try:
            if httpx2.get(f"{service.base}/readyz", trust_env=False, verify=service.tls or True).status_code == 200:
                return
        except httpx2.TransportError:
            time.sleep(0.1)
    pytest.fail(f"the service did not start: {service.log.read_text(errors='replace')[-2000:]}")
