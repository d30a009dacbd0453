"""What is counted, as Prometheus' own parser reads it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families
from starlette.testclient import TestClient

from cds.service.observe.metrics import forget_dead_workers
from tests.service.running import CALL, PACK, cards, fixture, refusal, request, running


def sample(client: TestClient, name: str, **labels: str) -> float:
    found = [
        one.value
        for family in text_string_to_metric_families(client.get("/metrics").text)
        for one in family.samples
        if one.name == name and labels.items() <= one.labels.items()
    ]
    return sum(found)


def test_requests_outcomes_and_questions_are_counted(tmp_path: Path) -> None:
    with running(tmp_path) as client:
        cards(client, request(fixture("emergency-saddle-numbness")))
        cards(client, request(fixture("incomplete-empty"), conditions=...))
        refusal(client, {}, 422)
        refusal(client, request(), 412)
        client.get("/nothing")
        assert sample(client, "cds_requests_total", route="call", status="200") == 2
        assert sample(client, "cds_requests_total", route="call", status="422") == 1
        assert sample(client, "cds_requests_total", route="none", status="404") == 1
        assert sample(client, "cds_request_seconds_count", route="call") == 4
        emergency = {"service": PACK, "hook": "patient-view", "outcome": "emergency", "level": "emergency"}
        assert sample(client, "cds_assessments_total", **emergency) == 1
        assert sample(client, "cds_assessments_total", outcome="incomplete") == 1
        assert sample(client, "cds_open_questions_sum", service=PACK) > 10
        assert sample(client, "cds_record_unread_total", why="absent") == 1
        assert sample(client, "cds_prefetch_total", key="conditions", state="absent") == 1
        assert sample(client, "cds_engine_faults_total") == 0


def test_labels_never_come_from_a_caller(tmp_path: Path) -> None:
    with running(tmp_path) as client:
        for path in ("/cds-services/maria", "/maria", f"{CALL}/maria"):
            client.post(path, json={"hook": "maria"})
            client.request("MARIA", path)
        assert "maria" not in client.get("/metrics").text.lower()


def test_what_could_not_be_recorded_is_counted(tmp_path: Path) -> None:
    with running(tmp_path) as client:
        assert sample(client, "cds_shown_waiting") >= 0
        assert sample(client, "cds_shown_dropped") == 0


def test_the_gauges_of_dead_workers_are_not_summed_for_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as ended:
        pass
    dead, alive = ended.pid, os.getpid()
    names = [f"gauge_livesum_{dead}.db", f"counter_{dead}.db", f"gauge_livesum_{alive}.db", "gauge_livesum_x.db"]
    for name in names:
        (tmp_path / name).write_bytes(b"")
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", str(tmp_path))
    forget_dead_workers()
    assert {file.name for file in tmp_path.iterdir()} == set(names[1:])
