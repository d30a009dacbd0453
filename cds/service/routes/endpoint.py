"""What every route has in common: a request id, a line in the log, metrics, and errors that say what is wrong."""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Awaitable, Callable
from typing import Any, Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cds.service.http.outcome import HttpFault, fault_response
from cds.service.observe.log import event
from cds.service.observe.metrics import Metrics
from cds.service.worker import Worker

Handler = Callable[[Scope, Receive, Worker], Awaitable[Response]]

_STATUS_TEXTS: Final = {
    404: "there is nothing at this address: see /cds-services",
    405: "this method is not allowed here",
}


class Endpoint:
    """A handler as an ASGI application of a route."""

    def __init__(self, handler: Handler) -> None:
        self._handler = handler
        self.name = handler.__name__

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        scope["cds.note"]["route"] = self.name
        response = await self._handler(scope, receive, scope["app"].state.worker)
        await response(scope, receive, send)


class Frame:
    """Outermost but CORS: whatever happens inside, the caller gets an answer, and no error looks like an all-clear."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and see what becomes of it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        start = time.perf_counter()
        note: dict[str, Any] = {"request_id": secrets.token_hex(8), "route": "none"}
        scope["cds.note"] = note
        request_id = note["request_id"].encode()

        async def watched(message: Message) -> None:
            if message["type"] == "http.response.start":
                note["status"] = message["status"]
                message["headers"] = [*message["headers"], (b"x-request-id", request_id), *_FIXED_HEADERS]
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except Exception as error:  # the last resort; the log gets the place, not the text
            await self._answer(error, scope, receive, watched)
        finally:
            self._record(scope, start)

    async def _answer(self, error: Exception, scope: Scope, receive: Receive, send: Send) -> None:
        note = scope["cds.note"]
        if "status" in note:
            raise error  # too late for another answer; the server closes the connection
        fault = _as_fault(error)
        if fault.status == 500:
            event("request failed", logging.ERROR, error, request_id=note["request_id"], route=note["route"])
        await fault_response(fault)(scope, receive, send)

    def _record(self, scope: Scope, start: float) -> None:
        note = scope["cds.note"]
        seconds = time.perf_counter() - start
        metrics: Metrics = scope["app"].state.worker.metrics
        metrics.request(note["route"], note.get("status", 0), seconds)
        event("request", **note, method=_method(scope), ms=round(seconds * 1000, 2))


_FIXED_HEADERS: Final = (
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
)
"""An answer about a patient is kept by nobody on the way."""


def _method(scope: Scope) -> str:
    method: str = scope["method"]
    return method if method in {"GET", "HEAD", "POST", "OPTIONS", "PUT", "DELETE", "PATCH"} else "other"


async def refused(_request: Request, error: Exception) -> Response:
    """What the router refuses, as an error of this service."""
    return fault_response(_as_fault(error))


def _as_fault(error: Exception) -> HttpFault:
    if isinstance(error, HttpFault):
        return error
    if isinstance(error, HTTPException):
        return HttpFault(error.status_code, _STATUS_TEXTS.get(error.status_code, ""), headers=error.headers)
    return HttpFault(500, "the request failed; this is no all-clear: ask a clinician")
