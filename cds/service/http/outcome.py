"""Errors as FHIR OperationOutcomes. An error is never an empty list of cards, and never names a value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

import orjson
from starlette.responses import Response

MEDIA_TYPE: Final = "application/fhir+json"
MAX_ISSUES: Final = 20

CODES: Final[Mapping[int, str]] = {
    400: "structure",
    401: "login",
    404: "not-found",
    405: "not-supported",
    408: "timeout",
    412: "required",
    413: "too-long",
    415: "not-supported",
    422: "invalid",
    500: "exception",
    503: "transient",
}
"""HTTP status to the FHIR issue type."""


class Issue(NamedTuple):
    """One thing that is wrong: what and what to do, and the place in the request if there is one."""

    text: str
    place: str | None = None


class HttpFault(Exception):
    """A request that is answered with an error."""

    def __init__(self, status: int, *issues: Issue | str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(f"{status}")
        self.status = status
        self.issues = tuple(issue if isinstance(issue, Issue) else Issue(issue) for issue in issues)
        self.headers = dict(headers or {})


def fault_response(fault: HttpFault) -> Response:
    """The answer to a request at fault. A 401 has no reason, so that nobody learns from it."""
    return Response(
        orjson.dumps(operation_outcome(fault.status, fault.issues)),
        status_code=fault.status,
        media_type=MEDIA_TYPE,
        headers=fault.headers,
    )


def operation_outcome(status: int, issues: Sequence[Issue]) -> dict[str, Any]:
    """An OperationOutcome (FHIR R4) with at most :data:`MAX_ISSUES` issues."""
    code = CODES.get(status, "processing")
    found: list[dict[str, Any]] = []
    for issue in issues[:MAX_ISSUES]:
        one: dict[str, Any] = {"severity": "error", "code": code, "diagnostics": issue.text}
        if issue.place:
            one["expression"] = [issue.place]
        found.append(one)
    return {"resourceType": "OperationOutcome", "issue": found or [{"severity": "error", "code": code}]}
