"""The Markdown detail of a card, rendered once for each different content.

A detail depends on nothing but the variables that its template uses. Patients with the same rules, questions and advice
get the same text, so it is kept; two that differ in any variable used never share one.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Final

from jinja2 import meta
from jinja2.sandbox import ImmutableSandboxedEnvironment

from cds.assessment import Decision
from cds.cards.questions import OpenQuestion
from cds.cards.template import CardTemplates
from cds.cards.view import View
from cds.pack import Pack
from cds.pack.content import CardTexts

_MAX_KEPT: Final = 4096

_Content = Callable[[Decision, CardTexts, tuple[OpenQuestion, ...]], Hashable]

_CONTENT: Final[dict[str, _Content]] = {
    "t": lambda decision, texts, questions: None,
    "pack": lambda decision, texts, questions: None,
    "level": lambda decision, texts, questions: decision.assessment.level,
    "floor": lambda decision, texts, questions: decision.assessment.level,
    "action": lambda decision, texts, questions: id(texts),
    "safety_net": lambda decision, texts, questions: id(texts),
    "reasons": lambda decision, texts, questions: (
        decision.assessment.outcome,
        tuple(rule.id for rule in decision.assessment.fired),
    ),
    "out_of_scope": lambda decision, texts, questions: tuple(rule.id for rule in decision.assessment.fired),
    "questions": lambda decision, texts, questions: (decision.assessment.level, questions),
    "contradictions": lambda decision, texts, questions: decision.patient.contradictions,
    "advice": lambda decision, texts, questions: tuple(
        (given.advice.id, given.status, given.instead) for given in decision.assessment.advice
    ),
    "comment_present": lambda decision, texts, questions: decision.comment_present,
}
"""For each template variable what it is made from, besides the pack and the language."""


class Details:
    """Renders the details of one pack's cards."""

    def __init__(self, pack: Pack, views: dict[str, View]) -> None:
        self._views = views
        self._templates = CardTemplates(pack.cards.templates)
        parser = ImmutableSandboxedEnvironment()
        self._content = {
            name: [_CONTENT[variable] for variable in sorted(meta.find_undeclared_variables(parser.parse(text)))]
            for name, text in pack.cards.templates.items()
        }
        self._kept: dict[Hashable, str] = {}

    def render(
        self,
        template: str,
        language: str,
        decision: Decision,
        texts: CardTexts,
        questions: tuple[OpenQuestion, ...],
    ) -> str:
        """The detail of one card."""
        content = tuple([part(decision, texts, questions) for part in self._content[template]])
        key = (template, language, content)
        text = self._kept.get(key)
        if text is None:
            if len(self._kept) >= _MAX_KEPT:
                self._kept.clear()
            text = self._templates.render(template, self._views[language].of(decision, texts, questions))
            self._kept[key] = text
        return text
