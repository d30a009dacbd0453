"""Servers that take their time, and connections that break."""

from __future__ import annotations

import asyncio

import pytest

from cds.service.fhir_server.budget import Budget
from cds.service.fhir_server.client import FhirClient
from cds.service.prefetch.state import Failed, Found
from tests.service.fhir_server.asking import ASK, ONE, Seen, State, run, searched
from tests.service.fhir_server.fake import Fake, Reply, answer, bundle, serving
from tests.service.fhir_server.misbehaviour import (
    drip_of_headers,
    drip_of_the_body,
    garbage,
    huge_headers,
    interim_answers,
    never,
    reset,
    reset_in_the_body,
)


@pytest.mark.parametrize("reply", [never, drip_of_headers, drip_of_the_body, interim_answers])
@pytest.mark.parametrize(("timeout", "seconds"), [(0.2, 60.0), (60.0, 0.2)], ids=["own-timeout", "budget"])
def test_a_slow_server(reply: Reply, timeout: float, seconds: float) -> None:
    seen = Seen()
    found, fake = searched(reply, timeout=timeout, seconds=seconds, seen=seen)
    assert found == Failed("timeout")
    assert len(fake.targets) == 1
    assert seen.outcomes == [("search", "timeout")]


def test_nothing_is_asked_when_the_budget_is_used_up() -> None:
    found, fake = searched(answer(bundle(ONE)), seconds=0.0)
    assert found == Failed("timeout")
    assert fake.connections == 0


def test_slow_answers_do_not_use_up_the_connections() -> None:
    async def work(fake: Fake, client: FhirClient) -> State:
        fake.replies |= {"Slow?x=y": never, ASK: answer(bundle(ONE))}
        slow = (client.search(fake.base, "Slow?x=y", None, Budget(0.2)) for _ in range(60))
        assert set(await asyncio.gather(*slow)) == {Failed("timeout")}
        return await client.search(fake.base, ASK, None, Budget(60))

    assert run(work)[0] == Found((ONE,))


@pytest.mark.parametrize("reply", [reset, reset_in_the_body, garbage, huge_headers])
def test_a_connection_that_breaks_is_tried_once_more(reply: Reply) -> None:
    assert searched(reply, answer(bundle(ONE)))[0] == Found((ONE,))
    found, fake = searched(reply)
    assert found == Failed("transport")
    assert len(fake.targets) == 2


def test_a_server_that_is_not_there() -> None:
    async def work(fake: Fake, client: FhirClient) -> State:
        async with serving() as other:
            base = other.base
        return await client.search(base, ASK, None, Budget(60))

    assert run(work)[0] == Failed("transport")
