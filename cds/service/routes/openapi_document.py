"""``GET {base}/openapi.json``: the service in OpenAPI."""

from __future__ import annotations

import orjson
from starlette.responses import Response
from starlette.types import Receive, Scope

from cds.service.schema.openapi import openapi
from cds.service.worker import Worker


async def openapi_document(scope: Scope, receive: Receive, worker: Worker) -> Response:
    """The OpenAPI description."""
    document = openapi(tuple(worker.services), worker.settings.base_url, secured=worker.verifier is not None)
    return Response(orjson.dumps(document), media_type="application/json")
