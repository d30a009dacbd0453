"""Responses composed from findings are valid, and read back as the findings they were made from."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cds import DecisionSupport, default_pack
from cds.intake import ComposeError, Composer, FindingReader, ResponseChecker, validate_models
from cds.pack import Interval, Selection
from cds.pack.finding import Finding
from cds.verify import load_patients

SUPPORT = DecisionSupport.load(default_pack())
PACK = SUPPORT.pack
COMPOSER = Composer(PACK.questionnaire, PACK.findings)
CHECKER = ResponseChecker(PACK.questionnaire)
READER = FindingReader(PACK.findings, PACK.questionnaire)
PATIENTS = load_patients(PACK)
AUTHORED = "2026-11-22T12:00:00Z"


def _read(response: dict[str, Any]) -> Any:
    validate_models(response)
    return READER.read(CHECKER.check(response)).values


@pytest.mark.parametrize("name", sorted(PATIENTS))
def test_base_patients_read_back_as_they_are(name: str) -> None:
    read = _read(COMPOSER.compose(PATIENTS[name], AUTHORED))
    for finding, value in PATIENTS[name].items():
        if isinstance(value, Interval):
            assert read[finding].low <= value.low <= value.high <= read[finding].high, finding
        else:
            assert read[finding] == value, finding


def _change(name: str, finding: Finding) -> st.SearchStrategy[tuple[str, Any]]:
    if finding.type == "boolean":
        return st.tuples(st.just(name), st.booleans())
    chosen = st.frozensets(st.sampled_from(sorted(finding.code_ids)), max_size=3)
    return st.tuples(st.just(name), chosen.map(Selection))


def _changes() -> st.SearchStrategy[dict[str, Any]]:
    entries = [
        _change(name, finding)
        for name, finding in PACK.findings.items()
        if finding.answers and finding.type in ("boolean", "codes")
    ]
    return st.lists(st.one_of(entries), max_size=8).map(dict)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(sorted(PATIENTS)), _changes(), st.sets(st.sampled_from(sorted(PACK.findings)), max_size=6))
def test_what_is_composed_is_valid_and_never_says_more_than_was_given(
    base: str, changes: dict[str, Any], left_out: set[str]
) -> None:
    values = {name: value for name, value in {**PATIENTS[base], **changes}.items() if name not in left_out}
    read = _read(COMPOSER.compose(values, AUTHORED, droppable=values))
    for name, value in read.items():
        given_value = values.get(name)
        hidden = PACK.findings[name].not_applicable
        if given_value is None or name in left_out:
            plain = sorted(value.chosen) if isinstance(value, Selection) else value
            plain = value.low if isinstance(value, Interval) else plain
            assert plain == hidden, name
        elif isinstance(value, bool) and value != given_value:
            assert value == hidden, name


def test_what_cannot_be_said_is_an_error_that_names_finding_and_question() -> None:
    with pytest.raises(ComposeError, match=r"pregnancy_signs cannot be answered: its question \(pregnancy-signs\)"):
        COMPOSER.compose({"age": Interval(30, 30), "pregnancy_signs": Selection(frozenset({"bleeding"}))}, AUTHORED)
    with pytest.raises(ComposeError, match="no question gives the finding 'sickle_cell'"):
        COMPOSER.compose({"sickle_cell": True}, AUTHORED)


def test_language_and_time_are_the_callers() -> None:
    response = COMPOSER.compose({}, AUTHORED, "es")
    assert (response["language"], response["authored"], response["status"]) == ("es", AUTHORED, "completed")
    assert "item" not in response
