"""What was shown, what was hidden, and what is open."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cds import default_pack, load_pack
from cds.intake.checked import Answer, Quantity
from cds.intake.enablement import HIDDEN, OPEN, SHOWN, Enablement, Shown, matcher
from cds.pack.questionnaire import EnableWhen
from cds.pack.value import Truth
from tests.intake.example import NULL, OWN, QUESTIONNAIRE, UCUM, YES_NO

UNSURE = {"landed": frozenset[Answer]({(NULL, "ASKU")}), "side": frozenset[Answer]({(NULL, "ASKU")})}
ENABLEMENT = Enablement(QUESTIONNAIRE, UNSURE)
YES, NO, NOT_SURE = (YES_NO, "Y"), (YES_NO, "N"), (NULL, "ASKU")


@pytest.mark.parametrize(
    ("answers", "link_id", "expected"),
    [
        ({}, "side", SHOWN),
        ({"fell": (True,)}, "landed", SHOWN),
        ({"fell": (False,)}, "landed", HIDDEN),
        ({}, "landed", OPEN),
        ({"fell": (True,), "landed": (YES,)}, "bruise", SHOWN),
        ({"fell": (True,), "landed": (NO,)}, "bruise", HIDDEN),
        ({"fell": (True,), "landed": (NOT_SURE,)}, "bruise", OPEN),
        ({"fell": (True,)}, "bruise", OPEN),
        # inside a hidden group all is hidden, through a chain too
        ({"fell": (False,)}, "bruise", HIDDEN),
        ({"fell": (False,)}, "deep", HIDDEN),
        ({}, "deep", OPEN),
        # a gate that is hidden has certainly no answer
        ({"fell": (True,), "landed": (NO,)}, "deep", HIDDEN),
        ({"fell": (True,), "landed": (NOT_SURE,)}, "deep", OPEN),
        ({"fell": (True,), "height": (4,)}, "high", SHOWN),
        ({"fell": (True,), "height": (3,)}, "high", HIDDEN),
        ({"fell": (True,)}, "high", OPEN),
        # any
        ({"side": ((OWN, "left"),)}, "either", SHOWN),
        ({"side": ((OWN, "right"),)}, "either", OPEN),
        ({"side": ((OWN, "right"),), "numb": ((OWN, "leg"),)}, "either", HIDDEN),
        ({"side": (NOT_SURE,), "numb": ((OWN, "leg"),)}, "either", OPEN),
        ({"side": (NOT_SURE,), "numb": ((OWN, "saddle"),)}, "either", SHOWN),
        # not equal and exists
        ({"side": ((OWN, "left"),), "age": (40,)}, "both", HIDDEN),
        ({"side": ((OWN, "right"),), "age": (40,)}, "both", SHOWN),
        ({"side": ((OWN, "right"),)}, "both", OPEN),
        ({"age": (40,)}, "both", SHOWN),
    ],
)
def test_states(answers: dict[str, tuple[Answer, ...]], link_id: str, expected: Shown) -> None:
    assert ENABLEMENT.state(link_id, answers) == expected


def holds(link_id: str, operator: str, expected: Any, *given: Any) -> Truth:
    return matcher(EnableWhen(link_id, operator, expected), QUESTIONNAIRE.items[link_id])(given)


@pytest.mark.parametrize(
    ("operator", "three", "five", "seven"),
    [
        ("=", False, True, False),
        ("!=", True, False, True),
        (">", False, False, True),
        (">=", False, True, True),
        ("<", True, False, False),
        ("<=", True, True, False),
    ],
)
def test_operators(operator: str, three: bool, five: bool, seven: bool) -> None:
    assert [holds("age", operator, 5, age) for age in (3, 5, 7)] == [three, five, seven]


def test_dates_that_may_be_either_are_unknown() -> None:
    assert holds("onset", ">", "2026-11-20", "2026-11-21") is True
    assert holds("onset", ">", "2026-11-20", "2026-11") is None
    assert holds("onset", "=", "2026-11-20", "2026-11") is None
    assert holds("onset", "!=", "2026-11-20", "2026-10") is True
    assert holds("began", "=", "2026-11-20T10:00:00+01:00", "2026-11-20T09:00:00Z") is True
    assert holds("began", "!=", "2026-11-20T10:00:00+01:00", "2026-11-20T09:00:00Z") is False


def test_quantities_compare_in_units_that_convert() -> None:
    hours, kilos = (90, "min", UCUM), (90, "kg", UCUM)
    question = QUESTIONNAIRE.items["wait"]
    longer = matcher(EnableWhen("wait", ">", hours), question)
    assert longer((Quantity(Decimal(2), "h", UCUM),)) is True
    assert longer((Quantity(Decimal(1), "h", UCUM),)) is False
    assert matcher(EnableWhen("wait", ">", kilos), question)((Quantity(Decimal(2), "h", UCUM),)) is None


def test_free_text_may_mean_what_is_asked_for() -> None:
    assert holds("sport", "=", (OWN, "running"), (OWN, "running")) is True
    assert holds("sport", "=", (OWN, "running"), (OWN, "rowing")) is False
    assert holds("sport", "=", (OWN, "running"), "jogging") is None


SIDES = st.sampled_from([None, ((OWN, "left"),), ((OWN, "right"),), (NOT_SURE,)])
YES_NOS = st.sampled_from([None, (YES,), (NO,), (NOT_SURE,)])
BOOLEANS = st.sampled_from([None, (True,), (False,)])


@given(BOOLEANS, YES_NOS, BOOLEANS, SIDES, st.sampled_from([None, (2,), (9,)]))
def test_shown_is_what_fhir_calls_enabled(fell: Any, landed: Any, bruise: Any, side: Any, height: Any) -> None:
    given_answers = {"fell": fell, "landed": landed, "bruise": bruise, "side": side, "height": height}
    answers = {name: value for name, value in given_answers.items() if value is not None}
    plain, careful = Enablement(QUESTIONNAIRE), ENABLEMENT
    for link_id in QUESTIONNAIRE.items:
        assert (plain.state(link_id, answers) == SHOWN) == (careful.state(link_id, answers) == SHOWN)
        # Being unsure can only open what was hidden.
        if careful.state(link_id, answers) == HIDDEN:
            assert plain.state(link_id, answers) == HIDDEN


@given(BOOLEANS, YES_NOS, BOOLEANS, st.sampled_from([None, (2,), (9,)]))
def test_hidden_stays_hidden_whatever_is_answered_later(fell: Any, landed: Any, bruise: Any, height: Any) -> None:
    given_answers = {"fell": fell, "landed": landed, "bruise": bruise, "height": height}
    answers = {name: value for name, value in given_answers.items() if value is not None}
    missing = [name for name in given_answers if answers.get(name) in (None, (NOT_SURE,))]
    open_gates = [name for name in missing if ENABLEMENT.state(name, answers) != HIDDEN]
    hidden = [name for name in QUESTIONNAIRE.items if ENABLEMENT.state(name, answers) == HIDDEN]
    choices: dict[str, list[Any]] = {
        "fell": [(True,), (False,)],
        "landed": [(YES,), (NO,)],
        "bruise": [(True,), (False,)],
        "height": [(2,), (9,)],
    }
    for name in open_gates:
        for value in choices[name]:
            later = answers | {name: value}
            assert all(ENABLEMENT.state(link_id, later) == HIDDEN for link_id in hidden)


def test_only_answers_that_are_offered_are_kept() -> None:
    """A response with faults may hold anything, as often as it likes: its sender's words must not stay in memory."""
    questionnaire = load_pack(default_pack()).questionnaire
    enablement = Enablement(questionnaire)
    (link_id, *_) = (one for one in enablement._asked or () if questionnaire.items[one].type == "choice")
    offered = tuple(questionnaire.items[link_id].options)
    for told in ((("urn:x", "my own words"),), (offered[0], ("urn:x", "my own words")), offered * 2, ("words",)):
        assert enablement.read({link_id: told}) == enablement._read({link_id: told}, ())
        assert not enablement._kept
    for told in ((offered[0],), offered):
        assert enablement.read({link_id: told}) is enablement.read({link_id: told})
    assert len(enablement._kept) == 2
    assert enablement.read({"age": (2**40,)}) == enablement._read({"age": (2**40,)}, ())
    assert len(enablement._kept) == 2
