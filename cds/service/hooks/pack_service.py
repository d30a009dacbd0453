"""One pack as a CDS service: what it asks for, and what it answers about one patient."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Final, NamedTuple

import orjson

from cds.assessment import Decision
from cds.cards import CARD_KINDS, Card
from cds.cards.record_notice import Notice
from cds.decision_support import DecisionSupport
from cds.intake import NO_CHART, IntakeError
from cds.pack.text import text_in
from cds.service.hooks.hook import HOOKS, SUBMIT
from cds.service.http.bounds import check_response_size
from cds.service.http.outcome import HttpFault, Issue
from cds.service.prefetch.authored import days_since
from cds.service.prefetch.gather import Gathered
from cds.service.prefetch.medication import KINDS as MEDICATION_KINDS
from cds.service.prefetch.newest import NoResponse, Unclear, Wanted, newest, too_old_or_new
from cds.service.prefetch.patient import Whose
from cds.service.prefetch.state import Absent, Failed, Found, Nothing, Resource
from cds.service.prefetch.templates import RESPONSE_KEY, templates
from cds.service.store.showing import Showing

_SUBMITTED: Final = "context.questionnaireResponse"
_ANOTHER: Final = "the response is of another patient than context.patientId, or does not say so by Patient/ID"
_INDEX: Final = re.compile(r"chart\[(\d+)\]")
_USE: Final = "Fires on the newest completed response of the patient; an incomplete one gives a warning card."


class Answer(NamedTuple):
    """What is answered: the cards, the decision behind them, and what is remembered of each card."""

    cards: list[Card]
    decision: Decision
    showings: list[Showing]


class PackService:
    """A pack behind CDS Hooks; its id is the service's."""

    def __init__(self, support: DecisionSupport) -> None:
        self.support = support
        self.id = support.pack.id
        self.templates = templates(support.pack)
        self._submitted = {key: query for key, query in self.templates.items() if key != RESPONSE_KEY}

    def templates_for(self, hook: str) -> dict[str, str]:
        """The prefetch templates of a hook: a submitted response comes in the context and is not asked for."""
        return self._submitted if hook == SUBMIT else self.templates

    def entries(self) -> list[dict[str, Any]]:
        """The service as it stands in the discovery document, once for each hook."""
        header = self.support.pack.header
        language = header.languages[0]
        return [
            {
                "hook": hook.name,
                "id": self.id,
                "title": text_in(header.title, language),
                "description": " ".join(header.purpose.split()),
                "prefetch": self.templates_for(hook.name),
                "usageRequirements": _USE,
                "version": header.version,
                "hookVersion": hook.version,
            }
            for hook in HOOKS.values()
        ]

    def response(self, request: dict[str, Any], gathered: Gathered, now: datetime) -> tuple[Resource, str]:
        """The response that counts, and its place in the request.

        Raises :class:`HttpFault`: 412 if there is none to be had, 422 if it cannot be told which one counts.
        """
        pack = self.support.pack
        wanted = Wanted(gathered.patient, pack.questionnaire.url, pack.header.response_valid_days, now)
        if request["hook"] == SUBMIT:
            submitted: Resource = request["context"]["questionnaireResponse"]
            if wanted.patient.whose(submitted) in (Whose.OTHER, Whose.UNCLEAR):
                raise HttpFault(422, Issue(_ANOTHER, f"{_SUBMITTED}.subject"))
            if wrong := too_old_or_new(submitted, wanted):
                raise HttpFault(422, Issue(wrong.text, f"{_SUBMITTED}.authored"))
            return submitted, _SUBMITTED
        place = f"prefetch.{RESPONSE_KEY}"
        state = gathered.responses
        if not isinstance(state, Found):
            raise HttpFault(412, Issue(_unobtainable(state), place))
        found = newest(state, wanted)
        if isinstance(found, NoResponse):
            raise HttpFault(412, Issue(found.text, place))
        if isinstance(found, Unclear):
            raise HttpFault(422, Issue(found.text, place))
        if state.partial:
            gathered.failed.add("QuestionnaireResponse")
        return found, place

    def answer(self, request: dict[str, Any], gathered: Gathered, now: datetime | None = None) -> Answer:
        """The answer to a call. Raises :class:`HttpFault` 412 and 422, and :class:`EngineFault`."""
        now = now or datetime.now(UTC)
        resource, place = self.response(request, gathered, now)
        check_response_size(resource, place)
        try:
            decision = self._decide(resource, gathered, now)
        except IntakeError as error:
            raise HttpFault(422, *(_issue(fault, place) for fault in error.faults)) from None
        cards = self.support.make_cards(decision)
        language = self.support.language(decision)
        kinds = self._kinds(decision, language, cards)
        notice = Notice(frozenset(gathered.failed), frozenset(gathered.absent), days_since(resource, now) or 0)
        if notice.needed:
            # After what is urgent and before advice: nobody should read how to help themselves first.
            at = kinds.index("advice") if "advice" in kinds else len(kinds)
            cards.insert(at, notice.card(self.support.cards, decision, language))
            kinds.insert(at, "record")
        return Answer(cards, decision, self._showings(decision, cards, kinds))

    def _decide(self, resource: Resource, gathered: Gathered, now: datetime) -> Decision:
        """The decision; what is malformed in the chart is left out, and its kinds count as not read.

        A card says so. An emergency in the answers must not wait until somebody has repaired the record.
        """
        checked = self.support.check(resource)
        chart = gathered.resources()
        until = now.isoformat(timespec="seconds")
        recorded = self.support.read_chart(chart, checked.authored, until, tolerant=True) if chart else NO_CHART
        for fault in recorded.faults:
            index = _INDEX.match(fault.path)
            kind = chart[int(index[1])]["resourceType"] if index else None
            gathered.failed.update(MEDICATION_KINDS if kind == "Medication" else {kind or "Patient"})
        # What counts in the chart depends on the time, so it is part of what the identifiers are made from.
        digest = sha256(orjson.dumps([resource, chart], option=orjson.OPT_SORT_KEYS))
        digest.update(repr(recorded.readings).encode())
        return self.support.decide_checked(checked, recorded, None, digest.hexdigest())

    def _kinds(self, decision: Decision, language: str, cards: list[Card]) -> list[str]:
        """Which card is which; the first is always the recommendation."""
        if len(cards) == 1:
            return [CARD_KINDS[0]]
        identifiers = self.support.cards.identifiers(decision, language)
        names = {identifiers.of(kind): kind for kind in CARD_KINDS}
        return [names[card["uuid"]] for card in cards]

    def _showings(self, decision: Decision, cards: list[Card], kinds: list[str]) -> list[Showing]:
        assessment, pack = decision.assessment, self.support.pack
        rules = tuple(rule.id for rule in assessment.fired if rule.then.level == assessment.level)
        return [
            Showing(
                card=card["uuid"],
                service=self.id,
                pack=pack.id,
                version=pack.version,
                outcome=assessment.outcome,
                level=assessment.level,
                possible_level=assessment.possible_level,
                kind=kind,
                rules=rules,
            )
            for card, kind in zip(cards, kinds, strict=True)
        ]


def _unobtainable(state: object) -> str:
    match state:
        case Nothing():
            return "the patient has no response to this questionnaire: ask the patient to fill it in"
        case Failed(reason):
            return f"the responses could not be read ({reason}): give them in the prefetch"
        case Absent():
            return "the responses are not in the prefetch, and no FHIR server may be asked: give them in the prefetch"
    return "there is no response"


def _issue(fault: Any, place: str) -> Issue:
    # A link id that the questionnaire does not have is a text of the sender.
    question = f" (link id {fault.link_id})" if fault.link_id and fault.code != "unknown-link-id" else ""
    path = fault.path.replace("QuestionnaireResponse", place, 1)
    return Issue(f"{fault.message}{question}", path)
