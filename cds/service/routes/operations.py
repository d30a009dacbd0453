"""``/healthz``, ``/readyz``, ``/metrics``."""

from __future__ import annotations

import orjson
from starlette.responses import Response
from starlette.types import Receive, Scope

from cds.service.observe.metrics import CONTENT_TYPE
from cds.service.worker import Worker


async def healthz(scope: Scope, receive: Receive, worker: Worker) -> Response:
    """200: this process answers."""
    return Response(b'{"status":"ok"}', media_type="application/json")


async def readyz(scope: Scope, receive: Receive, worker: Worker) -> Response:
    """200 if patients can be sent here, else 503; the body says which check failed."""
    checks = await worker.readiness.checks()
    return Response(orjson.dumps(checks), 200 if all(checks.values()) else 503, media_type="application/json")


async def metrics(scope: Scope, receive: Receive, worker: Worker) -> Response:
    """The metrics for Prometheus."""
    return Response(worker.metrics.text(), headers={"Content-Type": CONTENT_TYPE})
