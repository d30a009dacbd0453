"""``POST {base}/cds-services/{id}/feedback``: what users did with cards, kept before it is acknowledged."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from starlette.responses import Response
from starlette.types import Receive, Scope

from cds.intake import Limits
from cds.service.feedback import FeedbackError, FeedbackItem, read_feedback
from cds.service.http.body import parsed, read_body
from cds.service.http.outcome import HttpFault, Issue
from cds.service.routes.authentication import authenticate
from cds.service.routes.call import find_service
from cds.service.schema import FEEDBACK
from cds.service.store import StoreUnavailable
from cds.service.worker import Worker

_LIMITS = Limits(size=1024 * 1024, depth=16)


async def feedback(scope: Scope, receive: Receive, worker: Worker) -> Response:
    """200 when all items are on the disk. Raises :class:`HttpFault`; then nothing is, and the client sends it again."""
    name = scope["path_params"]["service"]
    with worker.admission.enter() as place:
        with worker.admission.away():
            client = await authenticate(scope, worker, f"{worker.settings.base_url}/cds-services/{name}/feedback")
        service = find_service(worker, name)
        scope["cds.note"]["service"] = service.id
        body = await read_body(scope, receive, worker.admission, place, client.iss if client else None, _LIMITS)
        items = await parsed(body, _items, worker.admission, _LIMITS)
        try:
            with worker.admission.away():
                await worker.store.keep_feedback(service.id, client.iss if client else None, items)
        except StoreUnavailable:
            raise HttpFault(503, "the feedback was not kept: send it again", headers={"Retry-After": "2"}) from None
    worker.metrics.feedback(service.id, Counter(item.outcome for item in items))
    scope["cds.note"]["count"] = len(items)
    return Response(b"{}", media_type="application/json")


def _items(body: Any) -> Sequence[FeedbackItem]:
    """What a body says. Raises :class:`HttpFault` 422."""
    if problems := FEEDBACK.problems(body):
        raise HttpFault(422, *(Issue(problem.message, problem.path) for problem in problems))
    try:
        return read_feedback(body)
    except FeedbackError as error:
        raise HttpFault(422, *(Issue(fault.message, fault.path) for fault in error.faults)) from None
