"""What each status means, and when a second try is made."""

from __future__ import annotations

import pytest

from cds.service.prefetch.state import Failed, Found
from tests.service.fhir_server.asking import ASK, ONE, Seen, searched
from tests.service.fhir_server.fake import answer, bundle


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        ("401 Unauthorized", "not-authorised"),
        ("403 Forbidden", "not-authorised"),
        ("301 Moved Permanently", "redirect"),
        ("304 Not Modified", "redirect"),
        ("400 Bad Request", "status-4xx"),
        ("404 Not Found", "status-4xx"),
        ("410 Gone", "status-4xx"),
        ("202 Accepted", "status-other"),
        ("204 No Content", "status-other"),
        ("206 Partial Content", "status-other"),
    ],
)
def test_a_status_that_is_final(status: str, reason: str) -> None:
    seen = Seen()
    found, fake = searched(answer(b"", status), answer(bundle(ONE)), seen=seen)
    assert isinstance(found, Failed)
    assert found.reason == reason
    assert len(fake.targets) == 1
    assert seen.outcomes == [("search", reason)]


@pytest.mark.parametrize("address", ["http://169.254.169.254/latest/meta-data/", "//127.0.0.1/", f"/fhir/{ASK}&x=y"])
@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"])
def test_no_redirect_is_followed(status: str, address: str) -> None:
    found, fake = searched(answer(bundle(ONE), status, location=address))
    assert found == Failed("redirect")
    assert len(fake.targets) == 1


@pytest.mark.parametrize("status", ["429 Too Many Requests", "500 Oops", "503 Unavailable"])
def test_a_second_try_helps(status: str) -> None:
    seen = Seen()
    found, fake = searched(answer(b"", status), answer(bundle(ONE)), seen=seen)
    assert found == Found((ONE,))
    assert len(fake.targets) == 2
    assert seen.pauses == [0.1]


@pytest.mark.parametrize(("status", "reason"), [("429 Busy", "throttled"), ("502 Bad Gateway", "status-5xx")])
def test_there_is_no_third_try(status: str, reason: str) -> None:
    found, fake = searched(answer(b"", status))
    assert isinstance(found, Failed)
    assert found.reason == reason
    assert len(fake.targets) == 2


@pytest.mark.parametrize(
    ("after", "pauses"),
    [
        ("0", [0.1]),
        ("1", [1.0]),
        ("2", [2.0]),
        ("3", []),
        ("9" * 50, []),
        ("-1", []),
        ("1.5", []),
        ("soon", []),
        ("Wed, 21 Oct 2026 07:28:00 GMT", []),
    ],
)
def test_a_short_retry_after_is_honoured(after: str, pauses: list[float]) -> None:
    seen = Seen()
    found, _ = searched(answer(b"", "429 Busy", retry_after=after), answer(bundle(ONE)), seen=seen)
    assert seen.pauses == pauses
    assert found == (Found((ONE,)) if pauses else Failed("throttled"))


def test_there_is_no_wait_beyond_the_budget() -> None:
    seen = Seen()
    found, fake = searched(answer(b"", "503 Busy", retry_after="2"), answer(bundle(ONE)), seconds=1.5, seen=seen)
    assert found == Failed("status-5xx")
    assert (seen.pauses, len(fake.targets)) == ([], 1)
