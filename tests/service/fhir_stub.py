"""A FHIR server that knows a few resources and answers by type, for the tests of the service."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final
from urllib.parse import urlsplit

AUTHORIZATION: Final = {
    "access_token": "a-token",
    "token_type": "Bearer",
    "expires_in": 300,
    "scope": "patient/*.read",
    "subject": "cds",
}


class Stub:
    """The server: its address, and the Authorization headers that it was sent."""

    def __init__(self, resources: tuple[dict[str, Any], ...], before: Callable[[], object]) -> None:
        self.tokens: set[str | None] = set()
        stub = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                before()
                stub.tokens.add(self.headers["Authorization"])
                kind, _, key = urlsplit(self.path).path.removeprefix("/fhir/").partition("/")
                found = [one for one in resources if one["resourceType"] == kind and key in ("", one.get("id"))]
                if key:
                    self._send(found[0] if found else None)
                else:
                    self._send(
                        {"resourceType": "Bundle", "type": "searchset", "entry": [{"resource": r} for r in found]}
                    )

            def _send(self, value: dict[str, Any] | None) -> None:
                body = json.dumps(value or {"resourceType": "OperationOutcome"}).encode()
                self.send_response(404 if value is None else 200)
                self.send_header("Content-Type", "application/fhir+json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.base = f"http://127.0.0.1:{self._server.server_port}/fhir"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))

    def start(self) -> None:
        """Serve in the background."""
        self._thread.start()

    def stop(self) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


@contextmanager
def serve_fhir(*resources: dict[str, Any], before: Callable[[], object] = lambda: None) -> Iterator[Stub]:
    """A FHIR server with these resources, until the end of the block; ``before`` is called before each answer."""
    stub = Stub(resources, before)
    stub.start()
    try:
        yield stub
    finally:
        stub.stop()
