"""Addresses that a request may carry to reach what it should not: refused, and nobody is called."""

from __future__ import annotations

import asyncio
import socket

import pytest

from cds.service.fhir_server import Budget, FhirClient, FhirServers
from cds.service.prefetch.state import Found
from tests.service.fhir_server.asking import ASK, ONE
from tests.service.fhir_server.fake import answer, bundle, serving

LISTED = "http://127.0.0.1:{listed}/fhir"
HOSTILE = [
    "http://127.0.0.1:{other}/fhir",
    "http://127.0.0.1:{other}/fhir/",
    "http://127.0.0.1:{listed}@127.0.0.1:{other}/fhir",
    "http://127.0.0.1:{listed}\\@127.0.0.1:{other}/fhir",
    "http://127.0.0.1:{other}#@127.0.0.1:{listed}/fhir",
    "http://127.0.0.1:{other}?@127.0.0.1:{listed}/fhir",
    "http://127.0.0.1:{other}\\@127.0.0.1:{listed}/fhir",
    "http://127.0.0.1:{listed}:{other}/fhir",
    "http://localhost:{other}/fhir",
    "http://[::1]:{other}/fhir",
    "http://[::ffff:127.0.0.1]:{other}/fhir",
    "http://0.0.0.0:{other}/fhir",
    "http://0:{other}/fhir",
    "http://127.1:{other}/fhir",
    "http://2130706433:{other}/fhir",
    "http://0x7f000001:{other}/fhir",
    "http://0177.0.0.1:{other}/fhir",
    "http://127\u30020\u30020\u30021:{other}/fhir",
    "http://\uff11\uff12\uff17.0.0.1:{other}/fhir",
    "http://\u2460\u2461\u2466.0.0.1:{other}/fhir",
    "http://127.0.0.1.nip.io:{other}/fhir",
    "http://localhost.:{other}/fhir",
    "http://127.0.0.1.:{other}/fhir",
    "http://%31%32%37.0.0.1:{other}/fhir",
    "http://169.254.169.254/latest/meta-data/",
    "http://metadata.google.internal/computeMetadata/v1/",
    "http://[fd00:ec2::254]/latest/meta-data/",
    "https://127.0.0.1:{other}/fhir",
    "file:///etc/passwd",
    "unix:/var/run/docker.sock",
]


class Guard:
    """A client behind the allow-list, as the service uses the two."""

    def __init__(self, listed: int) -> None:
        self.servers = FhirServers([LISTED.format(listed=listed)])

    async def ask(self, url: str) -> object:
        base = self.servers.base(url)
        if base is None:
            return None
        async with FhirClient(timeout=5.0) as client:
            return await client.search(base, ASK, None, Budget(5))


@pytest.mark.parametrize("url", HOSTILE, ids=ascii)
def test_nobody_is_called(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async def scenario() -> None:
        async with serving() as listed, serving() as other:
            listed.replies[ASK] = other.replies[ASK] = answer(bundle(ONE))
            ports = {"listed": listed.base.split(":")[2][:-5], "other": other.base.split(":")[2][:-5]}
            guard = Guard(int(ports["listed"]))
            with monkeypatch.context() as patch:
                patch.setattr(socket, "getaddrinfo", _no_look_up)
                assert await guard.ask(url.format(**ports)) is None
            assert listed.connections == other.connections == 0

    asyncio.run(scenario())


def _no_look_up(*_: object, **__: object) -> object:
    raise AssertionError("a name was looked up")


def test_the_listed_server_is_called_and_the_other_would_have_answered() -> None:
    """Without this, a guard that never calls anybody would pass."""

    async def scenario() -> None:
        async with serving() as listed, serving() as other:
            listed.replies[ASK] = other.replies[ASK] = answer(bundle(ONE))
            for server in (listed, other):
                guard = Guard(int(server.base.split(":")[2][:-5]))
                assert await guard.ask(server.base) == Found((ONE,))
                assert server.connections == 1

    asyncio.run(scenario())


def test_the_way_to_the_server_does_not_depend_on_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy of the environment would see every token."""

    async def scenario() -> None:
        async with serving() as listed, serving() as proxy:
            listed.replies[ASK] = answer(bundle(ONE))
            for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
                monkeypatch.setenv(name, proxy.base.removesuffix("/fhir"))
            for name in ("no_proxy", "NO_PROXY"):
                monkeypatch.delenv(name, raising=False)
            guard = Guard(int(listed.base.split(":")[2][:-5]))
            assert await guard.ask(listed.base) == Found((ONE,))
            assert proxy.connections == 0

    asyncio.run(scenario())
