"""What an answer must be, whatever the request was.

The reference is the library: the same response evaluated without HTTP. The urgency of an answer never falls below
what the answers of the patient alone warrant, because what is broken around them must not calm anybody.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

import orjson

from cds import DecisionSupport, IntakeError
from cds.assessment.assessment import INCOMPLETE
from cds.intake import parse_json
from cds.service.hooks.hook import SUBMIT
from cds.service.http.body import BODY_LIMITS
from cds.service.prefetch.templates import RESPONSE_KEY
from cds.service.schema import OPERATION_OUTCOME, RESPONSE
from cds.service.store.showing import Showing
from tests.service.abuse.direct import Answer
from tests.service.abuse.valid_calls import Call
from tests.service.running import CHART_KEYS

REFUSALS: Final = frozenset({400, 412, 413, 415, 422})
_INDICATORS: Final = ("info", "warning", "critical")


class _Alone(NamedTuple):
    """What the answers alone warrant: the certain level, whether it is withheld, the indicator of the first card."""

    level: str
    is_open: bool
    indicator: str


def refused(answer: Answer) -> None:
    """An error is an OperationOutcome and nothing else."""
    assert answer.status in REFUSALS, (answer.status, answer.body)
    assert answer.headers["content-type"] == "application/fhir+json"
    assert not OPERATION_OUTCOME.problems(answer.json)


class Judge:
    """Judges answers by what the library says."""

    def __init__(self, support: DecisionSupport) -> None:
        self._support = support
        self._alone: dict[bytes, _Alone | None] = {}

    def judge(self, call: Call, sent: bytes, answer: Answer, shown: Sequence[Showing], now: datetime) -> None:
        """Raise AssertionError unless the answer to ``sent``, made from ``call``, is right.

        ``shown`` is what the service remembers of the cards, ``now`` the time on its clock.
        """
        if answer.status != 200:
            refused(answer)
            return
        assert not RESPONSE.problems(answer.json)
        body = parse_json(sent, BODY_LIMITS)
        responses = _responses(body)
        assert [one.card for one in shown] == [card["uuid"] for card in answer.json["cards"]]
        assert any(self._is_urgent_enough(one, answer, shown[0]) for one in responses)
        prefetch = _chart(body)
        if prefetch == _chart(call.body):
            resources = [entry["resource"] for page in prefetch.values() if page for entry in page["entry"]]
            assert any(self._is_exact(one, resources, answer, now) for one in responses)

    def _is_urgent_enough(self, response: Any, answer: Answer, first: Showing) -> bool:
        """Whether the first card is not less urgent than that of the answers alone.

        A record that contradicts the answers can leave open what they settled, such as the age. The outcome is
        incomplete then, and the level of the answers stays possible.
        """
        alone = self._warranted(response)
        if alone is None:
            return False
        indicator = _INDICATORS.index(answer.json["cards"][0]["indicator"])
        reached = first.possible_level if first.outcome == INCOMPLETE else first.level
        rank = self._support.pack.rank
        return (
            rank[reached] <= rank[alone.level]
            and indicator >= _INDICATORS.index(self._support.pack.levels[rank[first.level]].indicator)
            and (alone.is_open or indicator >= _INDICATORS.index(alone.indicator))
        )

    def _warranted(self, response: Any) -> _Alone | None:
        key = orjson.dumps(response)
        if key not in self._alone:
            self._alone[key] = self._decided(response)
        return self._alone[key]

    def _decided(self, response: Any) -> _Alone | None:
        try:
            decision = self._support.decide_parsed(response)
        except IntakeError:
            return None
        first = self._support.make_cards(decision)[0]
        return _Alone(decision.assessment.level, decision.assessment.incomplete, first["indicator"])

    def _is_exact(self, response: Any, chart: list[Any], answer: Answer, now: datetime) -> bool:
        try:
            until = now.isoformat(timespec="seconds")
            decision = self._support.decide_parsed(response, chart or None, chart_until=until)
        except IntakeError:
            return False
        expected = [_said(card) for card in self._support.make_cards(decision)]
        cards = [_said(card) for card in answer.json["cards"]]
        # One more may stand among them, about what the cards rest on.
        return cards == expected or any(cards[:at] + cards[at + 1 :] == expected for at in range(1, len(cards)))


def _said(card: dict[str, Any]) -> dict[str, Any]:
    """A card without its identifiers, which the service makes of more than the library does."""
    suggestions = [{**one, "uuid": ""} for one in card.get("suggestions", [])]
    return {**card, "uuid": "", "suggestions": suggestions}


def _responses(body: Any) -> list[Any]:
    """The resources among which the response must be."""
    if body["hook"] == SUBMIT:
        return [body["context"]["questionnaireResponse"]]
    given = body["prefetch"][RESPONSE_KEY]
    return [entry["resource"] for entry in given["entry"]] if given["resourceType"] == "Bundle" else [given]


def _chart(body: dict[str, Any]) -> dict[str, Any]:
    """The keys of the chart, in the order in which the service asks for them."""
    return {key: body.get("prefetch", {}).get(key, ...) for key in CHART_KEYS}
