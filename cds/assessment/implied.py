"""What follows from properties of one finding: pain for over three days is pain for over one.

Read off the values that the finding can still have: what is true of all of them follows.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from cds.engine.normal_form import Literal, code_property
from cds.pack.finding import Finding

Value = bool | int | str


def implied(finding: Finding, given: Iterable[Literal], literals: Collection[Literal]) -> frozenset[Literal] | None:
    """Those of ``literals`` that hold for every value of the finding for which all the ``given`` hold.

    ``None`` if there is no such value: then the given contradict each other.
    """
    given = frozenset(given)
    if finding.type == "codes":
        # Each code is there or not, whatever the others are.
        opposites = {
            code_property(finding.id, code, True): code_property(finding.id, code, False) for code in finding.code_ids
        }
        names = {literal.name for literal in given}
        return None if any(one in names and other in names for one, other in opposites.items()) else given
    left = [
        value for value in _values(finding, [*given, *literals]) if all(_holds(finding, one, value) for one in given)
    ]
    if not left:
        return None
    return frozenset(one for one in literals if all(_holds(finding, one, value) for value in left))


def _values(finding: Finding, literals: Iterable[Literal]) -> list[Value]:
    """One value of each kind that the literals can tell apart."""
    if finding.type == "boolean":
        return [True, False]
    if finding.type == "code":
        return sorted(finding.code_ids)
    ends = {finding.low, finding.high}
    for literal in literals:
        ends |= {int(literal.value) - 1, int(literal.value), int(literal.value) + 1}
    return [end for end in sorted(ends) if finding.low <= end <= finding.high]


def _holds(finding: Finding, literal: Literal, value: Value) -> bool:
    if literal.test in (">=", "<="):
        number, bound = int(value), int(literal.value)  # of whole numbers, as its finding is
        return number >= bound if literal.test == ">=" else number <= bound
    if finding.type == "boolean":
        return literal.name.endswith(".yes") is value
    return literal.name == code_property(finding.id, str(value), True) or (
        literal.name != code_property(finding.id, str(value), False) and ".isnt." in literal.name
    )
