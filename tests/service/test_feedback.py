"""``POST {base}/cds-services/{id}/feedback``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import NullPool, create_engine, text
from starlette.testclient import TestClient

from cds.service.schema import FEEDBACK
from cds.service.store import Store, StoreUnavailable
from tests.service.running import CALL, cards, fixture, refusal, request, running

PATH = f"{CALL}/feedback"


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    with running(tmp_path) as found:
        yield found


def item(card: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"card": card["uuid"], "outcome": "overridden", "outcomeTimestamp": "2026-11-22T10:05:00Z"} | more


def rows(folder: Path, table: str) -> list[Any]:
    with create_engine(f"sqlite:///{folder / 'cds.sqlite'}", poolclass=NullPool).connect() as connection:
        return list(connection.execute(text(f"select * from {table}")).mappings())  # noqa: S608


def test_what_was_shown_and_what_became_of_it(client: TestClient, tmp_path: Path) -> None:
    found = cards(client, request(fixture("self-care-over-65")))
    reason = found[0]["overrideReasons"][0]
    accepted = item(found[-1], outcome="accepted", acceptedSuggestions=[{"id": "11111111-1111-4111-8111-111111111111"}])
    overridden = item(found[0], overrideReason={"reason": reason, "userComment": "seen yesterday"})
    body = {"feedback": [accepted, overridden]}
    assert not FEEDBACK.problems(body)
    answer = client.post(PATH, json=body)
    assert answer.status_code == 200
    assert answer.json() == {}
    kept = rows(tmp_path, "cds_feedback")
    assert {(row["card"], row["outcome"]) for row in kept} == {
        (found[-1]["uuid"], "accepted"),
        (found[0]["uuid"], "overridden"),
    }


def test_the_same_again_changes_nothing(client: TestClient, tmp_path: Path) -> None:
    body = {"feedback": [item(cards(client, request(fixture("self-care-over-65")))[0])]}
    for _ in range(3):
        assert client.post(PATH, json=body).status_code == 200
    assert len(rows(tmp_path, "cds_feedback")) == 1


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"card": ""}, "feedback[0].card"),
        ({"outcome": "ignored"}, "feedback[0].outcome"),
        ({"outcomeTimestamp": "yesterday"}, "feedback[0].outcomeTimestamp"),
        ({"outcome": "accepted"}, "feedback[0].acceptedSuggestions"),
        ({"overrideReason": {}}, "feedback[0].overrideReason"),
        ({"overrideReason": {"reason": {"code": "x"}}}, "feedback[0].overrideReason.reason.system"),
    ],
)
def test_a_wrong_item_is_refused_with_its_place_and_nothing_is_kept(
    client: TestClient, tmp_path: Path, change: dict[str, Any], place: str
) -> None:
    good = item({"uuid": "22222222-2222-4222-8222-222222222222"})
    outcome = refusal(client, {"feedback": [good | change, good]}, 422, PATH)
    assert place in {issue["expression"][0] for issue in outcome["issue"]}
    assert not rows(tmp_path, "cds_feedback")


def test_feedback_that_cannot_be_kept_is_not_acknowledged(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    async def away(*_: Any) -> None:
        raise StoreUnavailable("the database is away")

    monkeypatch.setattr(Store, "keep_feedback", away)
    refusal(client, {"feedback": [item({"uuid": "22222222-2222-4222-8222-222222222222"})]}, 503, PATH)


def test_what_was_shown_is_remembered_without_the_patient(tmp_path: Path) -> None:
    response = fixture("emergency-saddle-numbness")
    with running(tmp_path) as client:
        found = cards(client, request(response))
        cards(client, request(response))
    [row] = rows(tmp_path, "cds_shown")
    assert (row["card"], row["kind"]) == (found[0]["uuid"], "recommendation")
    assert row["outcome"] == "emergency"
    kept = (tmp_path / "cds.sqlite").read_bytes()
    for secret in (response["id"], response["subject"]["reference"], response["authored"], "d1577c69"):
        assert secret.encode() not in kept
    assert b"ces.saddle_numbness" in kept


def test_every_card_is_remembered_as_what_it_is(tmp_path: Path) -> None:
    with running(tmp_path) as client:
        found = cards(client, request(fixture("self-care-over-65"), conditions=...))
        assert client.post(PATH, json={"feedback": [item(found[-1])]}).status_code == 200
    kinds = {row["card"]: row["kind"] for row in rows(tmp_path, "cds_shown")}
    assert [kinds[card["uuid"]] for card in found] == ["recommendation", "record", "advice"]
