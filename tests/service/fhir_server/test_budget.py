"""The budget only shrinks."""

from __future__ import annotations

from cds.service.fhir_server.budget import Budget


def test_the_budget_is_what_is_left_of_it() -> None:
    now = 100.0
    budget = Budget(3.0, lambda: now)
    assert budget.left() == 3.0
    now = 102.5
    assert budget.left() == 0.5
    now = 200.0
    assert budget.left() == 0.0
