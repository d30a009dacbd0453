"""Only what is listed is called, however it is spelled."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cds.service.fhir_server.allow_list import LONGEST, FhirServers

EHR = "https://ehr.example.org/fhir/R4"
LOCAL = "http://127.0.0.1:8090/fhir"
SERVERS = FhirServers([EHR, LOCAL, "https://10.0.0.7/fhir", "https://[2001:db8::1]:8443/fhir", "https://root.example"])


@pytest.mark.parametrize(
    ("url", "base"),
    [
        (EHR, EHR),
        (f"{EHR}/", EHR),
        ("HTTPS://EHR.Example.ORG/fhir/R4", EHR),
        ("https://ehr.example.org:443/fhir/R4", EHR),
        (LOCAL, LOCAL),
        ("https://10.0.0.7/fhir/", "https://10.0.0.7/fhir"),
        ("https://[2001:DB8::1]:8443/fhir", "https://[2001:db8::1]:8443/fhir"),
        ("https://root.example", "https://root.example"),
        ("https://root.example/", "https://root.example"),
    ],
)
def test_another_spelling_of_a_listed_address_gives_the_listed_one(url: str, base: str) -> None:
    assert SERVERS.base(url) == base


REFUSED = [
    # another scheme, host, port or path
    "http://ehr.example.org/fhir/R4",
    "https://ehr.example.org.evil.example/fhir/R4",
    "https://evil.example/fhir/R4",
    "https://example.org/fhir/R4",
    "https://ehr.example.org:8443/fhir/R4",
    "https://ehr.example.org/fhir",
    "https://ehr.example.org/fhir/r4",
    "https://ehr.example.org/fhir/R4/Patient",
    "https://ehr.example.org/fhir/R45",
    "https://ehr.example.org",
    "ftp://ehr.example.org/fhir/R4",
    "file:///etc/passwd",
    "gopher://127.0.0.1:8090/fhir",
    "//ehr.example.org/fhir/R4",
    "ehr.example.org/fhir/R4",
    # user, query, fragment
    "https://user@ehr.example.org/fhir/R4",
    "https://ehr.example.org@evil.example/fhir/R4",
    "https://ehr.example.org:443@evil.example/fhir/R4",
    "https://evil.example\\@ehr.example.org/fhir/R4",
    "https://evil.example#@ehr.example.org/fhir/R4",
    "https://evil.example?@ehr.example.org/fhir/R4",
    "https://ehr.example.org/fhir/R4?",
    "https://ehr.example.org/fhir/R4#",
    "https://ehr.example.org/fhir/R4?x=y",
    # ports
    "https://ehr.example.org:/fhir/R4",
    "https://ehr.example.org:0443/fhir/R4",
    "https://ehr.example.org:+443/fhir/R4",
    "https://ehr.example.org:65979/fhir/R4",  # 443 modulo 65536
    "https://ehr.example.org:443:443/fhir/R4",
    "https://ehr.example.org:\uff14\uff14\uff13/fhir/R4",
    # host in disguise
    "https://ehr.example.org./fhir/R4",
    "https://.ehr.example.org/fhir/R4",
    "https://ehr..example.org/fhir/R4",
    "https://ehr%2eexample.org/fhir/R4",
    "https://%65hr.example.org/fhir/R4",
    "https://ehr\u3002example\u3002org/fhir/R4",
    "https://\u0435hr.example.org/fhir/R4",  # a Cyrillic letter
    "https://ehr.example.or\u0261/fhir/R4",
    "https://ehr.example.org\u200b/fhir/R4",
    "https://e\u00adhr.example.org/fhir/R4",
    "https://\uff45hr.example.org/fhir/R4",  # full width
    "https://ehr.example.or\u212a/fhir/R4",
    "https://ehr\x00.example.org/fhir/R4",
    "https://ehr.example.org\t/fhir/R4",
    " https://ehr.example.org/fhir/R4",
    "https://ehr.example.org/fhir/R4\n",
    "https://ehr.example.org/fhir/R4 ",
    "https:/ehr.example.org/fhir/R4",
    "https:///ehr.example.org/fhir/R4",
    "https:\\\\ehr.example.org\\fhir\\R4",
    # path in disguise
    "https://ehr.example.org//fhir/R4",
    "https://ehr.example.org/fhir//R4",
    "https://ehr.example.org/fhir/R4//",
    "https://ehr.example.org/x/../fhir/R4",
    "https://ehr.example.org/fhir/./R4",
    "https://ehr.example.org/fhir/R4/..",
    "https://ehr.example.org/fhir/R4/%2e%2e",
    "https://ehr.example.org/%66hir/R4",
    "https://ehr.example.org/fhir/R4;x",
    "https://ehr.example.org/fhir\\R4",
    # this machine and its surroundings
    "http://127.0.0.1:8091/fhir",
    "http://127.0.0.1/fhir",
    "https://127.0.0.1:8090/fhir",
    "http://127.0.0.2:8090/fhir",
    "http://127.1:8090/fhir",
    "http://0177.0.0.1:8090/fhir",
    "http://127.0.0.01:8090/fhir",
    "http://0x7f.0.0.1:8090/fhir",
    "http://0x7f000001:8090/fhir",
    "http://2130706433:8090/fhir",
    "http://017700000001:8090/fhir",
    "http://localhost:8090/fhir",
    "http://localhost.localdomain:8090/fhir",
    "http://[::1]:8090/fhir",
    "http://[::ffff:127.0.0.1]:8090/fhir",
    "http://[::ffff:7f00:1]:8090/fhir",
    "http://[0:0:0:0:0:0:0:1]:8090/fhir",
    "http://[::1%25lo]:8090/fhir",
    "http://127\u30020\u30020\u30021:8090/fhir",
    "http://\u2460\u2461\u2466.0.0.1:8090/fhir",
    "http://127.0.0.1.nip.io:8090/fhir",
    "http://0.0.0.0:8090/fhir",
    "http://0:8090/fhir",
    "http://169.254.169.254/latest/meta-data/",
    "http://metadata.google.internal/computeMetadata/v1/",
    "http://[fd00:ec2::254]/latest/meta-data/",
    "https://167772167/fhir",  # 10.0.0.7 in decimal
    "https://10.7/fhir",
    "https://[2001:db8:0::1]:8443/fhir",
    "https://[2001:db8::0001]:8443/fhir",
    # not an address
    "",
    "https://",
    "https:///",
    "https://:443/",
    f"{EHR}/{'x' * LONGEST}",
]


@pytest.mark.parametrize("url", REFUSED, ids=ascii)
def test_all_else_is_refused(url: str) -> None:
    assert SERVERS.base(url) is None


@pytest.mark.parametrize("url", [None, 7, True, [EHR], {"url": EHR}, EHR.encode()], ids=repr)
def test_what_is_not_a_string_is_refused(url: object) -> None:
    assert SERVERS.base(url) is None


def test_an_empty_list_allows_nothing() -> None:
    assert FhirServers([]).base(EHR) is None


@given(st.text(max_size=40) | st.from_regex(r"https?://[^/]{0,20}ehr\.example\.org[^/]{0,5}/fhir/R4.{0,5}"))
def test_what_is_given_back_is_always_the_text_of_the_operator(url: str) -> None:
    assert SERVERS.base(url) in {None, EHR}


@given(st.sets(st.integers(0, len(EHR) - 1)))
def test_capital_letters_matter_only_after_the_host(places: set[int]) -> None:
    url = "".join(letter.upper() if place in places else letter for place, letter in enumerate(EHR))
    assert (SERVERS.base(url) == EHR) is (url[len("https://ehr.example.org") :] == "/fhir/R4")


@pytest.mark.parametrize(
    "url",
    [
        "http://ehr.example.org/fhir",
        "http://localhost:8090/fhir",
        "http://10.0.0.7/fhir",
        "http://0.0.0.0:8090/fhir",
        "http://[::]:8090/fhir",
        "http://[fe80::1]/fhir",
        "http://127.0.0.1.example/fhir",
    ],
)
def test_plain_http_is_listed_for_this_machine_only(url: str) -> None:
    with pytest.raises(ValueError, match="plain http is only for this machine"):
        FhirServers([EHR, url])


@pytest.mark.parametrize("url", ["http://127.0.0.1/fhir", "http://127.8.8.8:1/fhir", "http://[::1]:8090/fhir"])
def test_plain_http_on_this_machine(url: str) -> None:
    assert FhirServers([url]).base(url) == url


NO_BASE = [
    "",
    "ehr.example.org",
    "https://user@ehr.example.org/",
    "https://a.example/fhir?x",
    "https://a.example:65536/fhir",
    "https://a.example/fhir/../admin",
    "https://a.example/./fhir",
    "https://a.exampl\u0435/fhir",
    "https://\u212a.example/fhir",
    "https://2130706433/fhir",
    "https://10.7/fhir",
    "https://010.0.0.7/fhir",
    "https://0x7f000001/fhir",
    "https://a.example.0x1/fhir",
    "https://a.example./fhir",
    "https://[::ffff:10.0.0.7]/fhir",
    "https://[::ffff:a00:7]/fhir",
    "https://[2001:db8:0:0::1]/fhir",
    "https://[2001:db8::1::2]/fhir",
]


@pytest.mark.parametrize("url", NO_BASE, ids=ascii)
def test_what_is_no_base_address_cannot_be_listed(url: str) -> None:
    with pytest.raises(ValueError, match="not a plain FHIR base address"):
        FhirServers([url])
