"""Who waits for a key server keeps nobody out."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NoReturn

import pytest

from cds.service.http.admission import Admission
from cds.service.trust import NotTrusted
from tests.service.running import CALL, running


class Slow:
    """A verifier that notes how many wait elsewhere while it verifies."""

    def __init__(self, admission: Admission) -> None:
        self.admission = admission
        self.seen: list[tuple[int, int]] = []

    async def verify(self, authorization: str | None, audience: str) -> NoReturn:
        """Trust nobody."""
        self.seen.append((self.admission.inside, self.admission._away))
        raise NotTrusted("keys-unavailable")


@pytest.mark.parametrize(
    ("method", "path", "counted"),
    [("POST", CALL, (1, 1)), ("POST", f"{CALL}/feedback", (1, 1)), ("GET", "/cds-services", (0, 0))],
)
def test_a_token_is_checked_elsewhere(tmp_path: Path, method: str, path: str, counted: tuple[int, int]) -> None:
    with running(tmp_path) as client:
        app: Any = client.app
        worker = app.state.worker
        slow = Slow(worker.admission)
        object.__setattr__(worker, "verifier", slow)
        answer = client.request(method, path, json={}, headers={"Authorization": "Bearer x"})
        assert answer.status_code == 401
        assert slow.seen == [counted]
        assert (worker.admission.inside, worker.admission._away) == (0, 0)
