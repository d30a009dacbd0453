"""Queries and next pages stay below the base."""

from __future__ import annotations

from urllib.parse import urlsplit

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cds.service.fhir_server.page_url import LONGEST, page_url, request

BASE = "https://ehr.example.org/fhir"


@pytest.mark.parametrize(
    "below",
    [
        "?_getpages=8d2c1f6e-1d3b&_getpagesoffset=20&_count=20&_bundletype=searchset",
        "/?_getpages=8d2c1f6e",
        "/Condition?patient=1&_offset=20",
        "/Condition?patient=1&ct=W3sidG9rZW4iOiIrUklE%3D%3D",
        "/Condition/_search?page=2",
        "/Observation?code=http://loinc.org|8310-5,http%3A%2F%2Floinc.org%7C8331-1",
        "/page/abc123==",
        "",
    ],
)
def test_pages_of_known_servers(below: str) -> None:
    assert page_url(BASE, BASE + below) == BASE + below


@pytest.mark.parametrize(("url", "page"), [("?_page=2", f"{BASE}?_page=2"), ("Condition?p=2", f"{BASE}/Condition?p=2")])
def test_a_relative_address_starts_at_the_base(url: str, page: str) -> None:
    assert page_url(BASE, url) == page


REFUSED = [
    "https://evil.example/fhir?page=2",
    "http://ehr.example.org/fhir?page=2",
    "https://ehr.example.org:8443/fhir?page=2",
    "https://ehr.example.org/other?page=2",
    "https://ehr.example.org/fhirx?page=2",
    "https://ehr.example.org/fhir@evil.example/",
    "https://ehr.example.org/fhir.evil.example/",
    "https://ehr.example.org/fhir/../admin",
    "https://ehr.example.org/fhir/./../admin",
    "https://ehr.example.org/fhir/%2e%2e/admin",
    "https://ehr.example.org/fhir/..%2fadmin",
    "https://ehr.example.org/fhir/%252e%252e/admin",
    "https://ehr.example.org/fhir//evil.example",
    "https://ehr.example.org/fhir\\..\\admin",
    "https://ehr.example.org/fhir?page=2#x",
    "https://ehr.example.org/fhir?page=\r\nHost: evil.example",
    "https://ehr.example.org/fhir?page=2 ",
    "https://ehr.example.org/fhir?page=é",
    "//evil.example/fhir",
    "/admin",
    "../admin",
    "..",
    "javascript:alert(1)",
    "http://169.254.169.254/latest/meta-data/",
    f"{BASE}?page={'x' * LONGEST}",
]


@pytest.mark.parametrize("url", REFUSED, ids=ascii)
def test_all_else_is_refused(url: str) -> None:
    assert page_url(BASE, url) is None


ODD = st.text(alphabet="/\\.%2e5c@:?#[]aZ=&| \t\n\u3002é", max_size=12)


@given(ODD.map(lambda odd: BASE + odd) | ODD)
def test_two_other_parsers_see_the_same_host_and_no_step_upwards(url: str) -> None:
    found = page_url(BASE, url)
    if found is not None:
        assert urlsplit(found).netloc == "ehr.example.org"
        theirs = httpx2.URL(found)
        assert (theirs.scheme, theirs.host, theirs.port, theirs.userinfo) == ("https", "ehr.example.org", None, b"")
        assert theirs.path == "/fhir" or theirs.path.startswith("/fhir/")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("Patient/123", ("Patient", "123")),
        ("Condition?patient=123&_count=200", ("Condition", None)),
        ("Condition", ("Condition", None)),
        ("Observation?patient=1&code=http://loinc.org|8310-5&_sort=-date", ("Observation", None)),
    ],
)
def test_reads_and_searches(query: str, expected: tuple[str, str | None]) -> None:
    assert request(query) == expected


@pytest.mark.parametrize(
    "query",
    [
        "",
        "/Patient/1",
        "Patient/",
        "Patient/..",
        "Patient/.",
        "Patient/1/_history",
        "$export",
        "Patient/1?x=y",
        "../Patient/1",
        "//evil.example/Patient",
        "patient/1",
        "https://evil.example/Patient/1",
        "Patient?x=y#z",
        "Patient/1\n",
        "Patient?x=\r\nHost: x",
        f"Patient?x={'y' * LONGEST}",
        "Patient?x={{context.patientId}}",
    ],
    ids=lambda query: ascii(query)[:40],
)
def test_what_is_neither_is_a_fault_of_the_pack(query: str) -> None:
    with pytest.raises(ValueError, match="a FHIR read"):
        request(query)
