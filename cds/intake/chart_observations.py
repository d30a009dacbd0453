"""Results of the chart that count for each finding, and what they say together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from cds.intake.faults import Fault, fault
from cds.intake.observation import has_value, holds, is_understood, number, results
from cds.intake.reading import UnreadableError
from cds.intake.window import Observed, Window
from cds.pack.finding import ChartSource, Finding
from cds.pack.value import FindingValue, Interval

CodedRule = tuple[str, Finding, ChartSource]
"""A finding's name, the finding, and one of its sources in the chart."""


class Said(NamedTuple):
    """What a result says of the finding ``name``; ``value`` is ``None`` if it may be anything."""

    name: str
    one: Observed
    value: FindingValue | None
    code: str


class Observations:
    """The results of one chart. Nothing that may raise the urgency is hidden by what cannot be read or dated.

    ``out_of_range`` are faults of numbers that a finding cannot have, ``unreadable`` those of other values.
    """

    def __init__(self, window: Window) -> None:
        self._window = window
        self._found: dict[int, tuple[CodedRule, dict[str, tuple[Observed, str]]]] = {}
        self.out_of_range: list[Fault] = []
        self.unreadable: list[Fault] = []

    def add(self, path: str, resource: dict[str, Any], rules: Mapping[tuple[str, str], list[CodedRule]]) -> None:
        """Take up an Observation, and its components, for the rules that name their codes."""
        read_in_component: set[int] = set()
        for place, result in results(path, resource):
            one = self._window.place(place, result)
            if one is None:
                continue
            for coding in result.get("code", {}).get("coding", ()):
                code = coding.get("code", "")
                for rule in rules.get((coding.get("system", ""), code), ()):
                    if place != path:
                        read_in_component.add(id(rule))
                    elif id(rule) in read_in_component and not has_value(resource):
                        continue
                    self._found.setdefault(id(rule), (rule, {}))[1].setdefault(place, (one, code))

    def read(self) -> Iterator[Said]:
        """What all results say."""
        for (name, finding, source), found in self._found.values():
            chart = [one for one, _ in found.values()]
            is_number = finding.type == "integer"
            said = self._numbers(chart, finding, source) if is_number else self._truths(chart, source)
            for one, value in said:
                yield Said(name, one, value, found[one.path][1])

    def _truths(self, found: list[Observed], source: ChartSource) -> list[tuple[Observed, FindingValue | None]]:
        """The latest that make a finding true, or may, and what has no date.

        What cannot be read hides no earlier one that can. What has no date hides nothing.
        """
        window = self._window
        truths = {id(one): holds(one.resource, source) for one in found}
        recent = window.recent(found, source)
        chosen = window.latest(recent)
        if any(truths[id(one)] is None for one in chosen):
            readable = [one for one in recent if truths[id(one)] is not None]
            chosen += [one for one in window.latest(readable) if one not in chosen]
        chosen += [one for one in found if window.is_undated(one, source)]
        for one in chosen:
            if truths[id(one)] is None and not is_understood(one.resource, source):
                self.unreadable.append(fault("unreadable-value", f"{one.path}.value"))
        return [(one, truths[id(one)]) for one in chosen if truths[id(one)] is not False]

    def _numbers(
        self, found: list[Observed], finding: Finding, source: ChartSource
    ) -> list[tuple[Observed, FindingValue | None]]:
        """The numbers that count, and ``None`` for each that cannot be read or may be too old."""
        window = self._window
        values = {id(one): _read(one, finding, source) for one in found}
        recent = window.recent(found, source)
        if finding.safer is not None and source.within_days is not None:
            chosen = recent
        else:
            chosen = window.latest(recent)
            if not all(isinstance(values[id(one)], Interval) for one in chosen):
                readable = [one for one in recent if isinstance(values[id(one)], Interval)]
                chosen += [one for one in window.latest(readable) if one not in chosen]
        undated = [one for one in found if window.is_undated(one, source)]
        read: list[tuple[Observed, Interval]] = []
        doubts = {one.path: one for one in undated}
        for one in (*chosen, *undated):
            value = values[id(one)]
            if isinstance(value, Interval):
                read.append((one, value))
                continue
            doubts[one.path] = one
            if isinstance(value, Fault):
                self.out_of_range.append(value)
            else:
                self.unreadable.append(fault("unreadable-value", f"{one.path}.value"))
        return [*_together(finding, read), *((one, None) for one in doubts.values())]


def _read(one: Observed, finding: Finding, source: ChartSource) -> Interval | Fault | None:
    """The number; the fault of one out of range; ``None`` for no number, or one in a unit that does not convert."""
    try:
        value = number(one.resource, finding, source)
    except UnreadableError as error:
        return fault(error.code, f"{one.path}.valueQuantity", None, **error.details)
    return value if isinstance(value, Interval) else None


def _together(finding: Finding, read: Sequence[tuple[Observed, Interval]]) -> list[tuple[Observed, Interval]]:
    """One number, the safer end of all, if the finding has one; they were measured at several times."""
    if not read or finding.safer not in ("high", "low"):
        return list(read)
    safest = max if finding.safer == "high" else min
    low, high = (safest(end) for end in zip(*((value.low, value.high) for _, value in read), strict=True))
    first, _ = safest(read, key=lambda one: (one[1].high, one[1].low))
    return [(first, Interval(low, high))]
