"""The application called without a network or a client library, so that many thousands of requests take seconds."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import Any

from starlette.applications import Starlette
from starlette.types import Message

JSON = ((b"content-type", b"application/json"),)
"""The headers of a call."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


@dataclass(frozen=True, slots=True)
class Sent:
    """A request. ``parts`` are ASGI messages that stand instead of ``body``."""

    method: str
    path: str
    body: bytes = b""
    headers: Iterable[tuple[bytes, bytes]] = ()
    query: bytes = b""
    parts: Iterable[Message] | None = None


async def exchange(app: Starlette, sent: Sent) -> Answer:
    """Send a request to an application whose lifespan has begun."""
    incoming = iter(sent.parts or [{"type": "http.request", "body": sent.body, "more_body": False}])
    outgoing: list[Message] = []
    scope: dict[str, Any] = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": sent.method,
        "scheme": "http",
        "path": sent.path,
        "raw_path": sent.path.encode("utf-8", "surrogatepass"),
        "root_path": "",
        "query_string": sent.query,
        "headers": [(b"host", b"testserver"), *sent.headers],
        "client": ("127.0.0.1", 1),
        "server": ("testserver", 80),
    }

    async def receive() -> Message:
        return next(incoming)

    async def send(message: Message) -> None:
        outgoing.append(message)

    await app(scope, receive, send)
    start, *rest = outgoing
    assert start["type"] == "http.response.start"
    assert not rest[-1].get("more_body")
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in start["headers"]}
    return Answer(start["status"], headers, b"".join(message["body"] for message in rest))


class Direct:
    """Sends one request after the other."""

    def __init__(self, app: Starlette, loop: asyncio.AbstractEventLoop) -> None:
        self._app, self._loop = app, loop

    def post(self, path: str, body: bytes, headers: Iterable[tuple[bytes, bytes]] = JSON) -> Answer:
        """Post a body."""
        return self.send(Sent("POST", path, body, headers))

    def send(self, sent: Sent) -> Answer:
        """Send a request."""
        return self._loop.run_until_complete(exchange(self._app, sent))


@asynccontextmanager
async def begun(app: Starlette) -> AsyncIterator[Starlette]:
    """The application with its lifespan around it."""
    async with app.router.lifespan_context(app):
        yield app


@contextmanager
def direct(app: Starlette) -> Iterator[Direct]:
    """The application with its lifespan and an event loop around it."""
    with asyncio.Runner() as runner:
        lifespan = begun(app)
        runner.run(lifespan.__aenter__())
        try:
            yield Direct(app, runner.get_loop())
        finally:
            runner.run(lifespan.__aexit__(None, None, None))
