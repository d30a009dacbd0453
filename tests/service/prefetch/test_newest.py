"""Which response counts, and when nobody can tell."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cds.service.prefetch.newest import NoResponse, Unclear, Wanted, newest, newest_first, too_old_or_new
from cds.service.prefetch.patient import Patient
from cds.service.prefetch.state import Found

FORM = "https://example.org/Questionnaire/back"
BASE = "https://ehr.example.org/fhir"
NOW = datetime(2026, 11, 22, 18, tzinfo=UTC)
WANTED = Wanted(Patient("p1", BASE), FORM, 7, NOW)


def made(name: str, authored: str | None = "2026-11-22T10:00:00Z", **more: Any) -> dict[str, Any]:
    """A response; a value of ``...`` leaves the element out."""
    found = {
        "resourceType": "QuestionnaireResponse",
        "id": name,
        "status": "completed",
        "questionnaire": f"{FORM}|1.0.0",
        "subject": {"reference": "Patient/p1"},
        "authored": authored,
        "item": [{"linkId": name}],
        **more,
    }
    return {key: value for key, value in found.items() if value is not ... and (key != "authored" or value)}


CALM = made("calm", "2026-11-22T08:00:00Z")


def pick(*responses: dict[str, Any], **state: Any) -> str:
    """The id of the response that counts, or ``none`` or ``unclear``."""
    found = newest(Found(responses, **state), WANTED)
    if isinstance(found, Unclear):
        return "unclear"
    return "none" if isinstance(found, NoResponse) else found["id"]


def test_the_newest_counts_in_any_order() -> None:
    new, old = made("new"), made("old", "2026-11-22T09:59:59Z")
    assert pick(new, old) == pick(old, new) == "new"
    assert pick(made("east", "2026-11-22T12:00:00+03:00"), made("west", "2026-11-22T09:00:00-01:00")) == "west"


@pytest.mark.parametrize(
    "canonical", [FORM, f"{FORM}|2", f"{FORM}#part", f"{FORM}#part|1.0.0"], ids=["bare", "version", "fragment", "both"]
)
def test_a_questionnaire_in_any_of_its_spellings(canonical: str) -> None:
    assert pick(made("new", questionnaire=canonical), CALM) == "new"


@pytest.mark.parametrize(
    "reference",
    ["Patient/p1", f"{BASE}/Patient/p1", "Patient/p1/_history/3", f"{BASE}/Patient/p1/_history/3"],
)
def test_this_patient_in_any_spelling(reference: str) -> None:
    assert pick(made("new", subject={"reference": reference}), CALM) == "new"


@pytest.mark.parametrize(
    "subject",
    [
        {"reference": "Patient/other_patient"},
        {"reference": "Patient/other/"},
        {"reference": f"Patient/{'x' * 70}"},
        {"reference": "Group/1"},
        {"reference": "Person/9"},
        {"reference": "Patient?identifier=7"},
        {"reference": "#p"},
        {"reference": "urn:uuid:0b5b7a0a-6f0e-4d4e-8a53-000000000000"},
        {"reference": "https://x.org/fhir/Patient/p1"},
        {"identifier": {"value": "7"}},
        {"display": "p1"},
        {"reference": 7},
        "Patient/p1",
        None,
    ],
    ids=repr,
)
@pytest.mark.parametrize("is_urgent", [True, False])
def test_a_subject_that_cannot_be_told_makes_it_unclear(subject: Any, is_urgent: bool) -> None:
    """Whether it is the newer or the only one: it may be this patient's, and it may be somebody else's."""
    doubtful = made("doubtful", subject=subject)
    assert pick(doubtful) == "unclear"
    assert pick(doubtful, CALM) == "unclear"
    assert pick(made("doubtful", "2026-11-21T10:00:00Z", subject=subject), CALM) == "calm"


def test_responses_of_others_are_passed_over_and_silent_ones_are_doubtful_then() -> None:
    other = made("other", "2026-11-22T12:00:00Z", subject={"reference": "Patient/p2"})
    assert pick(other, made("own")) == "own"
    assert pick(made("silent", subject=...), CALM) == "silent"
    assert pick(made("silent", subject=...), CALM, other) == "unclear"
    assert pick(made("own", subject={"identifier": {"value": "7"}}), CALM, other) == "unclear"
    assert pick(other) == "unclear"


@pytest.mark.parametrize(
    "change",
    [
        {"status": "Completed"},
        {"status": ["completed"]},
        {"status": None},
        {"status": ...},
        {"questionnaire": ...},
        {"questionnaire": None},
        {"questionnaire": ["x"]},
        {"questionnaire": "|1"},
        {"authored": ...},
        {"authored": "yesterday"},
        {"meta": {"tag": [{"code": "SUBSETTED"}]}},
    ],
    ids=repr,
)
def test_a_doubtful_response_that_may_be_the_newest_makes_it_unclear(change: dict[str, Any]) -> None:
    assert pick(made("doubtful", **change), CALM) == "unclear"
    assert pick(made("doubtful", **change)) == "unclear"
    if "authored" not in change:
        assert pick(made("doubtful", "2026-11-22T07:00:00Z", **change), CALM) == "calm"


@pytest.mark.parametrize("status", ["in-progress", "entered-in-error", "stopped"])
def test_what_is_not_finished_is_passed_over(status: str) -> None:
    assert pick(made("draft", status=status), CALM) == "calm"
    assert pick(made("draft", status=status)) == "none"


@pytest.mark.parametrize("status", ["in-progress", "entered-in-error", "stopped"])
def test_a_response_that_was_reopened_or_taken_back_does_not_count(status: str) -> None:
    assert pick(made("one"), made("one", "2026-11-22T11:00:00Z", status=status)) == "unclear"


def test_without_a_known_server_only_relative_references_are_this_patients() -> None:
    wanted = Wanted(Patient("p1"), FORM, 7, NOW)
    absolute = made("absolute", subject={"reference": f"{BASE}/Patient/p1"})
    assert isinstance(newest(Found((absolute,)), wanted), Unclear)
    assert newest(Found((made("relative"),)), wanted) == made("relative")


def test_responses_to_other_questionnaires_are_passed_over() -> None:
    assert pick(made("other", questionnaire="https://example.org/other"), CALM) == "calm"
    assert pick() == "none"


@pytest.mark.parametrize(
    ("authored", "found"),
    [
        ("2026-11-15T18:00:01Z", "one"),
        ("2026-11-15T17:59:59Z", "none"),
        ("2026-11-17", "one"),
        ("2026-11-16", "unclear"),
        ("2026-11-15", "unclear"),
        ("2026-11-13", "none"),
        ("2026-11", "unclear"),
        ("2026", "unclear"),
        ("2026-10", "none"),
        ("2026-11-23T17:00:00Z", "one"),
        ("2026-11-23T19:00:00Z", "unclear"),
        ("2036-01-01", "unclear"),
    ],
)
def test_old_answers_count_as_none_and_coarse_times_are_not_trusted(authored: str, found: str) -> None:
    assert pick(made("one", authored)) == found
    kinds = {"one": type(None), "none": NoResponse, "unclear": Unclear}
    assert type(too_old_or_new(made("one", authored), WANTED)) is kinds[found]


def test_a_response_by_itself_needs_no_time() -> None:
    assert too_old_or_new(made("one", None), WANTED) is None


def test_of_several_of_one_time_only_copies_are_one() -> None:
    one = made("one")
    assert pick(one, one | {"id": "copy", "meta": {"versionId": "2"}}) == "one"
    assert pick(one, made("two")) == "unclear"
    assert pick(made("day", "2026-11-22"), made("time", "2026-11-22T10:00:00Z")) == "unclear"


def test_more_pages_need_proof_that_they_are_older() -> None:
    new, old = made("new"), made("old", "2026-11-21T10:00:00Z")
    for more in ({"next": f"{BASE}?page=2"}, {"partial": True, "lost": True}):
        assert pick(new, old, **more) == "new"
        assert pick(old, new, **more) == "unclear"
        assert pick(new, **more) == "unclear"
        assert pick(new, new, **more) == "unclear"
        assert pick(**more) == "unclear"
    assert pick(old, new, partial=True) == "new"
    assert newest_first(Found((new, old)))
    assert not newest_first(Found((new,)))


@given(st.permutations(range(6)), st.integers(0, 5))
def test_order_never_matters(order: list[int], doubtful: int) -> None:
    some = [made(f"r{hour}", f"2026-11-22T0{hour}:00:00Z") for hour in range(6)]
    some[doubtful]["status"] = "unknown"
    wanted = "unclear" if doubtful == 5 else "r5"
    assert pick(*(some[index] for index in order)) == wanted
