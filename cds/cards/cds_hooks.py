"""An assessment as CDS Hooks 2.0.1 cards: the recommendation, what could not be ruled out, self-care advice."""

from __future__ import annotations

from typing import Any, Final

from cds.assessment import INCOMPLETE, OUT_OF_SCOPE, Decision, Support
from cds.cards.detail import Details
from cds.cards.identifier import Identifiers
from cds.cards.questions import OpenQuestion, open_questions
from cds.cards.suggestion import resource
from cds.cards.view import View
from cds.pack import Pack
from cds.pack.content import CardTexts
from cds.pack.text import text_in

Card = dict[str, Any]
CARD_KINDS: Final = ("recommendation", "open", "advice")
"""The kinds of cards; the uuid of a card is made from its kind."""
_MAX_LINKS: Final = 6


class CardMaker:
    """Makes the cards of one pack, in any of its languages."""

    def __init__(self, pack: Pack) -> None:
        self.pack = pack
        self._views = {language: View(pack, language) for language in pack.header.languages}
        self._details = Details(pack, self._views)
        self.support = Support(pack)

    def language(self, wanted: str | None) -> str:
        """The pack's language nearest to ``wanted`` (``es-MX`` is ``es``), or its first."""
        for candidate in (wanted or "", (wanted or "").partition("-")[0]):
            if candidate in self._views:
                return candidate
        return self.pack.header.languages[0]

    def cards(self, decision: Decision, language: str) -> list[Card]:
        """One to three cards, the recommendation first. Never an empty list."""
        questions = open_questions(self.pack, decision, language)
        identifiers = self.identifiers(decision, language)
        cards = [self._recommendation(decision, language, questions, identifiers)]
        if questions and not decision.assessment.incomplete:
            cards.append(self._open(decision, language, questions, identifiers))
        if self.gives_advice(decision):
            cards.append(self._advice(decision, language, identifiers))
        return cards

    def identifiers(self, decision: Decision, language: str) -> Identifiers:
        """Where the identifiers of all that is made of a decision come from; the cards are named by their parts."""
        return Identifiers(self.pack.header.url, self.pack.version, decision.digest, decision.as_of, language)

    def view(self, language: str) -> View:
        """What the templates see, for one of the pack's languages."""
        return self._views[language]

    def texts(self, decision: Decision) -> tuple[str, CardTexts]:
        """The template of the recommendation, and its texts."""
        assessment, cards = decision.assessment, self.pack.cards
        if assessment.outcome == INCOMPLETE:
            return "incomplete", cards.incomplete
        if assessment.outcome == OUT_OF_SCOPE:
            return "out_of_scope", cards.out_of_scope[assessment.out_of_scope[0]]
        return "recommendation", cards.levels[assessment.level]

    def indicator(self, decision: Decision) -> str:
        """The card's urgency: the level's, and at least a warning when there is no all-clear to give."""
        assessment = decision.assessment
        indicator = self.pack.levels[self.pack.rank[assessment.level]].indicator
        if indicator == "info" and assessment.outcome in (INCOMPLETE, OUT_OF_SCOPE):
            return "warning"
        return indicator

    def gives_advice(self, decision: Decision) -> bool:
        """Self-care advice only with a level that allows it, and never beside an incomplete result."""
        assessment = decision.assessment
        level = self.pack.levels[self.pack.rank[assessment.level]]
        return assessment.outcome == level.id and level.advice and bool(assessment.advice)

    def _recommendation(
        self, decision: Decision, language: str, questions: tuple[OpenQuestion, ...], identifiers: Identifiers
    ) -> Card:
        template, texts = self.texts(decision)
        card = self._card(
            "recommendation", decision, language, identifiers, template=template, texts=texts, questions=questions
        )
        suggestions = self._suggestions(decision, language, identifiers)
        if suggestions:
            card["suggestions"] = suggestions
            card["selectionBehavior"] = "any"
        card["overrideReasons"] = [
            {
                "code": reason.code,
                "system": f"{self.pack.header.url}/CodeSystem/override-reasons",
                "display": text_in(reason.display, language),
            }
            for reason in self.pack.cards.override_reasons
        ]
        links = self._links(decision)
        if links:
            card["links"] = links
        return {key: value for key, value in card.items() if value}

    def _open(
        self, decision: Decision, language: str, questions: tuple[OpenQuestion, ...], identifiers: Identifiers
    ) -> Card:
        card = self._card(
            "open", decision, language, identifiers, template="open", texts=self.pack.cards.open, questions=questions
        )
        most_urgent = min(self.pack.rank[question.level] for question in questions)
        card["indicator"] = "warning" if self.pack.levels[most_urgent].indicator != "info" else "info"
        return card

    def _advice(self, decision: Decision, language: str, identifiers: Identifiers) -> Card:
        card = self._card(
            "advice", decision, language, identifiers, template="advice", texts=self.pack.cards.advice, questions=()
        )
        card["indicator"] = "info"
        return card

    def _card(
        self,
        name: str,
        decision: Decision,
        language: str,
        identifiers: Identifiers,
        *,
        template: str,
        texts: CardTexts,
        questions: tuple[OpenQuestion, ...],
    ) -> Card:
        source: dict[str, Any] = {"label": text_in(self.pack.cards.source.label, language)}
        if self.pack.cards.source.url:
            source["url"] = self.pack.cards.source.url
        return {
            "uuid": identifiers.of(name),
            "summary": texts.summary_in(language),
            "detail": self._details.render(template, language, decision, texts, questions),
            "indicator": self.indicator(decision),
            "source": source,
        }

    def _suggestions(self, decision: Decision, language: str, identifiers: Identifiers) -> list[dict[str, Any]]:
        assessment = decision.assessment
        wanted = {assessment.outcome}
        if assessment.level != self.pack.default_level:
            wanted.add(assessment.level)  # a level that is already certain is proposed beside the questions
        return [
            {
                "label": text_in(suggestion.label, language),
                "uuid": identifiers.of(f"suggestion {suggestion.id}"),
                "actions": [
                    {
                        "type": "create",
                        "description": text_in(suggestion.description, language),
                        "resource": resource(self.pack, suggestion, decision, language),
                    }
                ],
            }
            for suggestion in self.pack.cards.suggestions
            if wanted & set(suggestion.levels)
        ]

    def _links(self, decision: Decision) -> list[dict[str, str]]:
        """The sources of the rules that gave the level, where they have an address of their own."""
        keys = [
            key
            for rule in decision.assessment.fired
            if rule.then.level == decision.assessment.level
            for key in rule.citations
        ]
        citations = [self.pack.citations[key] for key in dict.fromkeys(keys)]
        return [
            {"label": citation.title, "url": citation.address, "type": "absolute"}
            for citation in citations
            if citation.address.startswith("https://")
        ][:_MAX_LINKS]
