"""Addresses that two readers could take for two places are not accepted in the trust file."""

from __future__ import annotations

import pytest

from cds.service.trust.address import address_fault, is_loopback, origin_fault


@pytest.mark.parametrize(
    "text",
    [
        "https://ehr.example.org/jwks.json",
        "https://ehr.example.org",
        "https://ehr.example.org:8443/a/b/",
        "https://[2001:db8::1]/jwks.json",
        "https://192.0.2.1/jwks.json",
        "https://xn--bcher-kva.example/jwks.json",
        "https://ehr.example.org/a%20b",
        "http://127.0.0.1:8080/jwks.json",
        "http://127.9.9.9/jwks.json",
        "http://[::1]:8080/jwks.json",
    ],
)
def test_accepted(text: str) -> None:
    assert address_fault(text) is None


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "address-form"),
        ("ehr.example.org/jwks.json", "address-form"),
        ("https:///jwks.json", "address-form"),
        ("https:jwks.json", "address-form"),
        ("HTTPS://ehr.example.org", "address-form"),
        ("https://EHR.example.org", "address-form"),
        ("https://ehr.example.org/a b", "address-form"),
        ("https://ehr.example.org/a\nb", "address-form"),
        ("https://ehr.example.org\\@evil.example.com", "address-form"),
        ("https://b\xfccher.example", "address-form"),
        ("https://ehr.example.org:0/", "address-form"),
        ("https://ehr.example.org:/", "address-form"),
        ("https://ehr.example.org:99999/", "address-form"),
        ("https://ehr.example.org:https/", "address-form"),
        ("https://ehr%2eexample.org/", "address-form"),
        ("https://ehr..example.org/", "address-form"),
        ("https://ehr.example.org./", "address-form"),
        ("https://[::1", "address-form"),
        ("https://ehr.example.org/a/../b", "address-form"),
        ("https://ehr.example.org/./b", "address-form"),
        ("https://ehr.example.org/" + "a" * 2000, "address-form"),
        ("file:///etc/hostname", "address-form"),
        ("ftp://ehr.example.org/jwks.json", "address-scheme"),
        ("http://ehr.example.org/jwks.json", "address-scheme"),
        ("http://localhost/jwks.json", "address-scheme"),
        ("http://127.0.0.1.example.org/", "address-scheme"),
        ("http://127.1/", "address-scheme"),
        ("http://2130706433/", "address-scheme"),
        ("http://0.0.0.0/", "address-scheme"),
        ("http://169.254.169.254/", "address-scheme"),
        ("https://user@ehr.example.org/", "address-user"),
        ("https://user:secret@ehr.example.org/", "address-user"),
        ("https://@ehr.example.org/", "address-user"),
        ("https://ehr.example.org/?a=b", "address-query"),
        ("https://ehr.example.org/?", "address-query"),
        ("https://ehr.example.org/#a", "address-fragment"),
        ("https://ehr.example.org/#", "address-fragment"),
    ],
)
def test_refused(text: str, fault: str) -> None:
    assert address_fault(text) == fault


def test_key_addresses_may_have_a_query() -> None:
    assert address_fault("https://ehr.example.org/keys?tenant=1", query=True) is None


@pytest.mark.parametrize("text", ["*", "https://ehr.example.org", "http://localhost:8080", "http://127.0.0.1:3000"])
def test_origin_accepted(text: str) -> None:
    assert origin_fault(text) is None


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("https://ehr.example.org/", "origin-form"),
        ("https://ehr.example.org:443", "origin-form"),
        ("http://127.0.0.1:80", "origin-form"),
        ("https://ehr.example.org/app", "origin-form"),
        ("http://ehr.example.org", "address-scheme"),
        ("https://*.example.org", "address-form"),
        ("null", "address-form"),
    ],
)
def test_origin_refused(text: str, fault: str) -> None:
    assert origin_fault(text) == fault


def test_loopback() -> None:
    assert [is_loopback(host) for host in ("127.0.0.1", "::1", "localhost", "10.0.0.1", "")] == [
        True,
        True,
        False,
        False,
        False,
    ]
