"""The client against a FHIR server that behaves, and what is never asked or told."""

from __future__ import annotations

from typing import Any

import pytest

from cds.service.fhir_server.budget import Budget
from cds.service.fhir_server.client import FhirClient
from cds.service.prefetch.state import Failed, Found, Nothing
from tests.service.fhir_server.asking import ASK, ONE, PATIENT, TOKEN, TWO, Seen, State, run, searched
from tests.service.fhir_server.fake import Fake, answer, bundle


def test_a_search() -> None:
    seen = Seen()
    found, fake = searched(answer(bundle(ONE, TWO)), seen=seen)
    assert found == Found((ONE, TWO))
    assert fake.targets == [f"/fhir/{ASK}"]
    assert fake.headers[0]["accept"] == "application/fhir+json"
    assert "authorization" not in fake.headers[0]
    assert seen.outcomes == [("search", "found")]


def test_a_search_that_finds_no_resource() -> None:
    assert searched(answer(bundle(total=0)))[0] == Found(())


def test_a_read() -> None:
    seen = Seen()
    assert searched(answer(PATIENT), query="Patient/1", seen=seen)[0] == Found((PATIENT,))
    assert seen.outcomes == [("read", "found")]


@pytest.mark.parametrize("status", ["404 Not Found", "410 Gone"])
def test_a_read_of_what_is_not_there(status: str) -> None:
    seen = Seen()
    assert searched(answer(b"", status), query="Patient/1", seen=seen)[0] == Nothing()
    assert seen.outcomes == [("read", "nothing")]


@pytest.mark.parametrize(
    "body", [{"resourceType": "Patient", "id": "2"}, {"resourceType": "Patient"}, ONE, bundle(), bundle(PATIENT, ONE)]
)
def test_a_read_that_gives_something_else(body: Any) -> None:
    assert searched(answer(body), query="Patient/1")[0] == Failed("other-resource")


def test_the_token_goes_with_each_call() -> None:
    async def work(fake: Fake, client: FhirClient) -> State:
        fake.replies[ASK] = answer(bundle(ONE, next_url=f"{fake.base}?page=2"))
        fake.replies["?page=2"] = answer(bundle(TWO))
        return await client.search(fake.base, ASK, TOKEN, Budget(60))

    found, fake = run(work)
    assert found == Found((ONE, TWO))
    assert [one["authorization"] for one in fake.headers] == [f"Bearer {TOKEN}"] * 2


@pytest.mark.parametrize("token", ["", "a b", "a\r\nx: y", "ä", "a" * 20_000, "=", "a\x00"], ids=ascii)
def test_a_token_that_cannot_stand_in_a_header_is_not_sent(token: str) -> None:
    async def work(fake: Fake, client: FhirClient) -> State:
        return await client.search(fake.base, ASK, token, Budget(60))

    found, fake = run(work)
    assert found == Failed("not-authorised")
    assert fake.connections == 0


def test_connections_are_kept_and_cookies_are_not() -> None:
    async def work(fake: Fake, client: FhirClient) -> None:
        fake.replies[ASK] = answer(bundle(), set_cookie="session=alice; Path=/")
        for _ in range(3):
            await client.search(fake.base, ASK, None, Budget(60))

    _, fake = run(work)
    assert fake.connections == 1
    assert len(fake.targets) == 3
    assert not any("cookie" in headers for headers in fake.headers)


@pytest.mark.parametrize("query", ["../Patient/1", "//evil.example/Patient", "$export", "Patient/1#x"])
def test_a_query_that_is_none(query: str) -> None:
    async def work(fake: Fake, client: FhirClient) -> None:
        with pytest.raises(ValueError, match="a FHIR read"):
            await client.search(fake.base, query, None, Budget(60))

    assert run(work)[1].connections == 0


@pytest.mark.parametrize("base", ["http://localhost:1/fhir", "https://u@ehr.example.org/fhir", "http://10.0.0.1/fhir"])
def test_a_base_that_could_not_be_listed(base: str) -> None:
    async def work(fake: Fake, client: FhirClient) -> None:
        with pytest.raises(ValueError, match=r"base address|plain http"):
            await client.search(base, ASK, None, Budget(60))

    run(work)
