"""A QuestionnaireResponse held against its Questionnaire."""

from __future__ import annotations

from typing import Any, Final

from cds.intake.checked import Answer, CheckedResponse, Place, path_at
from cds.intake.enablement import SHOWN, Enablement
from cds.intake.faults import Fault, IntakeError, fault
from cds.intake.question import Question
from cds.intake.response_types import ROOT, check_types
from cds.pack.questionnaire import Questionnaire

FINAL: Final = frozenset({"completed", "amended"})
"""The statuses of a response whose answers the patient has finished giving."""


def check_response(resource: Any, questionnaire: Questionnaire) -> CheckedResponse:
    """The answers of ``resource`` (FHIR R4 JSON); for more than one response make a :class:`ResponseChecker`.

    Raises :class:`IntakeError` with all faults.
    """
    return ResponseChecker(questionnaire).check(resource)


class ResponseChecker:
    """Checks responses to one questionnaire, which is compiled once."""

    def __init__(self, questionnaire: Questionnaire) -> None:
        self._questionnaire = questionnaire
        self._questions = {link_id: Question(item) for link_id, item in questionnaire.items.items()}
        self._enablement = Enablement(questionnaire)
        self._required = required(questionnaire)

    def check(self, resource: Any) -> CheckedResponse:
        """The answers of a response; raises :class:`IntakeError` with all faults.

        JSON types come first: when they are wrong, nothing else is looked at.
        """
        check_types(resource)
        faults: list[Fault] = []
        self._header(resource, faults)
        walk = _Walk(self._questions, faults)
        walk.items(resource.get("item", ()), None, ())
        if all(found.code != "wrong-answer-type" for found in faults):
            self._enabled(walk, faults)
        if faults:
            raise IntakeError(faults)
        return CheckedResponse(
            id=resource.get("id"),
            authored=resource.get("authored"),
            language=resource.get("language"),
            subject=resource.get("subject", {}).get("reference"),
            answers=walk.answers,
            places=walk.places,
        )

    def _header(self, resource: dict[str, Any], faults: list[Fault]) -> None:
        if resource["status"] not in FINAL:
            faults.append(fault("not-final", f"{ROOT}.status"))
        canonical = resource.get("questionnaire")
        if canonical is None:
            faults.append(fault("no-questionnaire", ROOT))
            return
        url, _, version = canonical.partition("|")
        if url != self._questionnaire.url:
            faults.append(fault("other-questionnaire", f"{ROOT}.questionnaire"))
        elif version and version != self._questionnaire.version:
            expected = self._questionnaire.version
            faults.append(fault("other-version", f"{ROOT}.questionnaire", expected=expected))

    def _enabled(self, walk: _Walk, faults: list[Fault]) -> None:
        answers, gate = walk.answers, self._enablement.gate
        states = self._enablement.read(answers)
        disabled = (link_id for link_id in answers if states[gate[link_id]] != SHOWN)
        faults.extend(fault("answer-when-disabled", path_at(walk.places[one]), one) for one in disabled)
        for link_id, answerable in self._required:
            if states[gate[link_id]] == SHOWN and answers.keys().isdisjoint(answerable):
                path = path_at(walk.places.get(link_id, ()))
                faults.append(fault("missing-answer", path, link_id))


def required(questionnaire: Questionnaire) -> tuple[tuple[str, frozenset[str]], ...]:
    """The items that must be answered if they are shown: their link ids, and the questions of which one will do."""
    items = questionnaire.items

    def answerable(link_id: str) -> frozenset[str]:
        """The question itself, or the questions inside a group."""
        if items[link_id].type != "group":
            return frozenset({link_id})
        return frozenset().union(*(answerable(other) for other, item in items.items() if item.parent == link_id))

    return tuple((link_id, answerable(link_id)) for link_id, item in items.items() if item.required)


class _Walk:
    """One pass over the items of a response."""

    __slots__ = ("answers", "faults", "places", "questions")

    def __init__(self, questions: dict[str, Question], faults: list[Fault]) -> None:
        self.questions = questions
        self.faults = faults
        self.answers: dict[str, tuple[Answer, ...]] = {}
        self.places: dict[str, Place] = {}

    def items(self, entries: Any, parent: str | None, inside: Place) -> None:
        """Check items that stand in the item or answer at ``inside``, whose link id is ``parent``."""
        questions, places = self.questions, self.places
        for index, entry in enumerate(entries):
            link_id = entry["linkId"]
            place = (inside, "item", index)
            question = questions.get(link_id)
            if question is None:
                self._fault("unknown-link-id", place, link_id)
                continue
            if question.parent != parent:
                self._fault("misplaced-item", place, link_id, expected=self._home(question))
            if link_id in places and not (question.repeats and question.names):
                self._fault("repeated-item", place, link_id)
                continue
            places.setdefault(link_id, place)
            given = entry.get("answer")
            if given is not None:
                if question.names:
                    self._answers(question, given, place)
                else:
                    self._fault("answer-on-group", place, link_id, type=question.item.type)
            nested = entry.get("item")
            if nested is not None:
                if question.is_group:
                    self.items(nested, link_id, place)
                else:
                    self._fault("misplaced-item", (place, "item", 0), link_id, expected="inside the answer")

    def _answers(self, question: Question, given: list[dict[str, Any]], place: Place) -> None:
        link_id = question.link_id
        values = []
        for index, answer in enumerate(given):
            value = question.value(answer)
            if value is None:
                expected = " or ".join(question.names)
                kind = question.item.type
                self._fault("wrong-answer-type", (place, "answer", index), link_id, type=kind, expected=expected)
            else:
                if question.options is not None and not question.offers(value):
                    self._fault("option-not-offered", (place, "answer", index), link_id)
                if question.limited and (beyond := question.beyond(value)):
                    self._fault(beyond[0], (place, "answer", index), link_id, **beyond[1])
                values.append(value)
            if "valueQuantity" in answer and "comparator" in answer["valueQuantity"]:
                self._fault("comparator", (place, "answer", index), link_id)
            if "item" in answer:
                self.items(answer["item"], link_id, (place, "answer", index))
        known = self.answers.get(link_id, ()) + tuple(values)
        if len(known) > 1:
            self._several(question, known, place)
        if known:
            self.answers[link_id] = known

    def _several(self, question: Question, values: tuple[Answer, ...], place: Place) -> None:
        if not question.repeats:
            self._fault("several-answers", place, question.link_id)
        if question.options is not None and len(set(values)) != len(values):
            self._fault("same-option-twice", place, question.link_id)
        elif not question.exclusive.isdisjoint(values):
            self._fault("exclusive-option", place, question.link_id)

    def _home(self, question: Question) -> str:
        if question.parent is None:
            return "at the top level"
        if self.questions[question.parent].is_group:
            return f"inside the item {question.parent!r}"
        return f"inside the answer of {question.parent!r}"

    def _fault(self, code: str, place: Place, link_id: str, **details: object) -> None:
        self.faults.append(fault(code, path_at(place), link_id, **details))
