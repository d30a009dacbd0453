"""``POST {base}/cds-services/{id}``: the call of a hook, answered with cards."""

from __future__ import annotations

import logging
from typing import Any

import orjson
from starlette.responses import Response
from starlette.types import Receive, Scope

from cds.engine import EngineFault, EvaluatorDisagreement
from cds.service.hooks.pack_service import Answer, PackService
from cds.service.http.body import parsed, read_body
from cds.service.http.outcome import HttpFault, Issue
from cds.service.observe.log import event
from cds.service.prefetch.gather import Callback, Gathered, gather
from cds.service.routes.authentication import authenticate
from cds.service.schema import RESPONSE, request_problems
from cds.service.trust import Client
from cds.service.worker import Worker


async def call(scope: Scope, receive: Receive, worker: Worker) -> Response:
    """Answer a call with 200 and cards. Raises :class:`HttpFault` for anything else."""
    name = scope["path_params"]["service"]
    with worker.admission.enter() as place:
        with worker.admission.away():
            client = await authenticate(scope, worker, f"{worker.settings.base_url}/cds-services/{name}")
        service = find_service(worker, name)
        scope["cds.note"]["service"] = service.id
        body = await read_body(scope, receive, worker.admission, place, client.iss if client else None)
        request = await parsed(body, _checked, worker.admission)
        del body
        scope["cds.note"]["hook"] = request["hook"]
        gathered = await _gather(worker, service, request, client)
        async with worker.admission.turn():
            answer = _decide(worker, service, request, gathered)
    content = orjson.dumps({"cards": answer.cards})
    for showing in answer.showings:
        worker.store.shown(showing)
    worker.metrics.shown(worker.store.waiting, worker.store.dropped)
    assessment = answer.decision.assessment
    scope["cds.note"].update(
        outcome=assessment.outcome, level=assessment.level, open_questions=len(assessment.open_findings)
    )
    return Response(content, media_type="application/json")


def find_service(worker: Worker, name: str) -> PackService:
    """The service called ``name``. Raises :class:`HttpFault` 404."""
    service = worker.services.get(name)
    if service is None:
        raise HttpFault(404, "there is no such service: see /cds-services")
    return service


def _checked(request: Any) -> dict[str, Any]:
    """A request of a hook that the service listens to. Raises :class:`HttpFault` 422 for anything else."""
    problems = request_problems(request)
    if problems:
        raise HttpFault(422, *(Issue(problem.message, problem.path) for problem in problems))
    context, authorization = request["context"], request.get("fhirAuthorization", {})
    if authorization.get("patient", context["patientId"]) != context["patientId"]:
        raise HttpFault(422, Issue("the access token is for another patient", "fhirAuthorization.patient"))
    checked: dict[str, Any] = request
    return checked


async def _gather(worker: Worker, service: PackService, request: dict[str, Any], client: Client | None) -> Gathered:
    callback = _callback(worker, request, client)
    with worker.admission.away():
        return await gather(service.templates_for(request["hook"]), request, callback, worker.metrics.prefetch)


def _callback(worker: Worker, request: dict[str, Any], client: Client | None) -> Callback | None:
    """The FHIR server that may be asked for what is missing; one that is not listed is never contacted."""
    address = request.get("fhirServer")
    if address is None:
        return None
    base = worker.fhir_base(address, client)
    if base is None:
        event("FHIR server refused: it is not listed for this client", logging.WARNING)
        return None
    token = request.get("fhirAuthorization", {}).get("access_token")
    return Callback(worker.fhir, base, token, worker.budget())


def _decide(worker: Worker, service: PackService, request: dict[str, Any], gathered: Gathered) -> Answer:
    try:
        answer = service.answer(request, gathered, worker.now())
        if not RESPONSE.is_valid({"cards": answer.cards}):
            raise EngineFault("the cards are not valid")
    except EngineFault as error:
        kind = "disagreement" if isinstance(error, EvaluatorDisagreement) else "fault"
        worker.metrics.engine_fault(service.id, kind)
        event("evaluation failed", logging.ERROR, error, service=service.id, reason=kind)
        raise HttpFault(500, "the patient could not be assessed; this is no all-clear: ask a clinician") from None
    worker.metrics.assessed(service.id, request["hook"], answer.decision)
    worker.metrics.unread(service.id, failed=bool(gathered.failed), absent=bool(gathered.absent))
    return answer
