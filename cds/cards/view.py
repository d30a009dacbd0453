"""What the card templates see: a decision in one language, as plain values."""

from __future__ import annotations

from typing import Any, Final

from cds.assessment import Decision
from cds.assessment.advice import GivenAdvice
from cds.cards.questions import OpenQuestion
from cds.cards.template import Markdown
from cds.cards.words import Words
from cds.intake import Contradiction
from cds.pack import Pack, Rule
from cds.pack.content import CardTexts
from cds.pack.text import text_in
from cds.pack.value import FindingValue, Interval, Selection

_MAX_ASKED: Final = 4096


class View:
    """The texts of one pack in one language, prepared once; :meth:`of` gives the variables for one decision."""

    def __init__(self, pack: Pack, language: str) -> None:
        self.pack = pack
        self.language = language
        self.labels = {name: Markdown(text_in(text, language)) for name, text in pack.cards.labels.items()}
        self.levels = {
            level.id: {"id": level.id, "title": self._say(level.title), "timeframe": self._say(level.timeframe)}
            for level in pack.levels
        }
        self._words = Words(pack, language)
        self._header = {
            "id": pack.id,
            "version": pack.version,
            "title": self._say(pack.header.title),
            "status": pack.header.status,
        }
        self._asked: dict[tuple[OpenQuestion, bool], dict[str, Any]] = {}
        self._said: dict[tuple[str, str, tuple[str, ...]], list[dict[str, Any]]] = {}
        self._reasons = {rule.id: self._reason(rule, rule.then.reason) for rule in pack.rules if rule.then.reason}

    def _say(self, text: dict[str, str]) -> Markdown:
        return Markdown(text_in(text, self.language))

    def _citations(self, keys: tuple[str, ...] | list[str]) -> list[dict[str, str]]:
        return [{"key": Markdown(key), "title": Markdown(self.pack.citations[key].title)} for key in keys]

    def _reason(self, rule: Rule, text: dict[str, str]) -> dict[str, Any]:
        return {
            "text": self._say(text),
            "rule": Markdown(rule.id),
            "version": Markdown(self.pack.version),
            "citations": self._citations(rule.citations),
            "unverified": rule.unverified,
        }

    def of(self, decision: Decision, texts: CardTexts, questions: tuple[OpenQuestion, ...]) -> dict[str, Any]:
        """The variables of the templates, named in ``cds.pack.card_checks.TEMPLATE_VARIABLES``."""
        assessment = decision.assessment
        default = self.pack.default_level
        return {
            "t": self.labels,
            "level": self.levels[assessment.level],
            "floor": None if assessment.level == default else self.levels[assessment.level],
            "action": self._say(texts.action),
            "safety_net": None if texts.safety_net is None else self._say(texts.safety_net),
            "reasons": self.reasons(decision),
            "questions": [self._question(question, assessment.level) for question in questions],
            "contradictions": self.contradictions(decision),
            "advice": [entry for given in assessment.advice for entry in self._advice(given)],
            "comment_present": decision.comment_present,
            "pack": self._header,
            "out_of_scope": self.out_of_scope(decision),
        }

    def out_of_scope(self, decision: Decision) -> list[dict[str, Any]]:
        """Why the pack is not made for this patient; empty if it is."""
        return [self._reasons[rule.id] for rule in decision.assessment.fired if rule.then.out_of_scope]

    def contradictions(self, decision: Decision) -> list[dict[str, str]]:
        """Findings on which answers and record differ, with both readings in words."""
        return [self._contradiction(entry) for entry in decision.patient.contradictions]

    def reasons(self, decision: Decision) -> list[dict[str, Any]]:
        """Why: the reasons of the rules that give a level, most urgent first.

        Rules of the last level explain a benign pattern, so they speak only when that level is the outcome.
        """
        assessment = decision.assessment
        benign = assessment.outcome == self.pack.default_level
        return [
            self._reasons[rule.id]
            for rule in assessment.fired
            if rule.then.level is not None and (benign or rule.then.level != self.pack.default_level)
        ]

    def _question(self, question: OpenQuestion, level: str) -> dict[str, Any]:
        """``level`` is certain already: a question that could not raise it asks whether the patient is in scope."""
        raises = self.pack.rank[question.level] < self.pack.rank[level]
        found = self._asked.get((question, raises))
        if found is None:
            if len(self._asked) >= _MAX_ASKED:
                self._asked.clear()
            found = self._asked[question, raises] = self._ask(question, raises)
        return found

    def _ask(self, question: OpenQuestion, raises: bool) -> dict[str, Any]:
        return {
            "text": Markdown(question.text),
            "level": self.levels[question.level]["title"] if raises else Markdown(self._words["out-of-scope"]),
            "link_id": question.link_id,
            "about": self.about(question),
        }

    def about(self, question: OpenQuestion) -> Markdown:
        """What a question decides, where its own text leaves that to its options: the titles of its findings.

        Empty for a plain question about one finding.
        """
        item = None if question.link_id is None else self.pack.questionnaire.items[question.link_id]
        if item is None or (not item.repeats and len(question.findings) == 1):
            return Markdown("")
        titles = [text_in(self.pack.findings[name].title, self.language) for name in question.findings]
        return Markdown("; ".join(titles))

    def _advice(self, given: GivenAdvice) -> list[dict[str, Any]]:
        key = (given.advice.id, given.status, given.instead)
        if key not in self._said:
            self._said[key] = self._say_advice(given)
        return self._said[key]

    def _say_advice(self, given: GivenAdvice) -> list[dict[str, Any]]:
        advice = given.advice
        texts = {
            "advised": [advice.text],
            "ask-first": [advice.ask_first],
            "instead": [self.pack.instead[name].text for name in given.instead],
        }[given.status]
        advised = given.status == "advised"
        return [
            {
                "title": self._say(advice.title),
                "text": self._say(text),
                "evidence": self._say(advice.evidence) if advised else "",
                "status": given.status,
                "citations": self._citations(advice.citations) if advised else [],
            }
            for text in texts
        ]

    def _contradiction(self, entry: Contradiction) -> dict[str, str]:
        finding = self.pack.findings[entry.finding]
        return {
            "finding": self._say(finding.title),
            "answer": self._readings(entry, "answer"),
            "chart": self._readings(entry, "chart"),
        }

    def _readings(self, entry: Contradiction, source: str) -> str:
        values = [self.value(entry.finding, reading.value) for reading in entry.readings if reading.source == source]
        return "; ".join(dict.fromkeys(values)) or "-"

    def value(self, name: str, value: FindingValue | None) -> str:
        """A finding's value in words: the pack's titles for codes, never a text from the input."""
        finding = self.pack.findings[name]
        titles = {code.code: text_in(code.title, self.language) for code in finding.codes}
        match value:
            case None:
                return "?"
            case bool():
                return self._words["yes" if value else "no"]
            case Interval(low, high):
                ends = [f"{number / finding.scale:g}" for number in (low, high)]
                unit = f" {self._words.unit(finding.unit)}" if finding.unit else ""
                return (ends[0] if value.exact else " - ".join(ends)) + unit
            case Selection(chosen, still_open):
                certain = [titles[code] for code in sorted(chosen)]
                return ", ".join([*certain, *(f"{titles[code]}?" for code in sorted(still_open))]) or "-"
            case _:
                return titles[value]
