"""Responses of the form that nearly all have, read in one pass.

What is read here is proven to be without fault, by our own check and by the models of fhir.resources alike
(docs/decisions/0012-plain-responses.md). Anything else, and be it only an element more, is not judged here: it goes
through the full check and the models, which say what is wrong with it, or that nothing is.
"""

from __future__ import annotations

import re
from typing import Any, Final, NamedTuple

from cds.intake.checked import Answers, CheckedResponse, Place
from cds.intake.enablement import SHOWN, Enablement
from cds.intake.faults import IntakeError
from cds.intake.models import LONGEST_LIST, MOST_ENTRIES, refuse_long_lists, validate_whole
from cds.intake.plain_answers import Given, ReadAnswers, answers_reader
from cds.intake.plain_values import WORD, is_plain_text, is_plain_time
from cds.intake.question import Question
from cds.intake.response import FINAL, required
from cds.intake.response_types import ROOT, check_types
from cds.pack.questionnaire import Questionnaire

_ID: Final = re.compile(r"[A-Za-z0-9\-.]{1,64}", re.ASCII)
_LANGUAGE: Final = re.compile(r"[A-Za-z0-9]+(-[A-Za-z0-9]+)*", re.ASCII)
_OWN: Final = frozenset({"resourceType", "id", "language", "questionnaire", "status", "subject", "authored", "item"})


class PlainItem(NamedTuple):
    """An item that is plain: its link id, that of the enclosing item, and its answers; ``None`` for a group."""

    link_id: str
    parent: str | None
    answers: Given | None


class PlainReader:
    """Reads plain responses to one questionnaire, which is compiled once."""

    def __init__(self, questionnaire: Questionnaire) -> None:
        names = (questionnaire.url, f"{questionnaire.url}|{questionnaire.version}")
        self._canonicals = frozenset(name for name in names if WORD.fullmatch(name))
        self._enablement = Enablement(questionnaire)
        self._items: dict[str, tuple[str | None, ReadAnswers | None]] = {}
        """Link id to that of the enclosing item, and how its answers are read; ``None`` for a group."""
        for link_id, item in questionnaire.items.items():
            question = Question(item)
            read = answers_reader(question)
            if is_plain_text(link_id) and (question.is_group or read is not None):
                self._items[link_id] = (item.parent, read)
        self._required = required(questionnaire)
        self._room = _room(questionnaire)
        """Entries that the lists of a header may have, beside those of all items; less than 0 if none is plain."""
        self._types = {link_id: item.type for link_id, item in questionnaire.items.items()}

    def read(self, resource: Any) -> CheckedResponse | None:
        """The response as the full check would give it, or ``None`` if it is not known to be without fault."""
        if type(resource) is not dict or not self.plain_header(resource):
            return None
        answers: dict[str, Given] = {}
        places: dict[str, Place] = {}
        if "item" in resource and not self._read(resource["item"], None, (), answers, places):
            return None
        return self.checked(resource, answers, places)

    def checked(
        self, header: dict[str, Any], answers: dict[str, Given], places: dict[str, Place]
    ) -> CheckedResponse | None:
        """The response with this header and these answers, if all that is answered was shown and nothing is missing."""
        if not self._fits_gates(answers):
            return None
        subject = header.get("subject")
        return CheckedResponse(
            id=header.get("id"),
            authored=header.get("authored"),
            language=header.get("language"),
            subject=subject.get("reference") if subject else None,
            answers=answers,
            places=places,
        )

    def plain_header(self, resource: dict[str, Any]) -> bool:
        """Whether all but the items is plain, or without fault by the full check and the models."""
        get = resource.get
        questionnaire, status = get("questionnaire"), get("status")
        if type(questionnaire) is not str or questionnaire not in self._canonicals:
            return False
        if type(status) is not str or status not in FINAL or self._room < 0:
            return False
        if (
            get("resourceType") == ROOT
            and _OWN.issuperset(resource)
            and _matches(_ID, resource, "id")
            and _matches(_LANGUAGE, resource, "language")
            and ("authored" not in resource or is_plain_time(resource["authored"]))
            and _is_plain_reference(resource)
        ):
            return True
        return self._is_faultless({name: value for name, value in resource.items() if name != "item"})

    def _is_faultless(self, header: dict[str, Any]) -> bool:
        try:
            refuse_long_lists(header, self._room)
            check_types(header)
            validate_whole(header)
        except IntakeError:
            return False
        return True

    def type_of(self, link_id: str) -> str:
        """The type of an item."""
        return self._types[link_id]

    def plain_item(self, entry: Any) -> PlainItem | None:
        """One item by itself, without those inside it; ``None`` if it is not plain."""
        if type(entry) is not dict:
            return None
        link_id = entry.get("linkId")
        if type(link_id) is not str or link_id not in self._items:
            return None
        outer, read = self._items[link_id]
        # The link id, the text if there is one, and one more element: the answer or the items.
        if len(entry) != 2 and not (len(entry) == 3 and is_plain_text(entry.get("text"))):
            return None
        if read is None:
            return PlainItem(link_id, outer, None) if type(entry.get("item")) is list else None
        given = entry.get("answer")
        values = read(given) if type(given) is list else None
        return None if values is None else PlainItem(link_id, outer, values)

    def _read(
        self, entries: Any, parent: str | None, inside: Place, answers: dict[str, Given], places: dict[str, Place]
    ) -> bool:
        """Read the items in the item ``parent`` at ``inside``; ``False`` if one is not plain."""
        if type(entries) is not list or not entries:
            return False
        for index, entry in enumerate(entries):
            found = self.plain_item(entry)
            if found is None or found.parent != parent or found.link_id in places:
                return False
            place = places[found.link_id] = (inside, "item", index)
            if found.answers is not None:
                answers[found.link_id] = found.answers
            elif not self._read(entry["item"], found.link_id, place, answers, places):
                return False
        return True

    def _fits_gates(self, answers: Answers) -> bool:
        """Whether every question that is answered was shown, and every shown one that must be is answered."""
        states, gate = self._enablement.read(answers), self._enablement.gate
        for link_id in answers:
            if states[gate[link_id]] != SHOWN:
                return False
        return not any(
            states[gate[link_id]] == SHOWN and answers.keys().isdisjoint(questions)
            for link_id, questions in self._required
        )


def _matches(pattern: re.Pattern[str], resource: dict[str, Any], name: str) -> bool:
    """Whether a string is of this form, or the element is not there."""
    if name not in resource:
        return True
    value = resource[name]
    return type(value) is str and pattern.fullmatch(value) is not None


def _is_plain_reference(resource: dict[str, Any]) -> bool:
    """Whether ``subject`` has a reference and nothing else, or is not there."""
    if "subject" not in resource:
        return True
    subject = resource["subject"]
    return type(subject) is dict and len(subject) == 1 and is_plain_text(subject.get("reference"))


def _room(questionnaire: Questionnaire) -> int:
    """How many entries of lists a response may have beside those of its plain items: see :func:`refuse_long_lists`."""
    answers = [max(1, len(item.options)) for item in questionnaire.items.values()]
    if max([len(answers), *answers]) > LONGEST_LIST:
        return -1
    return MOST_ENTRIES - len(answers) - sum(answers)
