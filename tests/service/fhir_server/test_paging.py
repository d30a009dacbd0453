"""Pages are followed below the base only, and what cannot be followed is never silently left out."""

from __future__ import annotations

from typing import Any

import pytest

from cds.service.fhir_server.budget import Budget
from cds.service.fhir_server.client import FhirClient
from cds.service.prefetch.state import Failed, Found
from tests.service.fhir_server.asking import ASK, ONE, TOKEN, TWO, Seen, State, run
from tests.service.fhir_server.fake import Fake, Reply, answer, bundle, serving


def first_then(second: Reply, next_url: str = "{base}?page=2", seen: Seen | None = None) -> tuple[State, Fake]:
    """A search whose first page has ONE and leads to ``next_url``."""

    async def work(fake: Fake, client: FhirClient) -> State:
        fake.replies[ASK] = answer(bundle(ONE, next_url=next_url.format(base=fake.base)))
        fake.replies["?page=2"] = fake.replies["Condition?page=2"] = second
        return await client.search(fake.base, ASK, None, Budget(60))

    found, fake = run(work, seen)
    return found, fake


@pytest.mark.parametrize("next_url", ["{base}?page=2", "{base}/Condition?page=2", "?page=2", "Condition?page=2"])
def test_the_second_page(next_url: str) -> None:
    found, fake = first_then(answer(bundle(TWO)), next_url)
    assert found == Found((ONE, TWO))
    assert len(fake.targets) == 2


BROKEN = {
    "gone": answer(b"", "404 Not Found"),
    "expired": answer({"resourceType": "OperationOutcome"}, "410 Gone"),
    "fault": answer(b"", "500 Oops"),
    "redirect": answer(b"", "302 Found", location="http://169.254.169.254/"),
    "not-fhir": answer(b"<html>"),
    "outcome": answer({"resourceType": "OperationOutcome"}),
    "too-large": answer(b" " * (16 * 1024 * 1024)),
}


@pytest.mark.parametrize("second", BROKEN.values(), ids=BROKEN)
def test_what_was_found_is_kept_when_a_later_page_fails(second: Reply) -> None:
    seen = Seen()
    assert first_then(second, seen=seen)[0] == Found((ONE,), partial=True, lost=True)
    assert seen.outcomes == [("search", "partial")]


def test_a_page_elsewhere_is_not_asked_for() -> None:
    async def work(fake: Fake, client: FhirClient) -> State:
        async with serving() as other:
            fake.replies[ASK] = answer(bundle(ONE, next_url=f"{other.base}?page=2"))
            other.replies["?page=2"] = answer(bundle(TWO))
            found = await client.search(fake.base, ASK, TOKEN, Budget(60))
            assert other.connections == 0
            return found

    assert run(work)[0] == Found((ONE,), partial=True, lost=True)


@pytest.mark.parametrize(
    "next_url", ["{base}/../admin", "{base}/%2e%2e/admin", "{base}#x", "", "http://169.254.169.254/"]
)
def test_a_next_link_that_leads_astray(next_url: str) -> None:
    found, fake = first_then(answer(bundle(TWO)), next_url)
    assert found == Found((ONE,), partial=True, lost=bool(next_url))
    assert len(fake.targets) == 1


@pytest.mark.parametrize("back", [ASK, "?page=2"], ids=["to-the-first", "to-itself"])
def test_a_loop_ends(back: str) -> None:
    async def work(fake: Fake, client: FhirClient) -> State:
        fake.replies[ASK] = answer(bundle(ONE, next_url="?page=2"))
        fake.replies["?page=2"] = answer(bundle(TWO, next_url=back))
        return await client.search(fake.base, ASK, None, Budget(60))

    found, fake = run(work)
    assert found == Found((ONE, TWO), partial=True, lost=True)
    assert len(fake.targets) == 2


def pages(fake: Fake, number: int, **elements: Any) -> None:
    """A search of ``number`` pages with one resource each."""
    for page in range(1, number + 1):
        following = f"{fake.base}?page={page + 1}" if page < number else None
        resource = {"resourceType": "Condition", "id": str(page)}
        reply = answer(bundle(resource, next_url=following, **elements))
        fake.replies[ASK if page == 1 else f"?page={page}"] = reply


@pytest.mark.parametrize(("number", "asked", "partial"), [(20, 20, False), (21, 20, True), (500, 20, True)])
def test_there_is_a_last_page(number: int, asked: int, partial: bool) -> None:
    async def work(fake: Fake, client: FhirClient) -> State:
        pages(fake, number, total=number)
        return await client.search(fake.base, ASK, None, Budget(60))

    found, fake = run(work)
    assert isinstance(found, Found)
    assert (len(found.resources), found.partial, len(fake.targets)) == (asked, partial, asked)


def test_fewer_pages_if_so_wished() -> None:
    async def work(fake: Fake, client: FhirClient) -> State:
        pages(fake, 3)
        return await client.search(fake.base, ASK, None, Budget(60), pages=1)

    found, fake = run(work)
    assert found == Found(({"resourceType": "Condition", "id": "1"},), partial=True, lost=True)
    assert len(fake.targets) == 1


def test_fewer_matches_than_the_server_says_there_are() -> None:
    async def work(fake: Fake, client: FhirClient) -> State:
        pages(fake, 2, total=3)
        return await client.search(fake.base, ASK, None, Budget(60))

    found, _ = run(work)
    assert isinstance(found, Found)
    assert found.partial


def test_all_pages_together_are_bounded() -> None:
    async def work(fake: Fake, client: FhirClient) -> State:
        text = "x" * (6 * 1024 * 1024)
        for page in range(1, 6):
            resource = {"resourceType": "Condition", "id": str(page), "note": text}
            reply = answer(bundle(resource, next_url=f"?page={page + 1}"))
            fake.replies[ASK if page == 1 else f"?page={page}"] = reply
        return await client.search(fake.base, ASK, None, Budget(60))

    found, fake = run(work)
    assert isinstance(found, Found)
    assert (len(found.resources), found.partial, len(fake.targets)) == (2, True, 3)


def test_a_budget_that_ends_between_two_pages() -> None:
    now = [0.0]
    budget = Budget(10.0, lambda: now[0])

    async def work(fake: Fake, client: FhirClient) -> State:
        async def slow(writer: Any) -> None:
            writer.write(answer(bundle(ONE, next_url="?page=2")))
            now[0] = 11.0
            await writer.drain()

        fake.replies |= {ASK: slow, "?page=2": answer(bundle(TWO))}
        return await client.search(fake.base, ASK, None, budget)

    found, fake = run(work)
    assert found == Found((ONE,), partial=True, lost=True)
    assert len(fake.targets) == 1


# The first page came with the request


def completed(found: Found, *replies: Reply, seen: Seen | None = None) -> tuple[State, Fake]:
    async def work(fake: Fake, client: FhirClient) -> State:
        fake.replies["?page=2"] = replies
        return await client.complete(fake.base, found, TOKEN, Budget(60))

    return run(work, seen)


def test_a_prefetched_page_is_completed() -> None:
    seen = Seen()
    # The total is that of the whole search, so it says nothing about the second page alone.
    found, fake = completed(Found((ONE,), "?page=2"), answer(bundle(TWO, total=2)), seen=seen)
    assert found == Found((ONE, TWO))
    assert fake.headers[0]["authorization"] == f"Bearer {TOKEN}"
    assert seen.outcomes == [("follow", "found")]


def test_a_prefetched_page_that_is_complete_is_not_asked_for() -> None:
    found, fake = completed(Found((ONE,)))
    assert found == Found((ONE,))
    assert fake.connections == 0


@pytest.mark.parametrize("partial", [True, False])
def test_a_prefetched_page_that_was_partial_stays_so(partial: bool) -> None:
    assert completed(Found((ONE,), "?page=2", partial), answer(bundle(TWO)))[0] == Found((ONE, TWO), partial=partial)


def test_a_prefetched_page_whose_next_page_fails() -> None:
    assert completed(Found((ONE,), "?page=2"), answer(b"<"))[0] == Found((ONE,), partial=True, lost=True)


def test_a_prefetched_page_whose_next_page_is_elsewhere() -> None:
    seen = Seen()
    found, fake = completed(Found((ONE,), "http://169.254.169.254/latest/meta-data/"), seen=seen)
    assert found == Found((ONE,), partial=True, lost=True)
    assert fake.connections == 0
    assert seen.outcomes == [("follow", "next-elsewhere")]


def test_following_says_why_it_failed() -> None:
    async def work(fake: Fake, client: FhirClient) -> list[State]:
        fake.replies["?page=2"] = answer(b"", "403 No")
        return [
            await client.follow(fake.base, url, None, Budget(60)) for url in ("?page=2", "https://evil.example/?page=2")
        ]

    assert run(work)[0] == [Failed("not-authorised"), Failed("next-elsewhere")]
