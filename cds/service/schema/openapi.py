"""The service described in OpenAPI 3.1, from the very schemas that its requests and answers are held to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final
from urllib.parse import urlsplit, urlunsplit

from cds.service.schema.components import components, reference
from cds.service.schema.documents import HOOKS

Json = dict[str, Any]

_ERRORS: Final[Mapping[int, str]] = {
    400: "The body is not JSON, or not JSON that can be read safely.",
    401: "The token is missing or not accepted. The reason is not told.",
    404: "There is no such service.",
    405: "The method does not belong to this address.",
    408: "The body did not come in time.",
    412: "The answers of the patient cannot be had: not with the request, and not from the FHIR server.",
    413: "The body is too large.",
    415: "The body is not JSON by its media type.",
    422: "The body is JSON, but not what is expected here, or the answers in it cannot be evaluated.",
    500: "The evaluation failed. There is no recommendation.",
    503: "Not now: too much work, or a part that is needed cannot be reached. Nothing was evaluated or kept.",
}
"""Status to what it means. Each comes with an OperationOutcome."""
_HEADERS: Final[Mapping[int, Json]] = {
    401: {"WWW-Authenticate": {"description": "How to authenticate.", "schema": {"type": "string"}}},
    405: {"Allow": {"description": "The methods that do belong.", "schema": {"type": "string"}}},
    503: {"Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer", "minimum": 1}}},
}
_FEEDBACK: Final[Json] = {
    "feedback": [
        {
            "card": "0b5b7a0a-6f0e-5d4e-8a53-3f3c9a3f6c11",
            "outcome": "overridden",
            "overrideReason": {"userComment": "Already seen today."},
            "outcomeTimestamp": "2026-11-22T10:05:31Z",
        }
    ]
}


def openapi(
    services: Sequence[str],
    base_url: str,
    secured: bool,
    examples: Mapping[str, Json] | None = None,
    version: str = "2.0.1",
) -> Json:
    """The description of the service, to be sent as JSON.

    ``services`` are the ids that are served, ``base_url`` the address before ``/cds-services``, ``secured`` says
    whether calls need a token. ``examples`` has a valid call for each of the services that shall have one; ``version``
    is that of the description.
    """
    service = {"name": "id", "in": "path", "required": True, "description": "Id of the service."}
    service["schema"] = {"type": "string", "enum": list(services)}
    beside: Json = {"servers": [{"url": origin}]} if (origin := _origin(base_url)) != base_url else {}
    description: Json = {
        "openapi": "3.1.0",
        "info": {
            "title": "CDS Hooks service",
            "version": version,
            "description": "Clinical decision support by CDS Hooks 2.0.1. An error is never an empty list of cards.",
        },
        "servers": [{"url": base_url}],
        "tags": [
            {"name": "CDS Hooks", "description": "For EHRs."},
            {"name": "Operation", "description": "For those who keep it running."},
        ],
        "paths": {
            "/cds-services": {"get": _discovery(secured)},
            "/cds-services/{id}": {"parameters": [service], "post": _call(secured, examples or {})},
            "/cds-services/{id}/feedback": {"parameters": [service], "post": _feedback(secured)},
            "/openapi.json": {"get": _page("This description.", "application/json", {"type": "object"})},
            "/metrics": beside | {"get": _page("Counts and times for Prometheus.", "text/plain", {"type": "string"})},
            "/healthz": beside | {"get": _page("The process answers.", "application/json", _STATUS)},
            "/readyz": beside | {"get": _ready()},
        },
        "components": {"schemas": components()},
    }
    if secured:
        description["components"]["securitySchemes"] = {"client": _TOKEN}
    return description


_STATUS: Final[Json] = {
    "type": "object",
    "required": ["status"],
    "properties": {"status": {"type": "string", "minLength": 1, "description": "A word."}},
}
_CHECKS: Final[Json] = {
    "type": "object",
    "additionalProperties": {"type": "boolean"},
    "description": "Each check, and whether it is passed.",
}
_TOKEN: Final[Json] = {
    "type": "http",
    "scheme": "bearer",
    "bearerFormat": "JWT",
    "description": "A JWT that the client has signed and made out to the address that it calls. Good once.",
}


def _origin(base_url: str) -> str:
    """Where the pages for operation stand: at the root of the host, whatever the base address."""
    return urlunsplit((*urlsplit(base_url)[:2], "", "", ""))


def _discovery(secured: bool) -> Json:
    return {
        "operationId": "discovery",
        "summary": "What this service offers, and at which hooks.",
        "tags": ["CDS Hooks"],
        "responses": {
            "200": _body("The services.", "application/json", reference("discovery.json")),
            **_errors(secured, (401, 405, 500, 503)),
        },
        "security": [{"client": []}, {}] if secured else [],
    }


def _call(secured: bool, examples: Mapping[str, Json]) -> Json:
    hooks = {hook: reference(name) for hook, name in HOOKS.items()}
    content: Json = {
        "schema": {
            "oneOf": list(hooks.values()),
            "discriminator": {
                "propertyName": "hook",
                "mapping": {hook: schema["$ref"] for hook, schema in hooks.items()},
            },
        }
    }
    if examples:
        content["examples"] = {
            service: {"summary": f"A call of {service}", "value": example} for service, example in examples.items()
        }
    return {
        "operationId": "call",
        "summary": "What to do for this patient, as cards.",
        "tags": ["CDS Hooks"],
        "requestBody": {"required": True, "content": {"application/json": content}},
        "responses": {
            "200": _body("One card or more, the recommendation first.", "application/json", reference("response.json")),
            **_errors(secured, (400, 401, 404, 405, 408, 412, 413, 415, 422, 500, 503)),
        },
        **_security(secured),
    }


def _feedback(secured: bool) -> Json:
    example = {"summary": "A card that was not followed", "value": _FEEDBACK}
    content = {"schema": reference("feedback.json"), "examples": {"overridden": example}}
    return {
        "operationId": "feedback",
        "summary": "What the user did with cards.",
        "tags": ["CDS Hooks"],
        "requestBody": {"required": True, "content": {"application/json": content}},
        "responses": {
            "200": _body("It is kept.", "application/json", {"type": "object"}),
            **_errors(secured, (400, 401, 404, 405, 408, 413, 415, 422, 500, 503)),
        },
        **_security(secured),
    }


def _page(description: str, media_type: str, schema: Json) -> Json:
    return {
        "summary": description,
        "tags": ["Operation"],
        "security": [],
        "responses": {"200": _body(description, media_type, schema), **_errors(False, (405, 500))},
    }


def _ready() -> Json:
    page = _page("Calls can be sent here.", "application/json", _CHECKS)
    page["responses"]["503"] = _body("No calls now.", "application/json", _CHECKS)
    return page


def _body(description: str, media_type: str, schema: Json) -> Json:
    return {"description": description, "content": {media_type: {"schema": schema}}}


def _errors(secured: bool, statuses: Iterable[int]) -> Json:
    found: Json = {}
    for status in statuses:
        if status == 401 and not secured:
            continue
        answer = _body(_ERRORS[status], "application/fhir+json", reference("operation-outcome.json"))
        if status in _HEADERS:
            answer["headers"] = _HEADERS[status]
        found[str(status)] = answer
    return found


def _security(secured: bool) -> Json:
    return {"security": [{"client": []}] if secured else []}
