"""``enableWhen`` as formulas: when each question was shown, and when it was hidden; else nobody knows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

import z3

from cds.pack.questionnaire import EnableWhen, Questionnaire
from cds.verify.encoding.kleene import (
    FALSE,
    TRUE,
    Formula,
    Kleene,
    as_any,
    both,
    conjunction,
    constant,
    disjunction,
    either,
    negation,
    some,
)
from cds.verify.encoding.question import QuestionVariables


class State(NamedTuple):
    """When an item was ``shown``, and when it was ``hidden``."""

    shown: Formula
    hidden: Formula


Unsure = Mapping[str, Sequence[str]]
"""Link id to the options after which nothing is known of what hangs on the question."""


class Gates:
    """The states of all items. ``doubted`` gives for a question when nothing is hidden on its word."""

    def __init__(
        self,
        questionnaire: Questionnaire,
        questions: Mapping[str, QuestionVariables],
        unsure: Unsure,
        doubted: Callable[[str], Formula] = lambda link_id: FALSE,
    ) -> None:
        self._questionnaire = questionnaire
        self._questions = questions
        self._unsure = unsure
        self._doubted = doubted
        self._states: dict[str, State] = {}
        self.free: dict[str, QuestionVariables] = {}
        """The questions with an answer that is not compared: dates, quantities, free text."""

    def state(self, link_id: str) -> State:
        """When an item was shown and hidden."""
        if link_id not in self._states:
            item = self._questionnaire.items[link_id]
            outer = self.state(item.parent) if item.parent is not None else State(TRUE, FALSE)
            own = Kleene(TRUE, FALSE)
            if item.enable_when:
                parts = [self._condition(gate) for gate in item.enable_when]
                own = disjunction(parts) if item.enable_any else conjunction(parts)
            self._states[link_id] = State(both(outer.shown, own.yes), either(outer.hidden, own.no))
        return self._states[link_id]

    def _condition(self, gate: EnableWhen) -> Kleene:
        """One condition; a question without an answer meets "not equal" and "does not exist"."""
        asked = self._questions[gate.question]
        without = gate.operator == "!=" or (gate.operator == "exists" and gate.answer is False)
        silent = negation(asked.answered)
        met = self._met(gate, asked)
        unsure = some(asked.options[code] for code in self._unsure.get(gate.question, ()) if code in asked.options)
        hidden = self.state(gate.question).hidden
        yes = either(both(silent, constant(without)), both(asked.answered, met.yes))
        no = either(
            both(silent, constant(not without), hidden),
            both(asked.answered, met.no, negation(unsure)),
        )
        return Kleene(yes, both(no, negation(self._doubted(gate.question))))

    def _met(self, gate: EnableWhen, asked: QuestionVariables) -> Kleene:
        """What the answers say of the condition, when there are any."""
        if gate.operator == "exists":
            return Kleene(constant(gate.answer is True), constant(gate.answer is not True))
        if asked.options:
            return self._option(gate, asked)
        if asked.item.type == "boolean":
            chosen = asked.yes if gate.answer is True else asked.no
            equal = Kleene(chosen, negation(chosen))
            return equal if gate.operator == "=" else Kleene(equal.no, equal.yes)
        if asked.item.type in ("integer", "decimal"):
            return _compared(asked, gate)
        # Not compared: both outcomes are considered, the same for every item that asks.
        yes, no = (asked.further(f"{gate.operator} {gate.answer} {truth}", z3.Bool) for truth in ("yes", "no"))
        self.free[gate.question] = asked
        return Kleene(both(yes, negation(no)), both(no, negation(yes)))

    def _option(self, gate: EnableWhen, asked: QuestionVariables) -> Kleene:
        code = gate.answer[1] if isinstance(gate.answer, tuple) else str(gate.answer)
        chosen = asked.options.get(code, FALSE)
        # Free text is never evaluated: it may mean what is asked for.
        maybe = asked.text if gate.operator == "=" else FALSE
        equal = Kleene(chosen, both(negation(chosen), negation(maybe)))
        return equal if gate.operator == "=" else Kleene(equal.no, equal.yes)


def _compared(asked: QuestionVariables, gate: EnableWhen) -> Kleene:
    bound, number = Fraction(str(gate.answer)) * asked.divisor, asked.number * 1
    left, right = number * bound.denominator, bound.numerator
    truth = {
        "=": left == right,
        "!=": left != right,
        ">": left > right,
        ">=": left >= right,
        "<": left < right,
        "<=": left <= right,
    }[gate.operator]
    return Kleene(as_any(truth), negation(as_any(truth)))
