"""``GET {base}/cds-services``: which services there are, on which hooks, and what they ask for."""

from __future__ import annotations

import orjson
from starlette.responses import Response
from starlette.types import Receive, Scope

from cds.service.routes.authentication import authenticate
from cds.service.worker import Worker


async def discovery(scope: Scope, receive: Receive, worker: Worker) -> Response:
    """The discovery document. Nothing in it is secret, so no token is needed; one that is sent must be right."""
    if any(name == b"authorization" for name, _ in scope["headers"]):
        await authenticate(scope, worker, f"{worker.settings.base_url}/cds-services")
    entries = [entry for service in worker.services.values() for entry in service.entries()]
    return Response(orjson.dumps({"services": entries}), media_type="application/json")
