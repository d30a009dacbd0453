"""One key set fetched from its address, within bounds of time and size."""

from __future__ import annotations

import asyncio
import ssl
from typing import Final

import httpx2

from cds.service.trust.jwk import LARGEST_SET, KeySet, KeySetError, parse_key_set

DEADLINE_SECONDS: Final = 5.0
"""For the whole exchange: the timeouts of httpx2 start anew with each byte of a slow server."""

_STEP_SECONDS: Final = 2.0
_HEADERS: Final = {
    "Accept": "application/jwk-set+json, application/json",
    # A small compressed answer could unpack to one of any size.
    "Accept-Encoding": "identity",
}


def key_server_client() -> httpx2.AsyncClient:
    """An HTTP client for key servers: no redirects, and no proxy or password from the environment.

    Certificates are checked against the authorities of the system, where a hospital's own can be added.
    """
    authorities = ssl.create_default_context()
    return httpx2.AsyncClient(verify=authorities, follow_redirects=False, trust_env=False, timeout=_STEP_SECONDS)


async def fetch_key_set(http: httpx2.AsyncClient, address: str) -> KeySet:
    """The key set at ``address``. Raises :class:`KeySetError`, whose text says why there is none."""
    try:
        async with asyncio.timeout(DEADLINE_SECONDS):
            return parse_key_set(await _body(http, address))
    except TimeoutError:
        raise KeySetError("no answer in time") from None
    except (httpx2.HTTPError, httpx2.InvalidURL, httpx2.StreamError, OSError) as error:
        raise KeySetError(type(error).__name__) from None


async def _body(http: httpx2.AsyncClient, address: str) -> bytes:
    body = bytearray()
    async with http.stream(
        "GET", address, headers=_HEADERS, follow_redirects=False, timeout=_STEP_SECONDS, auth=None
    ) as response:
        if response.status_code != httpx2.codes.OK:
            raise KeySetError(f"status {response.status_code}")
        if response.headers.get("Content-Encoding", "identity").lower() != "identity":
            raise KeySetError("compressed although not asked to")
        async for chunk in response.aiter_bytes():
            body += chunk
            if len(body) > LARGEST_SET:
                raise KeySetError(f"more than {LARGEST_SET} bytes")
    return bytes(body)
