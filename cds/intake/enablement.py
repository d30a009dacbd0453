"""``enableWhen``: which items were shown to the patient, hidden from them, or left open.

An item is *shown* exactly when FHIR calls it enabled. Otherwise it is *hidden* if the answers that decide
about it are known, and *open* if one of them is missing or was "not sure": it might have been shown, and
nothing may be concluded from its absence. An item inside a hidden one is hidden.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from fractions import Fraction
from typing import Any, Final, Literal

from cds.intake.checked import Answer, Answers, Quantity
from cds.intake.instant import moment
from cds.pack.questionnaire import EnableWhen, Item, Questionnaire
from cds.pack.units import conversion
from cds.pack.value import Truth

Shown = Literal["shown", "hidden", "open"]
SHOWN: Final = "shown"
HIDDEN: Final = "hidden"
OPEN: Final = "open"

Match = Callable[[tuple[Answer, ...]], Truth]
_Condition = tuple[str, int, bool, Match, frozenset[Answer]]
_RANGES: Final = ("date", "dateTime", "quantity")
"""Types whose equality is not that of their JSON: partial dates, time zones, units."""
_CLOSED: Final = frozenset({"choice", "boolean", "integer"})
"""Types whose answers recur, and hold no words of a patient."""
_MAX_KEPT: Final = 4096


class Enablement:
    """The conditions of a questionnaire, compiled once; items with the same conditions share one gate.

    ``unsure`` has for a link id the answers that mean "not sure": a condition on one is unknown unless met.
    """

    def __init__(self, questionnaire: Questionnaire, unsure: Mapping[str, frozenset[Answer]] | None = None) -> None:
        self._questionnaire = questionnaire
        self._unsure = unsure or {}
        self._gates: list[tuple[int, tuple[_Condition, ...], bool]] = []
        self._known: dict[tuple[int, tuple[EnableWhen, ...], bool], int] = {}
        self.gate: dict[str, int] = {}
        """Link id to the index of its gate in what :meth:`read` returns; 0 is always shown."""
        for link_id in questionnaire.items:
            self._place(link_id)
        asked = {condition[0] for _, conditions, _ in self._gates for condition in conditions}
        self._asked = tuple(sorted(asked)) if all(questionnaire.items[one].type in _CLOSED for one in asked) else None
        """The questions that decide, if what follows from their answers is kept."""
        self._kept: dict[tuple[tuple[Answer, ...] | None, ...], Sequence[Shown]] = {}

    def read(self, answers: Answers, doubted: Collection[str] = ()) -> Sequence[Shown]:
        """The state of each gate, given the answers.

        ``doubted`` are questions to which the chart gives another answer: nothing is hidden on their word.
        """
        if self._asked is None or doubted:
            return self._read(answers, doubted)
        key = tuple([answers.get(link_id) for link_id in self._asked])
        found = self._kept.get(key)
        if found is None:
            found = self._read(answers, ())
            if self._recurs(key):
                if len(self._kept) >= _MAX_KEPT:
                    self._kept.clear()
                self._kept[key] = found
        return found

    def _recurs(self, key: tuple[tuple[Answer, ...] | None, ...]) -> bool:
        """Whether all answers are such as the questions offer: a response with faults may hold anything."""
        for link_id, given in zip(self._asked or (), key, strict=True):
            options = self._questionnaire.items[link_id].options
            if given and len(given) > max(1, len(options)):
                return False
            if given and not all(one in options or _is_whole(one) for one in given):
                return False
        return True

    def _read(self, answers: Answers, doubted: Collection[str]) -> Sequence[Shown]:
        states: list[Shown] = [SHOWN]
        for parent, conditions, is_any in self._gates:
            outer = states[parent]
            if outer == HIDDEN:
                states.append(HIDDEN)
                continue
            truth: Truth = not is_any
            for link_id, gate, without, match, unsure in conditions:
                given = answers.get(link_id)
                if given is None:
                    one: Truth = without or (False if states[gate] == HIDDEN else None)
                else:
                    one = match(given)
                    if one is False and unsure and not unsure.isdisjoint(given):
                        one = None
                if one is False and link_id in doubted:
                    one = None
                if one is is_any:
                    truth = one
                    break
                if one is None:
                    truth = None
            states.append(outer if truth else OPEN if truth is None else HIDDEN)
        return states

    def state(self, link_id: str, answers: Answers) -> Shown:
        """The state of one item, given the answers."""
        return self.read(answers)[self.gate[link_id]]

    def _place(self, link_id: str) -> int:
        if link_id in self.gate:
            return self.gate[link_id]
        item = self._questionnaire.items[link_id]
        outer = self._place(item.parent) if item.parent is not None else 0
        if not item.enable_when:
            self.gate[link_id] = outer
            return outer
        conditions = tuple(self._condition(gate) for gate in item.enable_when)
        key = (outer, item.enable_when, item.enable_any)
        if key not in self._known:
            self._gates.append((outer, conditions, item.enable_any))
            self._known[key] = len(self._gates)
        self.gate[link_id] = self._known[key]
        return self.gate[link_id]

    def _condition(self, gate: EnableWhen) -> _Condition:
        question = self._questionnaire.items[gate.question]
        # "Not equal" and "does not exist" are met by a question without answers.
        without = gate.operator == "!=" or (gate.operator == "exists" and gate.answer is False)
        match = matcher(gate, question)
        return (
            gate.question,
            self._place(gate.question),
            without,
            match,
            self._unsure.get(gate.question, frozenset()),
        )


def _is_whole(answer: Answer) -> bool:
    """Whether an answer is yes or no, or a whole number of FHIR's size."""
    return isinstance(answer, int) and abs(answer) < 2**31


def matcher(gate: EnableWhen, question: Item) -> Match:
    """How the answers of a question are held against one condition; unknown where they do not compare."""
    expected, operator, question_type = gate.answer, gate.operator, question.type
    if operator == "exists":
        return lambda given: expected is True
    if question_type in _RANGES or operator not in ("=", "!="):
        if operator == "!=":
            return lambda given: negation(_any(expected, "=", question_type, given))
        return lambda given: _any(expected, operator, question_type, given)
    if operator == "=" and question_type == "open-choice":
        # Free text is never evaluated: it may mean what is asked for.
        return lambda given: expected in given or (None if _has_free_text(question, given) else False)
    if operator == "=":
        return lambda given: expected in given
    return lambda given: expected not in given


def negation(truth: Truth) -> Truth:
    """True for false, false for true; what is unknown stays unknown."""
    return None if truth is None else not truth


def _has_free_text(question: Item, given: tuple[Answer, ...]) -> bool:
    return any(isinstance(answer, str) and answer not in question.options for answer in given)


def _any(expected: Answer, operator: str, question_type: str, given: tuple[Answer, ...]) -> Truth:
    results = [_compare(operator, *_bounds(answer, expected, question_type)) for answer in given]
    return True if True in results else None if None in results else False


def _compare(operator: str, low: Any, high: Any, least: Any, most: Any) -> Truth:
    """Compare a value between ``low`` and ``high`` with one between ``least`` and ``most``."""
    if low is None or least is None:
        return None
    match operator:
        case "=":
            certain, excluded = low == high == least == most, high < least or low > most
        case ">":
            certain, excluded = low > most, high <= least
        case ">=":
            certain, excluded = low >= most, high < least
        case "<":
            certain, excluded = high < least, low >= most
        case _:
            certain, excluded = high <= least, low > most
    return True if certain else False if excluded else None


def _bounds(answer: Answer, expected: Answer, question_type: str) -> tuple[Any, Any, Any, Any]:
    """Least and greatest of what the answer and the expected value may be; ``None``: they do not compare."""
    if question_type in ("date", "dateTime") and isinstance(answer, str) and isinstance(expected, str):
        if answer == expected:
            return 0, 0, 0, 0
        one, other = moment(answer), moment(expected)
        shift = one.zone - other.zone if one.zone is not None and other.zone is not None else 0
        return one.first, one.last, other.first + shift, other.last + shift
    if isinstance(answer, Quantity) and isinstance(expected, tuple) and len(expected) == 3:
        value, code, system = expected
        factor = conversion(answer.code, code) if answer.system == system else None
        number = Fraction(answer.value) * factor if factor is not None else None
        return number, number, Fraction(value), Fraction(value)
    if isinstance(answer, tuple) or isinstance(expected, tuple):
        return None, None, None, None
    return answer, answer, expected, expected
