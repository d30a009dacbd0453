"""One question to a fake server, by a client of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from cds.service.fhir_server.budget import Budget
from cds.service.fhir_server.client import FhirClient
from cds.service.prefetch.state import Failed, Found, Nothing
from tests.service.fhir_server.fake import Fake, Reply, serving

ASK = "Condition?patient=1"
ONE = {"resourceType": "Condition", "id": "c1"}
TWO = {"resourceType": "Condition", "id": "c2"}
PATIENT = {"resourceType": "Patient", "id": "1"}
TOKEN = "secret-token.abc"  # noqa: S105 - invented
State = Nothing | Failed | Found


class Seen:
    """What the observer and the pause between two tries were told."""

    def __init__(self) -> None:
        self.outcomes: list[tuple[str, str]] = []
        self.pauses: list[float] = []

    def observe(self, operation: str, outcome: str, seconds: float) -> None:
        assert seconds >= 0
        self.outcomes.append((operation, outcome))

    async def pause(self, seconds: float) -> None:
        self.pauses.append(seconds)


def run(
    work: Callable[[Fake, FhirClient], Awaitable[Any]], seen: Seen | None = None, timeout: float = 30.0
) -> tuple[Any, Fake]:
    """Run one scenario with a fake server and a client of its own."""
    told = seen or Seen()

    async def scenario() -> tuple[Any, Fake]:
        client = FhirClient(told.observe, timeout=timeout, pause=told.pause)
        async with serving() as fake, client:
            return await work(fake, client), fake

    return asyncio.run(scenario())


def searched(
    *replies: Reply, query: str = ASK, timeout: float = 30.0, seconds: float = 60.0, seen: Seen | None = None
) -> tuple[State, Fake]:
    """What one search gives if the server replies so."""

    async def work(fake: Fake, client: FhirClient) -> State:
        fake.replies[query] = replies
        return await client.search(fake.base, query, None, Budget(seconds))

    return run(work, seen, timeout)
