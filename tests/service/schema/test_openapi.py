"""The OpenAPI description: valid, true to the schemas, and good enough to make calls from."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from jsonschema_rs import Draft202012Validator
from openapi_spec_validator import validate
from starlette.routing import Route

from cds.service.app import create_app
from cds.service.http.outcome import CODES, Issue, operation_outcome
from cds.service.schema import DISCOVERY, FEEDBACK, OPERATION_OUTCOME, RESPONSE, openapi, request_problems
from cds.service.schema.components import component, components
from cds.service.settings import Settings
from tests.service.schema.change import Row, changed, rows, title
from tests.service.schema.published import EXAMPLES, PATIENT_VIEW, Json

CALL, FEED = "/cds-services/{id}", "/cds-services/{id}/feedback"


def described(secured: bool = True) -> Json:
    found = openapi(["back-pain", "knee"], "https://cds.example.org/a", secured, {"back-pain": PATIENT_VIEW}, "1.2.3")
    return json.loads(json.dumps(found))  # type: ignore[no-any-return]


@pytest.mark.parametrize("secured", [True, False])
def test_it_is_openapi(secured: bool) -> None:
    validate(described(secured))


def test_it_has_the_routes_of_the_application(tmp_path: Path) -> None:
    app = create_app(Settings(packs=(), base_url="http://127.0.0.1", database=f"sqlite:///{tmp_path / 'a.sqlite'}"))
    routes = {
        (route.path.replace("{service}", "{id}"), method.lower())
        for route in app.routes
        if isinstance(route, Route)
        for method in (route.methods or set()) - {"HEAD"}
    }
    found = {(path, method) for path, item in described()["paths"].items() for method in item.keys() & {"get", "post"}}
    assert found == routes
    assert len(found) == 7


def test_it_says_what_is_served_and_where() -> None:
    found = described()
    assert found["servers"] == [{"url": "https://cds.example.org/a"}]
    assert found["info"]["version"] == "1.2.3"
    for path in ("/metrics", "/healthz", "/readyz"):
        assert found["paths"][path]["servers"] == [{"url": "https://cds.example.org"}]
    for path in (CALL, FEED):
        (parameter,) = found["paths"][path]["parameters"]
        assert parameter["schema"]["enum"] == ["back-pain", "knee"]


@pytest.mark.parametrize("path", ["/cds-services", CALL, FEED])
def test_a_token_is_asked_for_only_where_one_is_needed(path: str) -> None:
    for secured in (True, False):
        (operation,) = (item for method, item in described(secured)["paths"][path].items() if method in ("get", "post"))
        needed: list[Json] = [{"client": []}, {}] if path == "/cds-services" else [{"client": []}]
        assert operation["security"] == (needed if secured else [])
        assert ("401" in operation["responses"]) == secured
    assert "securitySchemes" not in described(False)["components"]


def test_every_error_of_the_service_is_described() -> None:
    answers = described()["paths"][CALL]["post"]["responses"]
    assert {int(status) for status in answers} == {200, *CODES}
    assert answers["503"]["headers"].keys() == {"Retry-After"}
    for status, answer in answers.items():
        media_type = "application/json" if status == "200" else "application/fhir+json"
        assert list(answer["content"]) == [media_type]


@pytest.mark.parametrize("status", [*CODES, 418])
def test_the_errors_of_the_service_conform(status: int) -> None:
    assert OPERATION_OUTCOME.problems(operation_outcome(status, [])) == []
    issues = [Issue("a"), Issue("b", "context.patientId")] * 20
    assert OPERATION_OUTCOME.problems(operation_outcome(status, issues)) == []


def targets(value: Any) -> list[str]:
    """Every reference inside a value."""
    if isinstance(value, dict):
        own = [value["$ref"]] if isinstance(value.get("$ref"), str) else []
        return own + [target for child in value.values() for target in targets(child)]
    if isinstance(value, list):
        return [target for child in value for target in targets(child)]
    return []


def test_every_reference_leads_somewhere() -> None:
    names = components().keys()
    found = {target.removeprefix("#/components/schemas/") for target in targets(described())}
    assert found <= names
    assert {component("types.json", "id"), "Card.link", "RequestPatientView"} <= found


VERDICTS = {
    "discovery": "Discovery",
    "patient-view": "RequestPatientView",
    "patient-scope": "RequestPatientView",
    "encounter-start": "RequestEncounterStart",
    "appointment-book": "RequestAppointmentBook",
    "submit": "RequestQuestionnaireresponseSubmit",
    "response": "Response",
    "feedback": "Feedback",
    "outcome": "OperationOutcome",
}


@pytest.mark.parametrize("name", EXAMPLES)
def test_components_take_the_published_examples(name: str) -> None:
    assert judge(VERDICTS[name]).is_valid(EXAMPLES[name][1])


@pytest.mark.parametrize("row", [row for row in rows() if row["says"]], ids=title)
def test_components_refuse_what_the_files_refuse(row: Row) -> None:
    assert not judge(VERDICTS[row["of"]]).is_valid(changed(row))


def judge(name: str) -> Draft202012Validator:
    schema = {"$ref": f"#/components/schemas/{name}", "components": {"schemas": components()}}
    return Draft202012Validator(schema, validate_formats=True)


@pytest.mark.parametrize(("path", "examples"), [(CALL, 1), (FEED, 1)])
def test_the_examples_in_it_conform(path: str, examples: int) -> None:
    content = described()["paths"][path]["post"]["requestBody"]["content"]["application/json"]
    assert len(content["examples"]) == examples
    for example in content["examples"].values():
        assert (request_problems if path == CALL else FEEDBACK.problems)(example["value"]) == []


@pytest.mark.parametrize("path", [CALL, FEED])
def test_calls_can_be_made_from_it(path: str) -> None:
    # Schemathesis reads the description as anybody would; what it makes from it must be what the service takes.
    operation = schemathesis.openapi.from_dict(described())[path]["POST"]
    problems = request_problems if path == CALL else FEEDBACK.problems
    made = []

    @settings(max_examples=15, suppress_health_check=list(HealthCheck))
    @given(operation.as_strategy())
    def calls(case: schemathesis.Case[Any]) -> None:
        made.append(case)
        assert problems(case.body) == []
        assert case.path_parameters["id"] in ("back-pain", "knee")

    calls()
    assert made


def test_answers_are_held_to_the_same_schemas() -> None:
    answers = {path: described()["paths"][path] for path in ("/cds-services", CALL)}
    discovery = answers["/cds-services"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    response = answers[CALL]["post"]["responses"]["200"]["content"]["application/json"]["schema"]
    assert discovery["$ref"].endswith("/" + component(DISCOVERY.name))
    assert response["$ref"].endswith("/" + component(RESPONSE.name))
