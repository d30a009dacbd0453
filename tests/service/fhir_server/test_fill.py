"""Tokens are filled with ids, and with nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cds.service.fhir_server.fill import fill, token_values
from cds.service.fhir_server.page_url import request

TEMPLATE = "Condition?patient={{context.patientId}}&_count=200"


def test_all_tokens_are_filled() -> None:
    values = {"context.patientId": "p-1.2", "userPractitionerId": "d9"}
    template = "Observation?subject=Patient/{{context.patientId}}&performer={{userPractitionerId}}"
    assert fill(template, values) == "Observation?subject=Patient/p-1.2&performer=d9"


def test_a_template_without_tokens_stays_as_it_is() -> None:
    assert fill("Condition?code=a", {}) == "Condition?code=a"


@pytest.mark.parametrize(
    "template",
    [
        "Patient/{{context.patientId}}",
        "Patient/{{today()}}",
        "Patient/{{}}",
        "Patient/{{context.other}}",
        "Patient/{{userPatientId}}",
        "Patient/{x}",
        "Patient/{{x",
        "Patient/x}}",
    ],
)
def test_what_has_no_value_cannot_be_asked(template: str) -> None:
    assert fill(template, {}) is None


@pytest.mark.parametrize(
    "value",
    [
        "",
        ".",
        "..",
        "a/b",
        "../x",
        "1&x=y",
        "1?x",
        "1#x",
        "1%2e",
        "1 ",
        "1\n",
        "1,2",
        "1|2",
        "{{x}}",
        "ä",
        "a" * 65,
        "Patient/1",
    ],
    ids=ascii,
)
def test_what_is_not_an_id_cannot_be_asked(value: str) -> None:
    assert fill(TEMPLATE, {"context.patientId": value}) is None


def test_the_user_is_a_reference() -> None:
    values = token_values({"userId": "Practitioner/d9", "patientId": "1", "selections": ["x"], "encounterId": None})
    assert values == {"context.userId": "Practitioner/d9", "context.patientId": "1", "userPractitionerId": "d9"}
    assert fill("{{context.userId}}", values) == "Practitioner/d9"
    assert fill("{{userPatientId}}", values) is None


@pytest.mark.parametrize("user", ["d9", "Practitioner/", "Device/1", "https://x.example/Practitioner/1", ""])
def test_a_user_of_no_known_kind_gives_no_id(user: str) -> None:
    assert set(token_values({"userId": user})) == {"context.userId"}


@pytest.mark.parametrize("user", ["Practitioner/..", "Practitioner/1/2", "practitioner/1", "Practitioner/1?x"])
def test_a_user_that_is_no_reference_cannot_be_asked(user: str) -> None:
    assert fill("{{context.userId}}", token_values({"userId": user})) is None


@given(st.text(max_size=8) | st.text(alphabet="a1.-/?&={}%", max_size=8))
def test_no_value_changes_the_query_around_it(value: str) -> None:
    query = fill(TEMPLATE, {"context.patientId": value})
    if query is not None:
        assert query == f"Condition?patient={value}&_count=200"
        assert query.count("&") == query.count("=") - 1 == 1
        assert request(query) == ("Condition", None)
