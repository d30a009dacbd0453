"""Values of findings as people write them in cases and on the command line."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any, Final

from cds.pack.finding import Finding
from cds.pack.problem import did_you_mean
from cds.pack.units import conversion
from cds.pack.value import FindingValue, Interval, Selection

_NUMBER: Final = re.compile(r"(-?\d+(?:\.\d+)?)\s*(\S+)?")
_TRUTHS: Final = {"yes": True, "no": False, True: True, False: False}


def read_plain(finding: Finding, value: Any) -> FindingValue:
    """The value of a finding from its plain form.

    ``yes``/``no`` (or a boolean), a number in the finding's unit or with a unit (``3 d``), a code, a list of codes.
    Raises ``ValueError`` that says what to write.
    """
    match finding.type:
        case "boolean":
            if isinstance(value, str | bool) and value in _TRUTHS:
                return _TRUTHS[value]
            raise ValueError(f"{finding.id} is a boolean finding: write yes or no")
        case "integer":
            return _integer(finding, value)
        case "code":
            if isinstance(value, str):
                return _code(finding, value)
            raise ValueError(f"{finding.id} takes one code, one of: {', '.join(sorted(finding.code_ids))}")
        case "codes":
            if isinstance(value, list):
                return Selection(frozenset(_code(finding, code) for code in value))
            raise ValueError(f"{finding.id} takes a list of codes of: {', '.join(sorted(finding.code_ids))}")


def write_plain(finding: Finding, value: FindingValue) -> Any:
    """The plain form of a value: what :func:`read_plain` reads; a range is ``[low, high]``.

    A selection with open codes is ``{"chosen": […], "open": […]}``.
    """
    if isinstance(value, Interval):
        low, high = (_unscaled(finding, number) for number in (value.low, value.high))
        return low if value.exact else [low, high]
    if isinstance(value, Selection):
        if value.open:
            return {"chosen": sorted(value.chosen), "open": sorted(value.open)}
        return sorted(value.chosen)
    return value


def _unscaled(finding: Finding, number: int) -> int | float:
    return number if finding.scale == 1 else number / finding.scale


def _integer(finding: Finding, value: Any) -> Interval:
    found = None if isinstance(value, bool) else _NUMBER.fullmatch(str(value).strip())
    if found is None:
        unit = f" of {finding.unit}" if finding.unit else ""
        raise ValueError(f"{finding.id} takes a number{unit}")
    factor = conversion(found[2], finding.unit) if found[2] else Fraction(1)
    if factor is None:
        raise ValueError(f"{finding.id} is in {finding.unit or 'no unit'}: the unit {found[2]!r} does not fit")
    try:
        exact = Fraction(Decimal(found[1])) * factor * finding.scale
    except InvalidOperation:
        raise ValueError(f"{finding.id} takes a number") from None
    number = int(exact)  # whole units that have passed, as with a date
    if not finding.low <= number <= finding.high:
        low, high = (_unscaled(finding, bound) for bound in (finding.low, finding.high))
        raise ValueError(f"{finding.id} must be between {low} and {high}")
    return Interval(number, number)


def _code(finding: Finding, code: Any) -> str:
    if code in finding.code_ids:
        return str(code)
    raise ValueError(f"{finding.id} has no code {str(code)[:40]!r}. {did_you_mean(str(code), finding.code_ids)}")
