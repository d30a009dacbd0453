"""A kit for signing, a key server that knows its keys, and a verifier that trusts its clients."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from cds.service.trust import ClientKeys, TokenVerifier, load_trust
from tests.service.trust.key_server import serve_keys
from tests.service.trust.replay import RememberedUses
from tests.service.trust.signing import SigningKit

NOW = 1_790_000_000.25


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def key_server() -> Iterator[str]:
    with serve_keys() as address:
        yield address


@pytest.fixture
def kit(key_server: str) -> SigningKit:
    return SigningKit("https://cds.example.org/cds-services/pack", key_server, lambda: NOW)


@pytest.fixture
def replay() -> RememberedUses:
    return RememberedUses()


@pytest.fixture
async def verifier(kit: SigningKit, replay: RememberedUses, tmp_path: Path) -> AsyncIterator[TokenVerifier]:
    keys = ClientKeys()
    yield TokenVerifier(load_trust(kit.write_trust(tmp_path)), keys, replay, kit.clock)
    await keys.close()
