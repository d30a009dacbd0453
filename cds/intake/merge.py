"""Readings of several sources made into one value.

What is unknown gives way to what is known. Sources that differ are a contradiction: then the safer reading
counts, by the finding's ``safer``, and a clinician is told.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from cds.intake.reading import Reading
from cds.pack.finding import Finding
from cds.pack.value import FindingValue, Interval, Selection

Merged = tuple[FindingValue | None, bool]
"""The value that counts, and whether sources contradicted each other."""

_YES: Final = Reading("chart", "recorded", True)


def _is_doubt(reading: Reading) -> bool:
    """Whether it is a record that cannot be read."""
    return reading.state == "recorded" and reading.value is None


def merge(finding: Finding, readings: Sequence[Reading], scopes: Sequence[frozenset[str]]) -> Merged:
    """One value from all readings of a finding.

    ``scopes`` has for each reading the codes that its source decides about (only for ``codes``). A value for
    a question that was hidden counts only if all questions were hidden and the chart is silent. A record that may say
    yes and cannot be read leaves a boolean unknown, unless it has its value either way; a number that cannot be read
    leaves the number of another record open towards the safer side, or altogether, unless the patient answered.
    """
    if finding.type == "codes":
        return _union(finding, readings, scopes), False
    if finding.type == "boolean" and any(map(_is_doubt, readings)):
        rest = [reading for reading in readings if not _is_doubt(reading)]
        without, differ = merge(finding, rest, scopes)
        withal, _ = merge(finding, [*rest, _YES], scopes)
        return (without, differ) if without == withal else (None, differ)
    if finding.type == "integer" and any(map(_is_doubt, readings)):
        told = [reading for reading in readings if reading.state != "hidden" and reading.value is not None]
        if all(reading.state == "recorded" for reading in told):
            recorded, differ = merge(finding, told, scopes)
            return (_opened(finding, recorded) if isinstance(recorded, Interval) else None), differ
    known = [reading.value for reading in readings if reading.state != "hidden" and reading.value is not None]
    if not known:
        all_hidden = bool(readings) and all(reading.state == "hidden" for reading in readings)
        return (readings[0].value if all_hidden else None), False
    if len(known) == 1:
        return known[0], False
    if finding.type == "integer":
        return _overlap(finding, [value for value in known if isinstance(value, Interval)])
    if all(value == known[0] for value in known):
        return known[0], False
    return (finding.safer is not False if finding.type == "boolean" else None), True


def _opened(finding: Finding, value: Interval) -> Interval | None:
    """A number beside one that cannot be read."""
    if finding.safer == "high":
        return Interval(value.low, finding.high)
    return Interval(finding.low, value.high) if finding.safer == "low" else None


def _overlap(finding: Finding, ranges: list[Interval]) -> Merged:
    low, high = max(one.low for one in ranges), min(one.high for one in ranges)
    if low <= high:
        return Interval(low, high), False
    if finding.safer == "high":
        return max(ranges, key=lambda one: (one.high, one.low)), True
    if finding.safer == "low":
        return min(ranges, key=lambda one: (one.low, one.high)), True
    return Interval(min(one.low for one in ranges), max(one.high for one in ranges)), True


def _union(finding: Finding, readings: Sequence[Reading], scopes: Sequence[frozenset[str]]) -> Selection | None:
    """All chosen codes; a code is ruled out only by a question that decides about it and was answered.

    A hidden question rules out the codes that no other question decides about.
    """
    chosen: set[str] = set()
    closed: set[str] = set()
    for index, (reading, scope) in enumerate(zip(readings, scopes, strict=True)):
        if not isinstance(reading.value, Selection):
            continue
        others = (other for number, other in enumerate(scopes) if number != index)
        own = scope.difference(*others) if reading.state == "hidden" else scope
        chosen |= reading.value.chosen & own
        closed |= own - reading.value.chosen - reading.value.open
    rest = finding.code_ids - chosen - closed
    if not chosen and rest == finding.code_ids:
        return None
    return Selection(frozenset(chosen), rest)
