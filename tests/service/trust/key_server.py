"""A key server on the loopback interface: the one thing that trust fetches."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.service.trust.signing import PUBLISHED


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path == "/redirect.json":
            self.send_response(302)
            self.send_header("Location", "/attacker.json")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        body = json.dumps(PUBLISHED.get(self.path, {})).encode()
        self.send_response(200 if self.path in PUBLISHED else 404)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def serve_keys() -> Iterator[str]:
    """Serve :data:`PUBLISHED` on a free port of 127.0.0.1; gives scheme, host and port."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
