"""Signatures that somebody else made: those of RFC 7520, and those of Node's crypto."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from cds.service.trust import Client, ClientKeys, NotTrusted, TokenVerifier, Trust
from cds.service.trust.bearer import Token
from cds.service.trust.jwk import parse_key_set
from cds.service.trust.verifier import check_signature
from tests.service.trust.conftest import NOW
from tests.service.trust.published import ELLIPTIC_KEY, KEY_ID, PAYLOAD, RSA_KEY, SIGNED
from tests.service.trust.replay import RememberedUses


@pytest.mark.parametrize("algorithm", SIGNED)
def test_published_example(algorithm: str) -> None:
    key = parse_key_set(json.dumps({"keys": [RSA_KEY, ELLIPTIC_KEY]}).encode()).find(KEY_ID, algorithm)
    assert key is not None
    header, signature = SIGNED[algorithm]
    payload = base64.urlsafe_b64decode(PAYLOAD + "=")
    assert payload.decode().startswith("It\N{RIGHT SINGLE QUOTATION MARK}s a dangerous business, Frodo")
    check_signature(Token(f"{header}.{PAYLOAD}.{signature}", algorithm, KEY_ID, None, payload, {}), key)
    changed = PAYLOAD[:-4] + "AAAA"
    with pytest.raises(NotTrusted, match="signature"):
        check_signature(Token(f"{header}.{changed}.{signature}", algorithm, KEY_ID, None, payload, {}), key)


@pytest.mark.anyio
@pytest.mark.skipif(shutil.which("node") is None and os.environ.get("CI") != "true", reason="node is not installed")
async def test_client_in_node(tmp_path: Path) -> None:
    audience, issuer = "https://cds.example.org/cds-services/pack", "https://node.example.org"
    script = Path(__file__).parent / "node_client.mjs"
    done = subprocess.run(["node", script, audience, issuer, str(int(NOW))], capture_output=True, check=True)
    made = json.loads(done.stdout)
    path = tmp_path / "node.json"
    path.write_text(json.dumps({"keys": made["keys"]}), encoding="utf-8")
    trust = Trust((Client("node", issuer, jwks_file=path, algorithms=("ES384", "RS384")),), (), 30, 3600)
    verifier = TokenVerifier(trust, ClientKeys(), RememberedUses(), lambda: NOW)
    assert [(await verifier.verify(header, audience)).name for header in made["headers"]] == ["node", "node"]
