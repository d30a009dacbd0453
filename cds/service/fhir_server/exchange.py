"""One GET to a FHIR server: bounded in time and size, tried again once where that can help."""

from __future__ import annotations

import asyncio
import re
import ssl
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any, Final

import httpx2

from cds.intake import IntakeError, Limits, parse_json
from cds.intake.strict_json import count_values
from cds.service.fhir_server.body import TooLarge, Unreadable, read_body
from cds.service.fhir_server.budget import LARGEST, Budget
from cds.service.prefetch.state import Failed

DEEPEST: Final = 35
"""The most levels of JSON: those of a resource (`cds.intake`), and three of the Bundle around it."""
LONGEST_WAIT: Final = 2.0
"""Seconds: a server that asks to wait longer before the second try (Retry-After) is not asked again."""
PAUSE: Final = 0.1
"""Seconds before the second try if the server does not say."""

_TOKEN: Final = re.compile(r"[A-Za-z0-9\-._~+/]{1,16384}=*", re.ASCII)
"""A bearer token as it may stand in a header (RFC 6750, 2.1)."""
_SECONDS: Final = re.compile(r"[0-9]{1,4}", re.ASCII)
_AGAIN: Final = frozenset({"throttled", "status-5xx", "transport"})


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered: the parsed JSON, and its ``size`` in bytes; ``gone`` for 404 and 410."""

    value: Any = field(default=None, repr=False)
    size: int = 0
    gone: bool = False


@dataclass(frozen=True, slots=True)
class _Try:
    """A failed attempt, and how long the server asks to wait before the next; ``None``: do not try again."""

    failed: Failed
    wait: float | None = None


class Exchange:
    """A pool of connections and the one thing that is done with them. Close it at the end."""

    def __init__(
        self,
        timeout: float,
        connections: int,
        tls: ssl.SSLContext | None,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """``timeout``: seconds of one attempt, all of it. ``tls``: None takes the authorities of the system."""
        self._timeout = timeout
        self._pause = pause
        self._http = httpx2.AsyncClient(
            verify=tls or ssl.create_default_context(),
            http1=True,
            http2=False,
            follow_redirects=False,
            trust_env=False,
            timeout=timeout,
            limits=httpx2.Limits(max_connections=connections, max_keepalive_connections=connections),
            headers={"accept": "application/fhir+json", "accept-encoding": "gzip", "user-agent": "cds-rules"},
            # A cookie that one user's call brings home must not go out with the next user's.
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
        )

    async def aclose(self) -> None:
        """Close all connections."""
        await self._http.aclose()

    async def get(self, url: str, token: str | None, budget: Budget, limit: int = LARGEST) -> Answer | Failed:
        """The answer to a GET of ``url``, which must have been checked; ``token`` is the bearer token.

        ``limit`` is in bytes. No error passes through but cancellation, and none holds the address or the token.
        """
        if token is not None and not _TOKEN.fullmatch(token):
            return Failed("not-authorised")
        first = await self._attempt(url, token, budget, limit)
        if not isinstance(first, _Try):
            return first
        if first.wait is None or first.wait >= budget.left():
            return first.failed
        await self._pause(first.wait)
        second = await self._attempt(url, token, budget, limit)
        return second.failed if isinstance(second, _Try) else second

    async def _attempt(self, url: str, token: str | None, budget: Budget, limit: int) -> Answer | _Try:
        seconds = min(self._timeout, budget.left())
        if seconds <= 0:
            return _Try(Failed("timeout"))
        headers = {} if token is None else {"authorization": f"Bearer {token}"}
        try:
            # The timeouts of the library start anew with each packet; this one is for the whole attempt.
            async with asyncio.timeout(seconds), self._http.stream("GET", url, headers=headers) as response:
                refused = _refusal(response)
                if refused:
                    return refused
                if response.status_code != 200:
                    return Answer(gone=True)
                encoding = response.headers.get("content-encoding", "")
                body = await read_body(response.aiter_raw(), encoding, limit, budget)
        except (TimeoutError, httpx2.TimeoutException):
            return _Try(Failed("timeout"))
        except TooLarge:
            return _Try(Failed("too-large"))
        except Unreadable:
            return _Try(Failed("not-fhir"))
        except (httpx2.HTTPError, httpx2.InvalidURL, httpx2.StreamError, OSError):
            return _Try(Failed("transport"), PAUSE)
        return _parsed(body, limit, budget)


def _refusal(response: httpx2.Response) -> _Try | None:
    """What the status says, or ``None`` for 200, 404 and 410."""
    status = response.status_code
    if status in {200, 404, 410}:
        return None
    if status in {401, 403}:
        return _Try(Failed("not-authorised"))
    if status == 429:
        return _Try(Failed("throttled"), _wait(response))
    if 300 <= status < 400:
        return _Try(Failed("redirect"))
    if 400 <= status < 500:
        return _Try(Failed("status-4xx"))
    if 500 <= status < 600:
        return _Try(Failed("status-5xx"), _wait(response))
    return _Try(Failed("status-other"))


def _wait(response: httpx2.Response) -> float | None:
    """Seconds to wait before the second try; ``None`` if the server asks for more than is worth waiting for."""
    asked = response.headers.get("retry-after")
    if asked is None:
        return PAUSE
    if not _SECONDS.fullmatch(asked) or int(asked) > LONGEST_WAIT:
        return None
    return max(PAUSE, float(asked))


def _parsed(body: bytes, limit: int, budget: Budget) -> Answer | _Try:
    if not budget.take_values(count_values(body)):
        return _Try(Failed("too-large"))
    try:
        return Answer(parse_json(body, Limits(size=limit, depth=DEEPEST)), len(body))
    except IntakeError:
        return _Try(Failed("not-fhir"))
