"""Who is let in, and who is sent away."""

from __future__ import annotations

import asyncio

import pytest

from cds.service.http.admission import Admission
from cds.service.http.outcome import HttpFault


def test_requests_take_turns_in_the_order_they_came() -> None:
    async def run() -> list[str]:
        admission, seen = Admission(10), []

        async def patient(name: str) -> None:
            with admission.enter():
                async with admission.turn():
                    seen.append(f"{name} in")
                    seen.append(f"{name} out")

        await asyncio.gather(*(patient(name) for name in "abc"))
        return seen

    assert asyncio.run(run()) == ["a in", "a out", "b in", "b out", "c in", "c out"]


def test_who_would_wait_too_long_is_refused_at_once() -> None:
    async def run() -> tuple[int, int]:
        admission = Admission(longest_wait=0.01)  # five requests of the two milliseconds that are first assumed
        let_in = refused = 0
        gate = asyncio.Event()

        async def patient() -> None:
            nonlocal let_in, refused
            try:
                with admission.enter():
                    let_in += 1
                    await gate.wait()
            except HttpFault as fault:
                assert fault.status == 503
                assert fault.headers == {"Retry-After": "1"}
                refused += 1

        patients = [asyncio.create_task(patient()) for _ in range(50)]
        await asyncio.sleep(0)
        gate.set()
        await asyncio.gather(*patients)
        assert admission.inside == 0
        return let_in, refused

    assert asyncio.run(run()) == (6, 44)


def test_who_waits_for_somebody_else_keeps_nobody_out() -> None:
    admission = Admission(longest_wait=0.0)
    with admission.enter():
        with pytest.raises(HttpFault), admission.enter():
            pass
        with admission.away(), admission.enter():
            assert admission.inside == 2


def test_there_is_an_end_to_those_who_wait_elsewhere() -> None:
    admission = Admission(longest_wait=10, most=1)
    with admission.enter(), admission.away(), pytest.raises(HttpFault), admission.enter():
        pass


def test_a_failure_inside_gives_the_place_back() -> None:
    async def run() -> int:
        admission = Admission(10)
        with pytest.raises(KeyError), admission.enter():
            async with admission.turn():
                raise KeyError
        async with admission.turn():
            return admission.inside

    assert asyncio.run(run()) == 0
