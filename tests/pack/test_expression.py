"""Conditions as authors write them: what each sentence means, and what is refused."""

from __future__ import annotations

import operator
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cds.engine.reference import reading
from cds.pack.condition import All, AnyOf, AtLeast, Compare, Condition, Holds, Includes, IsCode, Not
from cds.pack.units import HOURS
from cds.pack.value import Interval, Selection
from tests.pack.vocabulary import CODES, FINDINGS, Recorder

OPERATORS = {
    ">=": operator.ge,
    ">": operator.gt,
    "<=": operator.le,
    "<": operator.lt,
    "=": operator.eq,
    "!=": operator.ne,
}

MEANINGS: dict[str, Condition] = {
    "breathless": Holds("breathless"),
    "  breathless ": Holds("breathless"),
    "age >= 50": Compare("age", ">=", 50),
    "age>=50": Compare("age", ">=", 50),
    "age != 50": Compare("age", "!=", 50),
    "age < 2 years": Compare("age", "<", 2),
    "age <= 18 mo": Compare("age", "<=", 1),
    "ill_hours > 3 d": Compare("ill_hours", ">", 72),
    "ill_hours > 3d": Compare("ill_hours", ">", 72),
    "ill_hours <= 90 min": Compare("ill_hours", "<=", 1),
    "ill_hours >= 90 min": Compare("ill_hours", ">=", 2),
    "ill_hours > 90 min": Compare("ill_hours", ">", 1),
    "ill_hours < 90 min": Compare("ill_hours", "<", 2),
    "ill_hours = 2 weeks": Compare("ill_hours", "=", 336),
    "temperature >= 38": Compare("temperature", ">=", 380),
    "temperature >= 38.0 Cel": Compare("temperature", ">=", 380),
    "temperature > 38.25": Compare("temperature", ">", 382),
    "temperature >= 38.25": Compare("temperature", ">=", 383),
    "score = 3": Compare("score", "=", 3),
    "cough is dry": IsCode("cough", "dry"),
    "cough in (dry, wet)": AnyOf((IsCode("cough", "dry"), IsCode("cough", "wet"))),
    "cough in (dry)": IsCode("cough", "dry"),
    "coughs includes dry": Includes("coughs", "dry"),
    "coughs includes any of (dry, wet)": AnyOf((Includes("coughs", "dry"), Includes("coughs", "wet"))),
    "coughs includes all of (dry,wet)": All((Includes("coughs", "dry"), Includes("coughs", "wet"))),
}


@pytest.mark.parametrize(("text", "meaning"), MEANINGS.items())
def test_sentence(text: str, meaning: Condition) -> None:
    faults = Recorder()
    assert faults.reader.sentence(text, ()) == meaning
    assert not faults.codes


def test_mappings() -> None:
    written = {"all": ["breathless", {"not": "age >= 65"}, {"any": ["tired"]}, {"at_least": 1, "of": ["tired"]}]}
    tired = Holds("tired")
    meaning = All((Holds("breathless"), Not(Compare("age", ">=", 65)), AnyOf((tired,)), AtLeast(1, (tired,))))
    assert Recorder().reader.read(written, ()) == meaning


REFUSED: dict[str, tuple[Any, str]] = {
    "no operator": ("age 50", "condition-syntax"),
    "two sentences": ("breathless and tired", "condition-syntax"),
    "words after": ("breathless now", "condition-syntax"),
    "arrow the wrong way round": ("age => 50", "condition-syntax"),
    "a number with a comma": ("temperature >= 38,5", "unit-mismatch"),
    "a power of ten": ("age >= 1e1", "unit-mismatch"),
    "no number": ("age >= old", "condition-syntax"),
    "nothing": ("", "condition-syntax"),
    "brackets that stay open": ("cough in (dry", "condition-syntax"),
    "unknown finding": ("breathles", "unknown-finding"),
    "capitals": ("Breathless", "unknown-finding"),
    "unknown code": ("cough is loud", "unknown-code"),
    "a comma too many": ("cough in (dry,)", "unknown-code"),
    "number alone": ("age", "condition-type"),
    "boolean compared": ("breathless >= 1", "condition-type"),
    "code compared": ("cough >= 1", "condition-type"),
    "codes with is": ("coughs is dry", "condition-type"),
    "code with includes": ("cough includes dry", "condition-type"),
    "weight for a time": ("ill_hours >= 3 kg", "unit-mismatch"),
    "unit for a score": ("score >= 3 d", "unit-mismatch"),
    "fahrenheit": ("temperature >= 100 [degF]", "unit-mismatch"),
    "never exactly": ("temperature = 38.25", "condition-number"),
    "always": ("age >= 0", "condition-constant"),
    "never": ("age > 120", "condition-constant"),
    "never equal": ("age = 121", "condition-constant"),
    "always unequal": ("age != 121", "condition-constant"),
    "a list": (["breathless"], "condition-shape"),
    "a boolean": (True, "condition-shape"),
    "nothing at all": (None, "condition-shape"),
    "two keys": ({"all": ["tired"], "any": ["tired"]}, "condition-shape"),
    "at_least alone": ({"at_least": 2}, "condition-shape"),
    "empty all": ({"all": []}, "condition-empty"),
    "all of a sentence": ({"all": "breathless"}, "condition-empty"),
    "none of them": ({"at_least": 0, "of": ["breathless"]}, "at-least-count"),
    "more than there are": ({"at_least": 2, "of": ["breathless"]}, "at-least-count"),
    "half of them": ({"at_least": 1.5, "of": ["breathless", "tired"]}, "at-least-count"),
    "true of them": ({"at_least": True, "of": ["breathless"]}, "at-least-count"),
}


@pytest.mark.parametrize(("written", "code"), REFUSED.values(), ids=REFUSED)
def test_refused(written: Any, code: str) -> None:
    faults = Recorder()
    assert faults.reader.read(written, ()) is None
    assert faults.codes == [code]


def test_every_fault_of_a_condition_is_reported() -> None:
    faults = Recorder()
    assert faults.reader.read({"all": ["breathles", {"not": "age"}, {"any": []}]}, ()) is None
    assert faults.codes == ["unknown-finding", "condition-type", "condition-empty"]


HINTS = {
    "breathless and tired": "{all: ",
    "age >= 65 AND tired": "{all: ",
    "breathless or tired": "{any: ",
    "not breathless": "{not: ",
    "!breathless": "{not: ",
    "breathless = yes": "name alone",
    "breathless == false": "{not: ",
    "cough = dry": "name is CODE",
    "age == 50": "name = 3",
}
"""What people write who know another language, and the hint that helps them."""


@pytest.mark.parametrize(("text", "hint"), HINTS.items())
def test_hints_for_other_languages(text: str, hint: str) -> None:
    faults = Recorder()
    faults.reader.read(text, ())
    assert faults.codes == ["condition-syntax"]
    assert hint in faults.hints[0]


def test_limits_are_told_in_the_unit_of_the_author() -> None:
    faults = Recorder()
    faults.reader.read("temperature >= 30", ())
    assert (faults.details[0]["low"], faults.details[0]["high"]) == ("34", "43")


@st.composite
def comparisons(draw: st.DrawFn) -> tuple[str, str, Fraction, str]:
    """A comparison as text, with its finding, its number in the finding's unit, and its operator."""
    name, units = draw(
        st.sampled_from(
            [
                ("age", ["", *HOURS]),
                ("ill_hours", ["", *HOURS]),
                ("temperature", ["", "Cel"]),
                ("score", [""]),
            ]
        )
    )
    unit = draw(st.sampled_from(units))
    finding = FINDINGS[name]
    inside = Fraction(draw(st.integers(finding.low - 2, finding.high + 2)), finding.scale)
    factor = HOURS[unit] / HOURS[finding.unit] if unit in HOURS and finding.unit else Fraction(1)
    number = f"{float(inside / factor):.{draw(st.integers(0, 3))}f}"
    space = draw(st.sampled_from(["", " ", "  "]))
    compared = draw(st.sampled_from(sorted(OPERATORS)))
    return f"{name}{space}{compared}{space}{number}{space}{unit}", name, Fraction(number) * factor, compared


@given(comparisons(), st.data())
def test_comparison_means_what_is_written(written: tuple[str, str, Fraction, str], data: st.DataObject) -> None:
    text, name, number, compared = written
    finding = FINDINGS[name]
    faults = Recorder()
    condition = faults.reader.sentence(text, ())
    values = data.draw(st.lists(st.integers(finding.low, finding.high), min_size=1, max_size=20))
    for value in {*values, finding.low, finding.high}:
        truth = OPERATORS[compared](Fraction(value, finding.scale), number)
        if condition is not None:
            assert reading(condition)({name: Interval(value, value)}) is truth
        elif faults.codes == ["condition-constant"]:
            assert ("true" if truth else "false") == faults.details[0]["truth"]
        else:
            assert faults.codes == ["condition-number"]
            assert truth is (compared == "!=")


@given(
    st.sampled_from(["is", "in", "includes", "includes any of", "includes all of"]),
    st.lists(st.sampled_from(CODES), min_size=1, max_size=3, unique=True),
    st.sets(st.sampled_from(CODES)),
    st.sampled_from(CODES),
)
def test_membership_means_what_is_written(how: str, listed: list[str], chosen: set[str], one: str) -> None:
    name = "cough" if how in ("is", "in") else "coughs"
    many = how not in ("is", "includes")
    text = f"{name} {how} ({', '.join(listed)})" if many else f"{name} {how} {listed[0]}"
    condition = Recorder().reader.sentence(text, ())
    assert condition is not None
    named = set(listed) if many else {listed[0]}
    has = {one} if name == "cough" else chosen
    truth = named <= has if how == "includes all of" else bool(named & has)
    value = one if name == "cough" else Selection(frozenset(chosen))
    assert reading(condition)({name: value}) is truth
