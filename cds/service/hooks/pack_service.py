"""One pack as a CDS service: what it asks for, and what it answers about one patient."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

from cds.assessment import Decision
from cds.cards import CARD_KINDS, Card
from cds.cards.record_notice import record_notice
from cds.decision_support import DecisionSupport
from cds.intake import IntakeError
from cds.pack.text import text_in
from cds.service.hooks.hook import HOOKS, SUBMIT
from cds.service.http.outcome import HttpFault, Issue
from cds.service.prefetch.gather import Gathered
from cds.service.prefetch.medication import KINDS as MEDICATION_KINDS
from cds.service.prefetch.newest import NoResponse, Unclear, newest
from cds.service.prefetch.patient import whose
from cds.service.prefetch.state import Absent, Failed, Found, Nothing, Resource
from cds.service.prefetch.templates import RESPONSE_KEY, templates
from cds.service.store.showing import Showing

_SUBMITTED: Final = "context.questionnaireResponse"
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
        if request["hook"] == SUBMIT:
            submitted: Resource = request["context"]["questionnaireResponse"]
            return submitted, _SUBMITTED
        place = f"prefetch.{RESPONSE_KEY}"
        state = gathered.responses
        if not isinstance(state, Found):
            raise HttpFault(412, Issue(_unobtainable(state), place))
        pack = self.support.pack
        patient = request["context"]["patientId"]
        found = newest(state, patient, pack.questionnaire.url, pack.header.response_valid_days, now)
        if isinstance(found, NoResponse):
            raise HttpFault(412, Issue(found.text, place))
        if isinstance(found, Unclear):
            raise HttpFault(422, Issue(found.text, place))
        return found, place

    def answer(self, request: dict[str, Any], gathered: Gathered, now: datetime | None = None) -> Answer:
        """The answer to a call. Raises :class:`HttpFault` 412 and 422, and :class:`EngineFault`."""
        now = now or datetime.now(UTC)
        resource, place = self.response(request, gathered, now)
        patient = request["context"]["patientId"]
        _same_patient(patient, resource, place)
        try:
            decision = self._decide(resource, gathered, now.isoformat(timespec="seconds"))
        except IntakeError as error:
            raise HttpFault(422, *(_issue(fault, place) for fault in error.faults)) from None
        cards = self.support.make_cards(decision)
        language = self.support.language(decision)
        kinds = self._kinds(decision, language, cards)
        if gathered.failed or gathered.absent:
            cards.append(record_notice(self.support.cards, decision, language, gathered.failed, gathered.absent))
            kinds.append("record")
        return Answer(cards, decision, self._showings(decision, cards, kinds))

    def _decide(self, resource: Resource, gathered: Gathered, until: str) -> Decision:
        """The decision; malformed kinds of resources of the chart are left out and count as not read.

        A card says so. An emergency in the answers must not wait until somebody has repaired the record.
        """
        try:
            return self.support.decide_parsed(resource, gathered.resources() or None, chart_until=until)
        except IntakeError as error:
            if not all(fault.path.startswith("chart") for fault in error.faults):
                raise
        for kind in list(gathered.chart):
            alone = gathered.chart[kind] + (gathered.chart.get("Medication", []) if kind in MEDICATION_KINDS else [])
            try:
                self.support.read_chart(alone, resource.get("authored"), until)
            except IntakeError:
                del gathered.chart[kind]
                gathered.failed.add(kind)
        return self.support.decide_parsed(resource, gathered.resources() or None, chart_until=until)

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


def _same_patient(patient: str, resource: Resource, place: str) -> None:
    if whose(resource) not in (None, patient):
        raise HttpFault(422, Issue("the response is of another patient than context.patientId", f"{place}.subject"))


def _issue(fault: Any, place: str) -> Issue:
    # A link id that the questionnaire does not have is a text of the sender.
    question = f" (link id {fault.link_id})" if fault.link_id and fault.code != "unknown-link-id" else ""
    path = fault.path.replace("QuestionnaireResponse", place, 1)
    return Issue(f"{fault.message}{question}", path)
