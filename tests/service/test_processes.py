"""The service as processes: it ends in good order, forgets nothing it acknowledged, and replaces who dies."""

from __future__ import annotations

import os
import signal
import ssl
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest
from sqlalchemy import NullPool, create_engine, text

from tests.service.fhir_server.test_tls import HERE, certificate
from tests.service.fhir_stub import serve_fhir
from tests.service.running import CHART_KEYS, fixture, request
from tests.service.served import Service, served


def fresh(name: str) -> dict[str, Any]:
    """A response that was given just now."""
    return fixture(name) | {"authored": datetime.now(UTC).isoformat(timespec="seconds")}


def item() -> dict[str, Any]:
    return {"card": str(uuid.uuid4()), "outcome": "overridden", "outcomeTimestamp": "2026-11-22T10:05:00Z"}


def acknowledged(service: Service, *items: dict[str, Any]) -> None:
    answer = httpx2.post(f"{service.call}/feedback", json={"feedback": list(items)}, trust_env=False)
    assert answer.status_code == 200, answer.text


def kept(folder: Path) -> set[str]:
    with create_engine(f"sqlite:///{folder / 'cds.sqlite'}", poolclass=NullPool).connect() as connection:
        return set(connection.execute(text("select card from cds_feedback")).scalars())


def test_a_request_that_was_taken_is_finished(tmp_path: Path) -> None:
    """SIGTERM comes while the FHIR server is being asked: the cards are sent all the same, and new callers are not."""
    response = fresh("emergency-saddle-numbness")
    asked = threading.Event()

    def slowly() -> None:
        asked.set()
        time.sleep(1.0)

    with serve_fhir(response, before=slowly) as ehr:
        nothing: dict[str, Any] = dict.fromkeys((*CHART_KEYS, "questionnaireResponse"), ...)
        body = request(response, **nothing) | {"fhirServer": ehr.base}
        with (
            served(tmp_path, ["--fhir-seconds", "20"], fhir_servers=[ehr.base]) as service,
            ThreadPoolExecutor() as pool,
        ):
            answer = pool.submit(service.post, body)
            assert asked.wait(20)
            service.process.send_signal(signal.SIGTERM)
            assert answer.result().status_code == 200
            assert answer.result().json()["cards"][0]["indicator"] == "critical"
            service.process.wait(30)
            with pytest.raises(httpx2.TransportError):
                service.post(body)


def test_acknowledged_feedback_survives_kill_nine(tmp_path: Path) -> None:
    items = [item() for _ in range(5)]
    with served(tmp_path) as service:
        for one in items:
            acknowledged(service, one)
        service.process.kill()
        service.process.wait()
    assert kept(tmp_path) == {one["card"] for one in items}
    with served(tmp_path) as service:
        acknowledged(service, items[0])
    assert len(kept(tmp_path)) == len(items)


def test_what_was_shown_is_written_before_it_ends(tmp_path: Path) -> None:
    with served(tmp_path) as service:
        found = service.cards(request(fresh("emergency-saddle-numbness")))
    with create_engine(f"sqlite:///{tmp_path / 'cds.sqlite'}", poolclass=NullPool).connect() as connection:
        assert connection.execute(text("select card from cds_shown")).scalars().all() == [found[0]["uuid"]]


def test_workers_count_together_and_who_dies_is_replaced(tmp_path: Path) -> None:
    body = request(fresh("self-care-over-65"))
    with served(tmp_path, workers=2) as service:
        for _ in range(20):
            service.cards(body)
        first = _workers(service)
        assert len(first) == 2
        os.kill(first[0], signal.SIGKILL)
        for _ in range(200):
            workers = _workers(service)
            if len(workers) == 2 and workers != first:
                break
            time.sleep(0.1)
        assert len(workers) == 2
        assert workers != first
        for _ in range(20):
            _until_answered(service, body)
        text_ = httpx2.get(f"{service.base}/metrics", trust_env=False).text
    counted = [line for line in text_.splitlines() if line.startswith("cds_assessments_total")]
    assert sum(float(line.rpartition(" ")[2]) for line in counted) == 40


def _until_answered(service: Service, body: Any) -> None:
    """A connection that the dead worker had accepted is broken; the next one is not."""
    for _ in range(50):
        try:
            service.cards(body)
        except httpx2.TransportError:
            time.sleep(0.1)
        else:
            return
    pytest.fail("no worker answers")


def _workers(service: Service) -> list[int]:
    """The worker processes: children of the service that have loaded the packs."""
    children = Path(f"/proc/{service.process.pid}/task/{service.process.pid}/children").read_text(encoding="utf-8")
    found = []
    for child in map(int, children.split()):
        try:
            command = Path(f"/proc/{child}/cmdline").read_bytes()
        except OSError:
            continue
        if b"spawn_main" in command:
            found.append(child)
    return found


def test_it_can_hold_the_certificate_itself(tmp_path: Path) -> None:
    pem = certificate(tmp_path, HERE, timedelta(days=1))
    options = ["--tls-certificate", str(pem), "--tls-key", str(pem)]
    trusted = ssl.create_default_context(cafile=str(pem))
    with served(tmp_path, options, tls=trusted) as service:
        answer = httpx2.get(f"{service.base}/cds-services", verify=trusted, trust_env=False)
        assert answer.status_code == 200
        assert service.base.startswith("https://")


@pytest.mark.parametrize("workers", [1, 2])
def test_metrics_of_other_programs_are_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, workers: int
) -> None:
    """A folder for metrics that is set outside is neither read nor written."""
    folder = tmp_path / "metrics"
    folder.mkdir()
    for name in ("PROMETHEUS_MULTIPROC_DIR", "prometheus_multiproc_dir"):
        monkeypatch.setenv(name, str(folder))
    with served(tmp_path, workers=workers) as service:
        service.cards(request(fresh("self-care-over-65")))
        text_ = httpx2.get(f"{service.base}/metrics", trust_env=False).text
    counted = [line for line in text_.splitlines() if line.startswith("cds_assessments_total")]
    assert sum(float(line.rpartition(" ")[2]) for line in counted) == 1
    assert not list(folder.iterdir())


def test_a_worker_that_died_is_not_in_the_sum_of_the_gauges(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    with served(tmp_path, workers=2) as service:
        body = request(fresh("self-care-over-65"))
        folder = next(tmp_path.glob("cds-metrics-*"))
        for _ in range(100):
            service.cards(body)
            first = _workers(service)
            if len(list(folder.glob("gauge_livesum_*.db"))) == 2 and len(first) == 2:
                break
        dead = folder / f"gauge_livesum_{first[0]}.db"
        assert dead.exists()
        counted = {file for file in folder.iterdir() if "gauge" not in file.name}
        assert counted
        os.kill(first[0], signal.SIGKILL)
        for _ in range(300):
            if not dead.exists():
                break
            time.sleep(0.1)
        assert not dead.exists()
        assert counted <= set(folder.iterdir())
