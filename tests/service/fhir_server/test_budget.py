"""The budget only shrinks."""

from __future__ import annotations

import asyncio
import gzip
from typing import Any

from cds.service.fhir_server.budget import LARGEST, Budget
from cds.service.fhir_server.client import LARGEST_MEDICATION, FhirClient
from cds.service.prefetch.state import Failed, Found
from tests.service.fhir_server.asking import run, searched
from tests.service.fhir_server.fake import Fake, answer, bundle


def test_the_budget_is_what_is_left_of_it() -> None:
    now = 100.0
    budget = Budget(3.0, lambda: now)
    assert budget.left() == 3.0
    now = 102.5
    assert budget.left() == 0.5
    now = 200.0
    assert budget.left() == 0.0


def test_bytes_and_values_are_only_there_once() -> None:
    budget = Budget(1, size=10)
    assert budget.take_bytes(4)
    assert budget.bytes_left == 6
    assert not budget.take_bytes(7)
    assert budget.bytes_left == 0
    assert not budget.take_values(10**9)
    assert budget.take_values(700_000)
    assert not budget.take_values(700_000)


def answers_of(body: bytes, **headers: str) -> list[Any]:
    """What five searches give that share a budget, if each is answered so."""

    async def work(fake: Fake, client: FhirClient) -> list[Any]:
        kinds = [f"Condition?patient={number}" for number in range(5)]
        fake.replies |= dict.fromkeys(kinds, answer(body, **headers))
        budget = Budget(60)
        return await asyncio.gather(*(client.search(fake.base, kind, None, budget) for kind in kinds))

    found: list[Any] = run(work)[0]
    return found


def test_all_answers_to_one_request_share_the_bytes() -> None:
    body = b'{"resourceType":"Bundle","type":"searchset","id":"' + b"x" * (LARGEST // 4) + b'"}'
    for found in (answers_of(body), answers_of(gzip.compress(body), content_encoding="gzip")):
        assert found.count(Found(())) <= 3
        assert found.count(Failed("too-large")) == 5 - found.count(Found(()))


def test_all_answers_to_one_request_share_the_values() -> None:
    body = b'{"resourceType":"Bundle","type":"searchset","x":[' + b"0," * 300_000 + b"0]}"
    found = answers_of(body)
    assert sorted(map(str, found)) == sorted(map(str, [Found(())] * 2 + [Failed("too-large")] * 3))


def test_a_medication_is_small() -> None:
    medication = {"resourceType": "Medication", "id": "1", "note": ""}
    largest = medication | {"note": "x" * (LARGEST_MEDICATION - len(answer(medication).partition(b"\r\n\r\n")[2]))}
    assert searched(answer(largest), query="Medication/1")[0] == Found((largest,))
    larger = medication | {"note": largest["note"] + "x"}
    assert searched(answer(larger), query="Medication/1")[0] == Failed("too-large")
    assert isinstance(searched(answer(bundle(larger)), query="Medication?x=1")[0], Found)
