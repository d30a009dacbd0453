"""What the pack says of reading a finding from a question, made ready."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from math import ceil, floor
from typing import Final

from cds.pack.finding import AnswerSource, Finding
from cds.pack.questionnaire import Item
from cds.pack.value import FindingValue, Interval, Selection

NOT_SURE: Final = "ASKU"
"""The code of HL7's NullFlavor for "asked but unknown": it always reads as unknown."""
_CHOICE: Final = ("choice", "open-choice")
_FITTING: Final = {
    "boolean": ("boolean", *_CHOICE),
    "integer": ("integer", "decimal", "quantity", "date", "dateTime", *_CHOICE),
    "code": _CHOICE,
    "codes": _CHOICE,
}
"""The item types that can give a finding of each type."""


def check_fit(finding: Finding, source: AnswerSource, item: Item) -> None:
    """Raise ``ValueError`` if the item cannot give the finding in this way."""
    dated = item.type in ("date", "dateTime")
    single = finding.type in ("integer", "code")
    if item.type not in _FITTING[finding.type] or (item.repeats and single) or dated == (source.elapsed is None):
        raise ValueError(f"the finding {finding.id!r} cannot be read this way from the item {item.link_id!r}")


def unsure_codes(source: AnswerSource) -> frozenset[str]:
    """The option codes that read as unknown."""
    return frozenset((NOT_SURE, *source.unknown))


def not_applicable(finding: Finding) -> FindingValue | None:
    """The value that a finding has when its question was rightly hidden; ``None`` for unknown."""
    value = finding.not_applicable
    if value is None:
        return None
    if finding.type == "codes":
        return Selection(frozenset(value))
    if finding.type == "integer":
        return Interval(value, value)
    return value  # type: ignore[no-any-return]


def choice_numbers(finding: Finding, source: AnswerSource) -> dict[str, Interval]:
    """The number or range that each option stands for, in the finding's unit and scale."""
    found = {}
    for code, given in (source.values or {}).items():
        low, high = given if isinstance(given, list) else (given, given)
        bounds = [Fraction(Decimal(str(bound))) * finding.scale for bound in (low, high)]
        interval = Interval(floor(bounds[0]), ceil(bounds[1]))
        if not finding.low <= interval.low <= interval.high <= finding.high:
            raise ValueError(f"the finding {finding.id!r} cannot have the values of the option {code!r}")
        found[code] = interval
    return found
