"""No attack of the table is trusted, each is refused for its own reason, and nothing of a token is told."""

from __future__ import annotations

import logging

import pytest

from cds.service.trust import REASONS, NotTrusted, TokenVerifier
from tests.service.trust.attacks import ATTACKS
from tests.service.trust.signing import SigningKit

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("name", ATTACKS)
async def test_attack_is_refused(
    name: str, kit: SigningKit, verifier: TokenVerifier, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    assert (await verifier.verify(kit.spent, kit.audience)).name == "ehr"
    authorization = ATTACKS[name](kit)
    with pytest.raises(NotTrusted) as refused:
        await verifier.verify(authorization, kit.audience)
    assert refused.value.reason == ATTACKS[name].reason
    assert refused.value.reason in REASONS
    assert str(refused.value) == refused.value.reason
    assert refused.value.__cause__ is None
    parts = [part for part in authorization.split(".") if len(part) > 10]
    assert not [part for part in parts if part in caplog.text]


async def test_no_header(kit: SigningKit, verifier: TokenVerifier) -> None:
    with pytest.raises(NotTrusted, match="no-token"):
        await verifier.verify(None, kit.audience)


def test_each_reason_has_an_attack() -> None:
    assert {attack.reason for attack in ATTACKS.values()} == REASONS
