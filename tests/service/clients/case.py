"""A fixture as of today: the running service has a real clock, and takes a response that is too old for none."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final, NamedTuple

from tests.service.running import CHART_KEYS, bundle, chart_prefetch, fixture, patient_of

_DAY: Final = timedelta(days=1)
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_TIME: Final = re.compile(_DATE.pattern + r"T[0-9:.]+(?:Z|[+-][0-9:]+)", re.ASCII)


class Case(NamedTuple):
    """A response and the chart of its patient, the chart by prefetch key; ``patient`` is the id."""

    patient: str
    response: dict[str, Any]
    chart: dict[str, list[dict[str, Any]]]

    @property
    def resources(self) -> list[dict[str, Any]]:
        """The chart."""
        return [one for some in self.chart.values() for one in some]

    def prefetch(self) -> dict[str, Any]:
        """All prefetch keys; those without data are null."""
        found = {key: bundle(*self.chart[key]) if key in self.chart else None for key in CHART_KEYS}
        return {"questionnaireResponse": bundle(self.response)} | found

    def request(self, hook: str = "patient-view", **more: Any) -> dict[str, Any]:
        """A call without prefetch, or with what ``more`` says."""
        context = {"userId": "Practitioner/1", "patientId": self.patient, "encounterId": "e1"}
        return {"hook": hook, "hookInstance": "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea", "context": context} | more


def case(name: str, patient: str | None = None, days: int = 0) -> Case:
    """A fixture, given within the last 24 hours, or ``days`` days before; all other times are moved along.

    ``patient`` is the id that the patient gets instead of the fixture's. The chart is empty if the fixture has none.
    """
    response = fixture(name)
    try:
        chart = {key: [entry["resource"] for entry in one["entry"]] for key, one in chart_prefetch(name).items()}
    except FileNotFoundError:
        chart = {}
    was = patient_of(response)
    by = (datetime.now(UTC) - datetime.fromisoformat(response["authored"])) // _DAY - days
    patient = patient or was
    response, chart = _changed([response, chart], was, patient, by * _DAY)
    return Case(patient, response, chart)


def said(cards: list[dict[str, Any]]) -> Any:
    """Cards without their identifiers, which depend on every byte that was sent."""
    return json.loads(json.dumps(cards), object_hook=lambda one: {name: one[name] for name in one if name != "uuid"})


def _changed(value: Any, was: str, patient: str, by: timedelta) -> Any:
    if isinstance(value, dict):
        return {name: _changed(one, was, patient, by) for name, one in value.items()}
    if isinstance(value, list):
        return [_changed(one, was, patient, by) for one in value]
    if isinstance(value, str):
        if _DATE.fullmatch(value):
            return (date.fromisoformat(value) + by).isoformat()
        if _TIME.fullmatch(value):
            return (datetime.fromisoformat(value) + by).isoformat()
        if value == was or value.startswith(f"{was}-") or value == f"Patient/{was}":
            return value.replace(was, patient)
    return value
