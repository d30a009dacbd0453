"""A FHIR server whose every answer is wrong in another way, and carries a mark wherever something can stand."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import cycle
from typing import Final

MARK: Final = "MARKED-7f3a"
_BODIES: Final = cycle(
    (
        (200, f'{{"resourceType": "{MARK}"}}'),
        (200, f'{{"{MARK}": '),
        (404, f'{{"resourceType": "OperationOutcome", "issue": [{{"diagnostics": "{MARK}"}}]}}'),
        (500, f"<html>{MARK}"),
        (200, f'{{"resourceType": "Bundle", "type": "searchset", "link": [{{"relation": "next", "url": "{MARK}"}}]}}'),
        (302, MARK),
    )
)


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        status, text = next(_BODIES)
        self.send_response(status, MARK)
        self.send_header("Content-Type", f"application/fhir+json; charset={MARK}")
        self.send_header("Location", f"/{MARK}")
        self.send_header(MARK, MARK)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def unfriendly() -> Iterator[str]:
    """Serve on a free port of this machine; gives the base address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/fhir"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
