"""Prometheus metrics of one worker, or of all workers of a host together."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
    multiprocess,
)

from cds.assessment import Decision
from cds.service.hooks.hook import HOOKS

CONTENT_TYPE: Final = CONTENT_TYPE_LATEST
_SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5)
_QUESTIONS: Final = (0, 1, 2, 5, 10, 20, 40)
_MANY_PROCESSES: Final = "PROMETHEUS_MULTIPROC_DIR"
_LIVE: Final = re.compile(r"gauge_live[a-z]*_([0-9]+)\.db")


def forget_dead_workers() -> None:
    """Take the gauges of workers that are no more out of the sum; what they counted stays. For a worker's start."""
    folder = os.environ.get(_MANY_PROCESSES)
    if not folder:
        return
    for file in Path(folder).glob("gauge_live*.db"):
        match = _LIVE.fullmatch(file.name)
        if match is not None and not _lives(int(match[1])):
            multiprocess.mark_process_dead(int(match[1]), folder)  # type: ignore[no-untyped-call]


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True


class _Counter:
    """A counter that looks up each combination of labels once: they are few, and looking up costs more than adding."""

    def __init__(self, counter: Counter) -> None:
        self._counter = counter
        self._children: dict[tuple[object, ...], Counter] = {}

    def add(self, *labels: object, count: float = 1) -> None:
        """Add to the count of these labels."""
        child = self._children.get(labels)
        if child is None:
            child = self._children[labels] = self._counter.labels(*labels)
        child.inc(count)


class _Histogram:
    """The same for a histogram."""

    def __init__(self, histogram: Histogram) -> None:
        self._histogram = histogram
        self._children: dict[tuple[object, ...], Histogram] = {}

    def add(self, value: float, *labels: object) -> None:
        """Add an observation under these labels."""
        child = self._children.get(labels)
        if child is None:
            child = self._children[labels] = self._histogram.labels(*labels)
        child.observe(value)


class Metrics:
    """The metrics. Labels come from closed sets: routes, hooks, levels of the packs, reasons."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._requests = self._counter("cds_requests", "Requests answered.", "route", "status")
        self._seconds = self._histogram("cds_request_seconds", "Time to answer.", _SECONDS, "route")
        self._assessments = self._counter(
            "cds_assessments",
            "Patients assessed.",
            "service",
            "hook",
            "outcome",
            "level",
        )
        self._questions = self._histogram(
            "cds_open_questions", "Open questions of an assessment.", _QUESTIONS, "service"
        )
        self._engine = self._counter(
            "cds_engine_faults",
            "Evaluations that failed, or whose two evaluators disagree.",
            "service",
            "kind",
        )
        self._prefetch = self._counter("cds_prefetch", "Prefetch keys by the state they came in.", "key", "state")
        self._unread = self._counter("cds_record_unread", "Answers without a part of the record.", "service", "why")
        self._fhir = self._histogram(
            "cds_fhir_callback_seconds", "Calls to FHIR servers.", _SECONDS, "operation", "outcome"
        )
        self._refused = self._counter("cds_tokens_refused", "Calls that were not trusted, by reason.", "reason")
        self._waiting = self._gauge("cds_shown_waiting", "Cards shown that wait to be recorded.")
        self._dropped = self._gauge("cds_shown_dropped", "Cards shown that could not be recorded.")
        self._feedback = self._counter("cds_feedback", "Feedback items taken.", "service", "outcome")

    def _gauge(self, name: str, text: str) -> Gauge:
        return Gauge(name, text, registry=self._registry, multiprocess_mode="livesum")

    def _counter(self, name: str, text: str, *labels: str) -> _Counter:
        return _Counter(Counter(name, text, labels, registry=self._registry))

    def _histogram(self, name: str, text: str, buckets: Sequence[float], *labels: str) -> _Histogram:
        return _Histogram(Histogram(name, text, labels, buckets=buckets, registry=self._registry))

    def request(self, route: str, status: int, seconds: float) -> None:
        """A request was answered."""
        self._requests.add(route, status)
        self._seconds.add(seconds, route)

    def assessed(self, service: str, hook: str, decision: Decision) -> None:
        """A patient was assessed."""
        assessment = decision.assessment
        known = hook if hook in HOOKS else "other"
        self._assessments.add(service, known, assessment.outcome, assessment.level)
        self._questions.add(len(assessment.open_findings), service)

    def engine_fault(self, service: str, kind: str) -> None:
        """An evaluation failed: ``disagreement`` of the two evaluators, or ``fault``."""
        self._engine.add(service, kind)

    def prefetch(self, key: str, state: str) -> None:
        """A prefetch key came in this state."""
        self._prefetch.add(key, state)

    def unread(self, service: str, *, failed: bool, absent: bool) -> None:
        """An answer was given without a part of the record, because it ``failed`` or was ``absent``."""
        for name, happened in (("failed", failed), ("absent", absent)):
            if happened:
                self._unread.add(service, name)

    def fhir(self, operation: str, outcome: str, seconds: float) -> None:
        """A FHIR server was called."""
        self._fhir.add(seconds, operation, outcome)

    def refused_token(self, reason: str) -> None:
        """A caller was not trusted."""
        self._refused.add(reason)

    def feedback(self, service: str, outcomes: Mapping[str, int]) -> None:
        """Feedback was kept."""
        for outcome, count in outcomes.items():
            self._feedback.add(service, outcome, count=count)

    def shown(self, waiting: int, dropped: int) -> None:
        """How many cards that were shown wait to be recorded, and how many could not be."""
        self._waiting.set(waiting)
        self._dropped.set(dropped)

    def text(self) -> bytes:
        """All metrics in Prometheus' text format, of all workers of this host if there are several."""
        if os.environ.get(_MANY_PROCESSES):
            registry = CollectorRegistry()
            multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
            return generate_latest(registry)
        return generate_latest(self._registry)
