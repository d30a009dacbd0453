"""Bodies that do not come: they lose their place to those that do."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from cds.service.http import arrivals as module
from cds.service.http.admission import Admission
from cds.service.http.arrivals import PATIENCE, RATE, Arrival, Arrivals
from cds.service.http.body import LARGE, parsed, read_body
from cds.service.http.outcome import HttpFault

SCOPE: dict[str, Any] = {"headers": [(b"content-type", b"application/json")]}


async def never() -> Any:
    await asyncio.Event().wait()


async def stalled(arrivals: Arrivals, client: str | None = None) -> int:
    """The status with which a caller is sent away that sends nothing."""
    try:
        async with arrivals.wait(client):
            await never()
    except HttpFault as fault:
        return fault.status
    raise AssertionError


def test_who_has_waited_longest_gives_way() -> None:
    async def run() -> None:
        arrivals = Arrivals(3)
        tasks = []
        for _ in range(5):
            tasks.append(asyncio.create_task(stalled(arrivals)))
            await asyncio.sleep(0)
        async with arrivals.wait(None):
            pass
        done, _ = await asyncio.wait(tasks[:3])
        assert {task.result() for task in done} == {503}
        assert [task.done() for task in tasks] == [True] * 3 + [False] * 2
        assert len(arrivals) == 2
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        assert len(arrivals) == 0

    asyncio.run(run())


def test_one_client_has_half_of_the_room() -> None:
    async def run() -> None:
        arrivals = Arrivals(8)
        other = asyncio.create_task(stalled(arrivals, "other"))
        await asyncio.sleep(0)
        tasks = [asyncio.create_task(stalled(arrivals, "greedy")) for _ in range(50)]
        await asyncio.wait(tasks[:46])
        assert {task.result() for task in tasks[:46]} == {503}
        assert [task.done() for task in [other, *tasks[46:]]] == [False] * 5
        assert len(arrivals) == 5
        for task in [other, *tasks]:
            task.cancel()
        await asyncio.gather(other, *tasks, return_exceptions=True)
        assert not arrivals._each

    asyncio.run(run())


def test_a_body_that_does_not_come_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PATIENCE", 0.01)
    assert asyncio.run(stalled(Arrivals(2))) == 408


@pytest.mark.parametrize(("size", "more"), [(1, 1 / RATE), (RATE, 1.0), (100 * RATE, 2.0)])
def test_bytes_buy_time_but_never_more_than_the_patience(size: int, more: float) -> None:
    async def run() -> float:
        loop = asyncio.get_running_loop()
        async with asyncio.timeout(PATIENCE) as until:
            until.reschedule(loop.time() + PATIENCE - 2.0)  # two seconds have passed
            before = until.when()
            Arrival(until).came(size)
            after = until.when()
            assert before is not None
            assert after is not None
            assert after <= loop.time() + PATIENCE
            return after - before

    assert asyncio.run(run()) == pytest.approx(more, abs=0.5)


def pieces(*given: bytes) -> Callable[[], Awaitable[Any]]:
    """A body that comes in pieces, and if it ends with nothing, never comes to its end."""
    rest = list(given)

    async def receive() -> Any:
        if not rest:
            return await never()
        body = rest.pop(0)
        return {"type": "http.request", "body": body, "more_body": bool(rest) or given[-1] == b""}

    return receive


def test_bytes_are_held_until_the_request_ends() -> None:
    async def run() -> None:
        admission = Admission(10, most_bytes=10)
        with admission.enter() as place:
            assert await read_body(SCOPE, pieces(b"12", b"345"), admission, place) == b"12345"
            assert admission.bytes_left == 5
            with admission.enter() as other:
                with pytest.raises(HttpFault) as caught:
                    await read_body(SCOPE, pieces(b"123", b"456", b"789"), admission, other)
                assert caught.value.status == 503
                assert caught.value.headers == {"Retry-After": "1", "Connection": "close"}
            assert admission.bytes_left == 5
        assert admission.bytes_left == 10

    asyncio.run(run())


def test_a_length_that_is_only_announced_holds_nothing() -> None:
    async def run() -> int:
        admission = Admission(10)
        scope = {"headers": [*SCOPE["headers"], (b"content-length", b"18000000")]}
        with admission.enter() as place:
            task = asyncio.create_task(read_body(scope, pieces(b"{", b""), admission, place))
            for _ in range(5):
                await asyncio.sleep(0)
            held = place.bytes
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        return held

    assert asyncio.run(run()) == 1


def test_stalled_bodies_leave_half_of_the_places() -> None:
    async def run() -> None:
        admission = Admission(10, most=8)

        async def caller() -> None:
            with admission.enter() as place:
                await read_body(SCOPE, pieces(b"{", b""), admission, place)

        tasks = []
        for _ in range(100):
            tasks.append(asyncio.create_task(caller()))
            for _ in range(6):
                await asyncio.sleep(0)
        assert admission.inside == 4
        with admission.enter() as place:
            assert await read_body(SCOPE, pieces(b"{}"), admission, place) == b"{}"
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    asyncio.run(run())


@pytest.mark.parametrize(("size", "in_turn"), [(LARGE, False), (LARGE + 1, True)])
def test_a_large_body_is_parsed_in_turn(size: int, in_turn: bool) -> None:
    async def run() -> bool:
        admission = Admission(10)
        body = b" " * (size - 2) + b"{}"

        def check(value: Any) -> bool:
            assert value == {}
            return admission._turn.locked()

        mean = admission._mean
        locked = await parsed(body, check, admission)
        assert (admission._mean != mean) == in_turn
        return locked

    assert asyncio.run(run()) == in_turn
