"""SEKMET: a FHIR R4 server that nobody here wrote (PyPI `sekmet-fhir`), started once for all tests.

It has no search parameters for QuestionnaireResponse: it ignores them, says so in a warning, and gives all there are.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import httpx2
import pytest

_INSTALLED: Final = Path(__file__).parents[3] / ".peers" / "sekmet" / "bin" / "sekmet"
_PATIENCE: Final = 60.0
"""Seconds until the server must answer."""


class Sekmet:
    """A running server; ``base`` is its FHIR address."""

    def __init__(self, base: str) -> None:
        self.base = base

    def put(self, resource: dict[str, Any]) -> dict[str, Any]:
        """Store a resource under its own id, and give it back. Raises if the server does not take it."""
        url = f"{self.base}/{resource['resourceType']}/{resource['id']}"
        response = httpx2.put(url, json=resource, headers={"content-type": "application/fhir+json"}, trust_env=False)
        response.raise_for_status()
        return resource


@pytest.fixture(scope="session")
def sekmet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sekmet]:
    """The server, empty at first. Tests that need it are skipped where it is not installed, but never in CI."""
    command = Path(os.environ.get("CDS_SEKMET", _INSTALLED))
    if not command.is_file():
        absent = "sekmet is not installed: run tests/service/peers/install.sh, or set CDS_SEKMET to its command"
        if os.environ.get("CI") == "true":
            pytest.fail(absent)
        pytest.skip(absent)
    folder = tmp_path_factory.mktemp("sekmet")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    base = f"http://127.0.0.1:{port}/fhir"
    # YAML reads JSON too.
    settings = {"base_url": base, "data_dir": str(folder), "log_inbound": False, "simulator": {"enabled": False}}
    (folder / "settings.yaml").write_text(json.dumps(settings), encoding="utf-8")
    arguments = [str(command), "serve", "--config", "settings.yaml", "--host", "127.0.0.1", "--port", str(port)]
    with (
        (folder / "log.txt").open("wb") as log,
        subprocess.Popen(arguments, cwd=folder, stdout=log, stderr=log) as process,
    ):
        try:
            _wait(process, base, folder / "log.txt")
            yield Sekmet(base)
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()


def _wait(process: subprocess.Popen[bytes], base: str, log: Path) -> None:
    end = time.monotonic() + _PATIENCE
    while process.poll() is None and time.monotonic() < end:
        try:
            if httpx2.get(f"{base}/metadata", trust_env=False).status_code == 200:
                return
        except httpx2.TransportError:
            time.sleep(0.1)
    pytest.fail(f"sekmet did not start: {log.read_text(errors='replace')[-2000:]}")
