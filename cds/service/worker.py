"""What one worker process holds, from its start to its end."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from cds.decision_support import DecisionSupport
from cds.service.fhir_server import Budget, FhirClient, FhirServers
from cds.service.hooks.pack_service import PackService
from cds.service.http.admission import Admission
from cds.service.observe.metrics import Metrics
from cds.service.observe.readiness import Readiness
from cds.service.observe.self_test import SelfTest
from cds.service.settings import Settings
from cds.service.store import Store
from cds.service.trust import Client, ClientKeys, TokenVerifier, Trust, load_trust

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """The time, in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Worker:
    """One worker. All that lasts is in its ``store``; the rest can be lost at any moment."""

    settings: Settings
    services: dict[str, PackService]
    trust: Trust | None
    verifier: TokenVerifier | None
    keys: ClientKeys | None
    fhir: FhirClient
    store: Store
    metrics: Metrics
    admission: Admission
    readiness: Readiness
    fhir_servers: dict[str | None, FhirServers]
    now: Clock

    @classmethod
    def start(cls, settings: Settings, now: Clock = utc_now) -> Worker:
        """Load the packs and the trust file, open the database, test the engine.

        Raises :class:`PackError`, :class:`TrustFileError`, what :meth:`Store.open` raises, and ``ValueError`` for two
        packs of the same id or an engine that fails its self-test: a worker that is not right does not start.
        """
        supports = [DecisionSupport.load(folder) for folder in settings.packs]
        services = {support.pack.id: PackService(support) for support in supports}
        if len(services) < len(supports):
            raise ValueError("two packs have the same id: serve one of them")
        tests = [SelfTest(support) for support in supports]
        if not all(test.passes() for test in tests):
            raise ValueError("the engine fails its self-test: run 'cds test' and see which cases fail")
        trust = None if settings.trust is None else load_trust(settings.trust)
        store = Store.open(settings.database)
        metrics = Metrics()
        keys = None if trust is None else ClientKeys()
        return cls(
            settings=settings,
            services=services,
            trust=trust,
            keys=keys,
            verifier=None if trust is None or keys is None else TokenVerifier(trust, keys, store),
            fhir=FhirClient(metrics.fhir),
            store=store,
            metrics=metrics,
            admission=Admission(settings.longest_wait),
            readiness=Readiness(tests, store.ping),
            now=now,
            fhir_servers={client.iss: FhirServers(client.fhir_servers) for client in trust.clients}
            if trust
            else {None: FhirServers(settings.fhir_servers)},
        )

    async def stop(self) -> None:
        """Write what waits to be written, and close all connections."""
        await self.fhir.aclose()
        if self.keys is not None:
            await self.keys.close()
        await self.store.close()

    def fhir_base(self, url: str, client: Client | None) -> str | None:
        """The FHIR server that may be called for this client, or ``None`` if it is not listed."""
        return self.fhir_servers[None if client is None else client.iss].base(url)

    def budget(self) -> Budget:
        """The time that the FHIR calls of one request may take, from now."""
        return Budget(self.settings.fhir_seconds, time.monotonic)
