"""SEKMET as the FHIR server of an EHR: with access tokens, and search of responses if it is taught."""

from __future__ import annotations

import json
import re
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import httpx2
import pytest

from tests.service.peers.installed import PEERS, installed
from tests.service.served import free_port

SEARCHED: Final = ("patient:reference:subject:Patient", "authored:date:authored")
"""Search parameters of QuestionnaireResponse, as SEKMET writes them. It comes with none, so it is taught these.

It is not taught ``status`` and ``questionnaire``: it ignores them and says so, and drafts and other forms come too.
"""

_SCRIPT: Final = Path(__file__).with_name("sekmet_with_forms.py")
_PATIENCE: Final = 120.0
_LINE: Final = re.compile(r'"(?P<request>[A-Z]+ [^ "]+) HTTP/1.1" (?P<status>[0-9]{3})')


class Ehr:
    """A running FHIR server; ``base`` is its address, ``token`` the access token that it asks for, if any."""

    def __init__(self, base: str, log: Path, token: str | None) -> None:
        self.base, self.token, self._log = base, token, log

    def put(self, *resources: dict[str, Any]) -> None:
        """Store resources under their own ids. Raises if the server does not take one."""
        headers = {"content-type": "application/fhir+json"} | self._authorization()
        for resource in resources:
            url = f"{self.base}/{resource['resourceType']}/{resource['id']}"
            httpx2.put(url, json=resource, headers=headers, timeout=_PATIENCE, trust_env=False).raise_for_status()

    def asked(self) -> list[str]:
        """All that was read so far, without parameters and with the status: ``Patient/1 200``, ``Condition 200``."""
        found = _LINE.finditer(self._log.read_text(encoding="utf-8", errors="replace"))
        reads = [one for one in found if one["request"].startswith("GET /fhir/") and "metadata" not in one["request"]]
        return [f"{one['request'].removeprefix('GET /fhir/').partition('?')[0]} {one['status']}" for one in reads]

    def access(self, **changes: Any) -> dict[str, Any]:
        """The members of a request that let the service in."""
        authorization = {
            "access_token": self.token or "any",
            "token_type": "Bearer",
            "expires_in": 300,
            "scope": "patient/*.read",
            "subject": "cds",
        }
        return {"fhirServer": self.base, "fhirAuthorization": authorization | changes}

    def _authorization(self) -> dict[str, str]:
        return {} if self.token is None else {"authorization": f"Bearer {self.token}"}


@contextmanager
def ehr(folder: Path, token: str | None = None, searched: Sequence[str] = SEARCHED) -> Iterator[Ehr]:
    """Start a server that keeps its data in ``folder``. Where SEKMET is not installed: skips, or fails in CI."""
    command = installed("sekmet", PEERS / "sekmet" / "bin" / "sekmet", "CDS_SEKMET")
    port = free_port()
    base = f"http://127.0.0.1:{port}/fhir"
    auth = {"types": ["none"]} if token is None else {"types": ["bearer"], "tokens": [token], "enforce_scopes": False}
    settings = {"base_url": base, "data_dir": str(folder), "log_inbound": False, "simulator": {"enabled": False}}
    # YAML reads JSON too.
    (folder / "settings.yaml").write_text(json.dumps(settings | {"server_auth": auth}), encoding="utf-8")
    serve = ["serve", "--config", "settings.yaml", "--host", "127.0.0.1", "--port", str(port)]
    arguments = [str(command.with_name("python")), str(_SCRIPT), json.dumps(searched), *serve]
    log = folder / "ehr.log"
    with log.open("wb") as output, subprocess.Popen(arguments, cwd=folder, stdout=output, stderr=output) as process:
        try:
            _wait(process, base, log)
            yield Ehr(base, log, token)
        finally:
            process.terminate()
            try:
                process.wait(_PATIENCE)
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
