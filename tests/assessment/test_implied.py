"""What follows from statements about one finding, against all its values."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cds.assessment.implied import implied
from cds.engine.normal_form import Literal, code_property
from cds.pack import Interval, Selection
from cds.pack.finding import Finding
from tests.assessment.refinements import refinements
from tests.engine.random_packs import CODES, boolean, coded, integer

BOOLEAN, NUMBER, CODE, CODES_OF = boolean("b"), integer("i", 0, 9), coded("c"), coded("m", "codes")


def _at_least(value: int) -> Literal:
    return Literal("i.low", ">=", value)


def _at_most(value: int) -> Literal:
    return Literal("i.high", "<=", value)


def _flag(name: str) -> Literal:
    return Literal(name, "==", True)


def _code(finding: Finding, code: str, holds: bool = True) -> Literal:
    return _flag(code_property(finding.id, code, holds))


@pytest.mark.parametrize(
    ("finding", "given_", "asked", "expected"),
    [
        (NUMBER, [_at_least(7)], [_at_least(3), _at_least(8), _at_most(9)], {_at_least(3), _at_most(9)}),
        (NUMBER, [_at_least(4), _at_most(4)], [_at_least(4), _at_most(5)], {_at_least(4), _at_most(5)}),
        (NUMBER, [_at_least(5), _at_most(4)], [_at_least(0)], None),
        (BOOLEAN, [_flag("b.yes")], [_flag("b.yes"), _flag("b.no")], {_flag("b.yes")}),
        (BOOLEAN, [_flag("b.yes"), _flag("b.no")], [], None),
        (CODE, [_code(CODE, "a")], [_code(CODE, "b", False), _code(CODE, "b")], {_code(CODE, "b", False)}),
        (CODE, [_code(CODE, "a", False), _code(CODE, "b", False)], [_code(CODE, "c-d")], {_code(CODE, "c-d")}),
        (CODE, [_code(CODE, "a"), _code(CODE, "b")], [], None),
        (CODE, [_code(CODE, code, False) for code in CODES], [], None),
        (CODES_OF, [_code(CODES_OF, "a")], [_code(CODES_OF, "a"), _code(CODES_OF, "b")], {_code(CODES_OF, "a")}),
        (CODES_OF, [_code(CODES_OF, "a"), _code(CODES_OF, "a", False)], [], None),
    ],
)
def test_examples(finding: Finding, given_: list[Literal], asked: list[Literal], expected: set[Literal] | None) -> None:
    assert implied(finding, given_, asked) == expected


def _literals(finding: Finding) -> list[Literal]:
    """All that can be said of a finding."""
    if finding.type == "boolean":
        return [_flag("b.yes"), _flag("b.no")]
    if finding.type == "integer":
        return [said(value) for value in range(1, 9) for said in (_at_least, _at_most)]
    return [_code(finding, code, holds) for code in CODES for holds in (True, False)]


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_what_follows_is_what_all_values_have(data: st.DataObject) -> None:
    finding = data.draw(st.sampled_from((BOOLEAN, NUMBER, CODE, CODES_OF)))
    given_ = frozenset(data.draw(st.lists(st.sampled_from(_literals(finding)), min_size=1, max_size=3)))
    asked = sorted(given_ | set(data.draw(st.lists(st.sampled_from(_literals(finding)), max_size=8))))
    values = [value for value in _values(finding) if all(_says(finding, one, value) for one in given_)]
    follows = {one for one in asked if all(_says(finding, one, value) for value in values)}
    assert implied(finding, given_, asked) == (follows if values else None)


def _values(finding: Finding) -> list[bool | int | str | frozenset[str]]:
    found: list[bool | int | str | frozenset[str]] = []
    for value in refinements(finding, None):
        match value:
            case Interval(low, high) if low == high:
                found.append(low)
            case Selection(chosen, still) if not still:
                found.append(chosen)
            case bool() | str():
                found.append(value)
    return found


def _says(finding: Finding, literal: Literal, value: bool | int | str | frozenset[str]) -> bool:
    if isinstance(value, bool):
        return literal.name == ("b.yes" if value else "b.no")
    if isinstance(value, int):
        return value >= int(literal.value) if literal.test == ">=" else value <= int(literal.value)
    there = value if isinstance(value, frozenset) else {value}
    return any(literal.name == code_property(finding.id, code, code in there) for code in CODES)
