"""Which names callers may know the service by when nobody is asked for a token."""

from __future__ import annotations

from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

from starlette.types import ASGIApp, Receive, Scope, Send

from cds.service.http.outcome import HttpFault
from cds.service.settings import Settings
from cds.service.trust.address import is_loopback

ANY: Final = "*"


class OwnHosts:
    """Refuses a request whose ``Host`` is not ours.

    A web page can have its own name resolved to this machine (DNS rebinding), and is then of the same origin as we
    are for the browser. The name stays in ``Host``. With tokens this is not needed: such a page has none.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._any = settings.trust is not None or ANY in settings.hosts
        self._names = {_plain(name) for name in (*settings.hosts, urlsplit(settings.base_url).hostname or "")}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on. Raises :class:`HttpFault` 400 for one that is addressed to somebody else."""
        if scope["type"] == "http" and not self._any and not self._ours(scope):
            raise HttpFault(400, "the service is not known by this host name: call its base URL")
        await self._app(scope, receive, send)

    def _ours(self, scope: Scope) -> bool:
        given = [value for name, value in scope["headers"] if name == b"host"]
        if len(given) != 1:
            return False
        try:
            parts = urlsplit(f"//{given[0].decode('ascii')}")
            name, _port = parts.hostname, parts.port
        except ValueError:
            return False
        if not name or parts.netloc.encode() != given[0] or "@" in parts.netloc:
            return False
        return name == "localhost" or is_loopback(name) or _plain(name) in self._names


def _plain(name: str) -> str:
    """A host name or address in one spelling."""
    try:
        return str(ip_address(name))
    except ValueError:
        return name.lower()
