"""The engine and the reference answer alike on random packs and random patients."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cds.engine import DurableEngine, ReferenceEvaluator
from tests.engine.random_packs import packs, patients

PATIENTS = 50
PACKS = int(os.environ.get("CDS_AGREEMENT_PACKS", "400"))
"""400 packs of 50 patients are 20,000 evaluations; ``make soak`` asks for 4,000 packs."""


@settings(max_examples=PACKS, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_engine_and_reference_agree(data: st.DataObject) -> None:
    pack = data.draw(packs())
    engine, reference = DurableEngine(pack), ReferenceEvaluator(pack)
    try:
        for findings in data.draw(st.lists(patients(pack), min_size=PATIENTS, max_size=PATIENTS)):
            assert engine.evaluate(findings) == reference.evaluate(findings), findings
    finally:
        engine.close()
