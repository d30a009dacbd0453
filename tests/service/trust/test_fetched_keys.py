"""Keys from a key server: asked rarely, shared, rotated, and kept for a while when the server fails."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx2
import pytest

from cds.service.trust import NotTrusted
from cds.service.trust import fetch as fetch_module
from cds.service.trust.fetch import DEADLINE_SECONDS, key_server_client
from cds.service.trust.fetched_keys import FRESH_SECONDS, KEEP_SECONDS, MOST_WAITING, RETRY_SECONDS, FetchedKeys
from cds.service.trust.jwk import LARGEST_SET
from tests.service.trust.keys import elliptic
from tests.service.trust.signing import key_set

pytestmark = pytest.mark.anyio

ADDRESS = "https://keys.example.org/jwks.json?secret=1"
DAY = 86400.0


def keys(*ids: str) -> dict[str, Any]:
    return key_set({kid: ("ES384", elliptic("P-384", kid)) for kid in ids})


class Server:
    """A key server whose answer can be set, and a clock that goes when told."""

    def __init__(self) -> None:
        self.answer: Callable[[], httpx2.Response] = lambda: httpx2.Response(200, json=keys("old"))
        self.requests: list[httpx2.Request] = []
        self.now = DAY

    async def __call__(self, request: httpx2.Request) -> httpx2.Response:
        self.requests.append(request)
        await asyncio.sleep(0)
        return self.answer()

    def fetched(self) -> FetchedKeys:
        http = httpx2.AsyncClient(transport=httpx2.MockTransport(self), follow_redirects=True)
        return FetchedKeys(ADDRESS, http, lambda: self.now)

    def publish(self, *ids: str) -> None:
        self.answer = lambda: httpx2.Response(200, json=keys(*ids))

    def fail(self) -> None:
        self.answer = lambda: httpx2.Response(503)


async def reason(found: FetchedKeys, kid: str) -> str:
    """The id of the key, or why there is none."""
    try:
        return (await found.find(kid, "ES384")).kid
    except NotTrusted as error:
        return error.reason


async def test_asked_once_while_fresh() -> None:
    server = Server()
    found = server.fetched()
    for _ in range(5):
        assert await reason(found, "old") == "old"
        server.now += FRESH_SECONDS / 6
    assert len(server.requests) == 1


async def test_concurrent_callers_share_one_fetch() -> None:
    server = Server()
    found = server.fetched()
    assert set(await asyncio.gather(*(reason(found, "old") for _ in range(50)))) == {"old"}
    assert len(server.requests) == 1


async def test_rotation_is_seen_at_the_first_unknown_id() -> None:
    server = Server()
    found = server.fetched()
    await reason(found, "old")
    server.publish("old", "new")
    server.now += RETRY_SECONDS
    assert await reason(found, "new") == "new"
    assert len(server.requests) == 2


async def test_withdrawn_key_is_trusted_no_longer_than_fresh() -> None:
    server = Server()
    found = server.fetched()
    await reason(found, "old")
    server.publish("new")
    server.now += FRESH_SECONDS - 1
    assert await reason(found, "old") == "old"
    server.now += 1
    assert await reason(found, "old") == "unknown-key"


async def test_withdrawing_all_keys_counts() -> None:
    server = Server()
    found = server.fetched()
    await reason(found, "old")
    server.publish()
    server.now += FRESH_SECONDS
    assert await reason(found, "old") == "unknown-key"


async def test_unknown_ids_cannot_flood_the_server() -> None:
    server = Server()
    found = server.fetched()
    await reason(found, "old")
    for index in range(200):
        server.now += 0.5
        assert await reason(found, f"unknown-{index}") == "unknown-key"
    assert len(server.requests) <= 1 + 100 / RETRY_SECONDS
    assert len(server.requests) > 1
    assert await reason(found, "old") == "old"


async def test_keys_outlive_an_outage_for_a_bounded_time(caplog: pytest.LogCaptureFixture) -> None:
    server = Server()
    found = server.fetched()
    await reason(found, "old")
    server.fail()
    server.now += KEEP_SECONDS - 1
    assert await reason(found, "old") == "old"
    assert await reason(found, "new") == "unknown-key"
    server.now += 1
    assert await reason(found, "old") == "keys-unavailable"
    assert "no keys from https://keys.example.org/jwks.json: status 503" in caplog.text
    assert "secret" not in "".join(record.getMessage() for record in caplog.records if record.name.startswith("cds."))
    server.publish("old")
    server.now += RETRY_SECONDS
    assert await reason(found, "old") == "old"


async def test_server_that_is_down_is_asked_once_in_an_interval() -> None:
    server = Server()
    server.fail()
    found = server.fetched()
    for _ in range(20):
        assert await reason(found, "old") == "keys-unavailable"
    assert len(server.requests) == 1
    server.publish("old")
    server.now += RETRY_SECONDS
    assert await reason(found, "old") == "old"


async def test_caller_who_hangs_up_does_not_end_the_fetch_of_others() -> None:
    server = Server()
    found = server.fetched()
    first, second = (asyncio.create_task(reason(found, "old")) for _ in range(2))
    await asyncio.sleep(0)
    first.cancel()
    assert await second == "old"
    assert len(server.requests) == 1


async def test_only_some_wait_for_a_key_server_that_hangs() -> None:
    server = Server()
    found = server.fetched()
    callers = [asyncio.create_task(reason(found, "old")) for _ in range(MOST_WAITING + 100)]
    done, waiting = await asyncio.wait(callers, return_when=asyncio.FIRST_COMPLETED)
    assert len(done) == 100
    assert {task.result() for task in done} == {"keys-unavailable"}
    assert set(await asyncio.gather(*waiting)) == {"old"}
    server.now += FRESH_SECONDS
    callers = [asyncio.create_task(reason(found, "old")) for _ in range(MOST_WAITING + 100)]
    assert set(await asyncio.gather(*callers)) == {"old"}, "those who cannot wait use the keys there are"
    server.now += RETRY_SECONDS
    reasons = await asyncio.gather(*(reason(found, "new") for _ in range(MOST_WAITING + 1)))
    assert sorted(set(reasons)) == ["keys-unavailable", "unknown-key"]
    assert len(server.requests) == 3


async def test_close_ends_a_fetch() -> None:
    server = Server()
    found = server.fetched()
    caller = asyncio.create_task(reason(found, "old"))
    while not server.requests:
        await asyncio.sleep(0)
    await found.close()
    with pytest.raises(asyncio.CancelledError):
        await caller
    await found.close()


class _Endless(httpx2.AsyncByteStream):
    def __init__(self) -> None:
        self.sent = 0

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while True:
            self.sent += 4096
            yield b" " * 4096


def _refused_connection() -> httpx2.Response:
    raise httpx2.ConnectError("refused")


@pytest.mark.parametrize(
    ("why", "answer"),
    [
        ("status 302", lambda: httpx2.Response(302, headers={"Location": "https://evil.example.com"})),
        ("status 307", lambda: httpx2.Response(307, headers={"Location": "/jwks2.json"})),
        ("status 204", lambda: httpx2.Response(204)),
        ("status 404", lambda: httpx2.Response(404, json=keys("old"))),
        ("not JSON", lambda: httpx2.Response(200, text="<html>sign in</html>")),
        ("not JSON", lambda: httpx2.Response(200, content=b"[" * 100_000)),
        ("not JSON", lambda: httpx2.Response(200, content=b'{"keys":[],"keys":[]}')),
        ("no list 'keys'", lambda: httpx2.Response(200, json=[])),
        ("no list 'keys'", lambda: httpx2.Response(200, json={"keys": {}})),
        ("more than 100 keys", lambda: httpx2.Response(200, json={"keys": [{}] * 101})),
        ("more than 262144 bytes", lambda: httpx2.Response(200, content=json.dumps(keys("old")) + " " * LARGEST_SET)),
        ("more than 262144 bytes", lambda: httpx2.Response(200, stream=_Endless())),
        ("compressed", lambda: httpx2.Response(200, headers={"Content-Encoding": "gzip"}, stream=_Endless())),
        ("ConnectError", _refused_connection),
    ],
)
async def test_answers_that_are_no_keys(
    why: str, answer: Callable[[], httpx2.Response], caplog: pytest.LogCaptureFixture
) -> None:
    server = Server()
    server.answer = answer
    assert await reason(server.fetched(), "old") == "keys-unavailable"
    assert f"jwks.json: {why}" in caplog.text
    assert [str(request.url) for request in server.requests] == [ADDRESS]


async def test_endless_answer_is_read_to_the_limit_only() -> None:
    server, stream = Server(), _Endless()
    server.answer = lambda: httpx2.Response(200, stream=stream)
    await reason(server.fetched(), "old")
    assert LARGEST_SET < stream.sent <= LARGEST_SET + 4096


async def test_slow_answer_ends_at_the_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    class Silent(httpx2.AsyncByteStream):
        async def __aiter__(self) -> AsyncIterator[bytes]:
            await asyncio.Event().wait()
            yield b""

    assert DEADLINE_SECONDS < 10
    monkeypatch.setattr(fetch_module, "DEADLINE_SECONDS", 0.01)
    server = Server()
    server.answer = lambda: httpx2.Response(200, stream=Silent())
    assert await reason(server.fetched(), "old") == "keys-unavailable"


async def test_request_carries_nothing_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    server = Server()
    await reason(server.fetched(), "old")
    headers = server.requests[0].headers
    assert headers["Accept-Encoding"] == "identity"
    assert "authorization" not in headers
    assert "cookie" not in headers
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
    async with key_server_client() as own:
        assert not own.follow_redirects
        assert not own.trust_env


async def test_keys_that_are_not_used_are_named_for_the_operator(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "cds")
    server = Server()
    server.answer = lambda: httpx2.Response(200, json={"keys": [{"kty": "oct", "kid": "s", "k": "c2VjcmV0"}]})
    assert await reason(server.fetched(), "s") == "unknown-key"
    assert "key 0 at https://keys.example.org/jwks.json is not used" in caplog.text
    assert "c2VjcmV0" not in caplog.text
