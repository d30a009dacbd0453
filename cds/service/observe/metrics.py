"""Prometheus metrics of one worker, or of all workers of a host together."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Final

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest, multiprocess

from cds.assessment import Decision
from cds.service.hooks.hook import HOOKS

CONTENT_TYPE: Final = CONTENT_TYPE_LATEST
_SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5)
_QUESTIONS: Final = (0, 1, 2, 5, 10, 20, 40)
_MANY_PROCESSES: Final = "PROMETHEUS_MULTIPROC_DIR"


class Metrics:
    """The metrics. Labels come from closed sets: routes, hooks, levels of the packs, reasons."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._requests = self._counter("cds_requests", "Requests answered.", "route", "status")
        self._seconds = Histogram(
            "cds_request_seconds", "Time to answer.", ("route",), buckets=_SECONDS, registry=self._registry
        )
        self._assessments = self._counter(
            "cds_assessments",
            "Patients assessed.",
            "service",
            "hook",
            "outcome",
            "level",
        )
        self._questions = Histogram(
            "cds_open_questions",
            "Open questions of an assessment.",
            ("service",),
            buckets=_QUESTIONS,
            registry=self._registry,
        )
        self._engine = self._counter(
            "cds_engine_faults",
            "Evaluations that failed, or whose two evaluators disagree.",
            "service",
            "kind",
        )
        self._prefetch = self._counter("cds_prefetch", "Prefetch keys by the state they came in.", "key", "state")
        self._unread = self._counter("cds_record_unread", "Answers without a part of the record.", "service", "why")
        self._fhir = Histogram(
            "cds_fhir_callback_seconds",
            "Calls to FHIR servers.",
            ("operation", "outcome"),
            buckets=_SECONDS,
            registry=self._registry,
        )
        self._refused = self._counter("cds_tokens_refused", "Calls that were not trusted, by reason.", "reason")
        self._feedback = self._counter("cds_feedback", "Feedback items taken.", "service", "outcome")

    def _counter(self, name: str, text: str, *labels: str) -> Counter:
        return Counter(name, text, labels, registry=self._registry)

    def request(self, route: str, status: int, seconds: float) -> None:
        """A request was answered."""
        self._requests.labels(route, status).inc()
        self._seconds.labels(route).observe(seconds)

    def assessed(self, service: str, hook: str, decision: Decision) -> None:
        """A patient was assessed."""
        assessment = decision.assessment
        known = hook if hook in HOOKS else "other"
        self._assessments.labels(service, known, assessment.outcome, assessment.level).inc()
        self._questions.labels(service).observe(len(assessment.open_findings))

    def engine_fault(self, service: str, kind: str) -> None:
        """An evaluation failed: ``disagreement`` of the two evaluators, or ``fault``."""
        self._engine.labels(service, kind).inc()

    def prefetch(self, key: str, state: str) -> None:
        """A prefetch key came in this state."""
        self._prefetch.labels(key, state).inc()

    def unread(self, service: str, *, failed: bool, absent: bool) -> None:
        """An answer was given without a part of the record, because it ``failed`` or was ``absent``."""
        for name, happened in (("failed", failed), ("absent", absent)):
            if happened:
                self._unread.labels(service, name).inc()

    def fhir(self, operation: str, outcome: str, seconds: float) -> None:
        """A FHIR server was called."""
        self._fhir.labels(operation, outcome).observe(seconds)

    def refused_token(self, reason: str) -> None:
        """A caller was not trusted."""
        self._refused.labels(reason).inc()

    def feedback(self, service: str, outcomes: Mapping[str, int]) -> None:
        """Feedback was kept."""
        for outcome, count in outcomes.items():
            self._feedback.labels(service, outcome).inc(count)

    def text(self) -> bytes:
        """All metrics in Prometheus' text format, of all workers of this host if there are several."""
        if os.environ.get(_MANY_PROCESSES):
            registry = CollectorRegistry()
            multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
            return generate_latest(registry)
        return generate_latest(self._registry)
