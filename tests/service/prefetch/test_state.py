"""The four states are four, and none of them shows patient data."""

from __future__ import annotations

import pytest

from cds.service.prefetch.state import REASONS, Absent, Failed, Found, Nothing, State


def test_no_two_states_are_equal() -> None:
    states: list[State] = [Absent(), Nothing(), Failed("timeout"), Found(()), Found((), partial=True), Found((), "x")]
    assert [states.index(state) for state in states] == list(range(len(states)))


def test_a_log_line_with_a_state_has_no_patient_data_in_it() -> None:
    found = Found(({"resourceType": "Patient", "id": "secret-id"},), "https://x.example/fhir?patient=secret-id")
    assert "secret" not in repr(found)


def test_states_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        Found(()).partial = True  # type: ignore[misc]


def test_reasons_are_fit_for_labels() -> None:
    assert all(reason.replace("-", "").isalnum() and reason.islower() for reason in REASONS)
