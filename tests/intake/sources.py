"""Findings of every kind, over the questionnaire of the tests."""

from __future__ import annotations

from tests.intake.example import finding

FINDINGS = {
    one.id: one
    for one in (
        finding("fall", "boolean", answers=[{"link_id": "fell"}]),
        finding(
            "age",
            "integer",
            unit="a",
            range=[0, 120],
            answers=[{"link_id": "age"}],
            chart=[{"resource": "Patient", "element": "birthDate", "elapsed": "a"}],
        ),
        finding(
            "temperature",
            "integer",
            unit="Cel",
            scale=10,
            range=[300, 430],
            answers=[{"link_id": "temperature"}],
            chart=[{"resource": "Observation", "value_set": "heat", "within_days": 2}],
        ),
        finding("waited", "integer", unit="min", range=[0, 600], answers=[{"link_id": "wait"}]),
        finding(
            "hours",
            "integer",
            unit="h",
            range=[0, 20000],
            answers=[
                {"link_id": "onset", "elapsed": "h"},
                {"link_id": "began", "elapsed": "h"},
                {"link_id": "lasted", "values": {"one-day": [0, 24], "three-days": [25, 72], "longer": [73, 20000]}},
            ],
        ),
        finding("left", "boolean", answers=[{"link_id": "side", "true": ["left", "both"], "false": ["right"]}]),
        finding("side", "code", codes=["left", "right", "two"], answers=[{"link_id": "side", "map": {"both": "two"}}]),
        finding("saddle", "boolean", answers=[{"link_id": "numb", "true": ["saddle"]}]),
        finding(
            "numb_in",
            "codes",
            codes=["saddle", "leg", "back", "foot"],
            answers=[{"link_id": "numb", "map": {"none": None}}, {"link_id": "more-numb", "map": {"none": None}}],
        ),
        finding(
            "foot",
            "boolean",
            not_applicable=False,
            answers=[{"link_id": "more-numb", "true": ["foot"]}],
        ),
        finding("ran", "boolean", answers=[{"link_id": "sport", "true": ["running"], "false": ["rowing"]}]),
        finding("floors", "integer", range=[0, 9], answers=[{"link_id": "floors", "values": {"1": 1, "2": 2}}]),
        finding("landed", "boolean", answers=[{"link_id": "landed", "true": ["Y"], "false": ["N"]}]),
        finding("fall_height", "integer", unit="m", range=[0, 100], answers=[{"link_id": "height"}]),
        finding("bruise", "boolean", not_applicable=False, answers=[{"link_id": "bruise"}]),
        finding("deep_bruise", "boolean", not_applicable=False, answers=[{"link_id": "deep"}]),
        finding("blackout", "boolean", not_applicable=False, answers=[{"link_id": "high"}]),
        finding("worse", "boolean", answers=[{"link_id": "either"}]),
        finding("sex", "code", codes=["female", "male"], chart=[{"resource": "Patient", "element": "gender"}]),
        finding(
            "cancer",
            "boolean",
            answers=[{"link_id": "both"}],
            chart=[{"resource": "Condition", "value_set": "cancer", "ever": True}],
        ),
        finding("cancer_now", "boolean", chart=[{"resource": "Condition", "value_set": "cancer"}]),
        finding(
            "thinner",
            "boolean",
            chart=[
                {"resource": "MedicationRequest", "value_set": "thinners"},
                {"resource": "MedicationStatement", "value_set": "thinners"},
            ],
        ),
        finding(
            "weak_kidneys",
            "boolean",
            chart=[
                {
                    "resource": "Observation",
                    "value_set": "kidney",
                    "below": 60,
                    "unit": "mL/min/{1.73_m2}",
                    "within_days": 365,
                }
            ],
        ),
        finding(
            "pregnant",
            "boolean",
            chart=[{"resource": "Observation", "value_set": "test", "true": ["POS"], "within_days": 280}],
        ),
        finding("worrying", "boolean", derived=True, unanswered=None),
    )
}
