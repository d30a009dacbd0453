"""A server must prove who it is."""

from __future__ import annotations

import asyncio
import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from cds.service.fhir_server import Budget, FhirClient
from cds.service.prefetch.state import Failed, Found
from tests.service.fhir_server.asking import ASK, ONE, State
from tests.service.fhir_server.fake import answer, bundle, serving


def certificate(folder: Path, host: x509.GeneralName, until: timedelta) -> Path:
    """A certificate for ``host`` that signs itself, with its key, in one PEM file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test")])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=2))
        .not_valid_after(now + until)
        .add_extension(x509.SubjectAlternativeName([host]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file = folder / "server.pem"
    file.write_bytes(secret + signed.public_bytes(serialization.Encoding.PEM))
    return file


def asked(pem: Path, trusted: ssl.SSLContext | None) -> tuple[State, list[str]]:
    """What a search over TLS gives, and what the server saw of it."""

    async def pause(_: float) -> None:
        return None

    async def scenario() -> tuple[State, list[str]]:
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(pem)
        async with serving(tls) as fake, FhirClient(tls=trusted, timeout=30.0, pause=pause) as client:
            fake.replies[ASK] = answer(bundle(ONE))
            return await client.search(fake.base, ASK, "token", Budget(60)), fake.targets

    return asyncio.run(scenario())


HERE = x509.IPAddress(IPv4Address("127.0.0.1"))


def test_a_server_whose_authority_is_trusted(tmp_path: Path) -> None:
    pem = certificate(tmp_path, HERE, timedelta(days=1))
    assert asked(pem, ssl.create_default_context(cafile=pem))[0] == Found((ONE,))


def test_a_server_whose_authority_is_not_trusted(tmp_path: Path) -> None:
    pem = certificate(tmp_path, HERE, timedelta(days=1))
    assert asked(pem, None) == (Failed("transport"), [])


@pytest.mark.parametrize(
    ("host", "until"),
    [(x509.DNSName("ehr.example.org"), timedelta(days=1)), (HERE, timedelta(days=-1))],
    ids=["of-another-host", "expired"],
)
def test_a_certificate_that_does_not_hold(tmp_path: Path, host: x509.GeneralName, until: timedelta) -> None:
    pem = certificate(tmp_path, host, until)
    assert asked(pem, ssl.create_default_context(cafile=pem)) == (Failed("transport"), [])
