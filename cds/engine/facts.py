"""A patient's findings as the flat facts of the two rails.

On the *known* rail a property is there when it certainly holds, on the *possible* rail when it is not certainly false.
A range is given by the bound that decides: ``x >= 3`` certainly holds if its low end does, and possibly if its high
end does; for ``x <= 3`` it is the other way round. Only booleans, bounded integers and codes of closed answer sets
can get here: no text of a patient ever reaches the C engine.
"""

from __future__ import annotations

from collections.abc import Mapping

from cds.engine.evaluation import EngineFault
from cds.engine.normal_form import code_property
from cds.pack.finding import Finding
from cds.pack.value import Findings, Interval, Selection

Fact = dict[str, int | bool]


class FactBuilder:
    """Builds the facts of both rails, with the properties that some rule tests."""

    def __init__(self, findings: Mapping[str, Finding], used: frozenset[str]) -> None:
        self._findings = {name: finding for name, finding in findings.items() if not finding.derived}
        self._booleans: list[tuple[str, str | None, str | None]] = []
        self._integers: list[tuple[str, str | None, str | None, int, int]] = []
        self._choices: list[tuple[str, list[tuple[str, str | None, str | None]]]] = []
        for name, finding in self._findings.items():
            self._prepare(name, finding, used)

    def _prepare(self, name: str, finding: Finding, used: frozenset[str]) -> None:
        def tested(prop: str) -> str | None:
            return prop if prop in used else None

        if finding.type == "boolean":
            entry = (name, tested(f"{name}.yes"), tested(f"{name}.no"))
            if entry[1] or entry[2]:
                self._booleans.append(entry)
        elif finding.type == "integer":
            up, down = tested(f"{name}.up"), tested(f"{name}.down")
            if up or down:
                self._integers.append((name, up, down, finding.low, finding.high))
        else:
            codes = [
                (code, tested(code_property(name, code, True)), tested(code_property(name, code, False)))
                for code in sorted(finding.code_ids)
            ]
            codes = [entry for entry in codes if entry[1] or entry[2]]
            if codes:
                self._choices.append((name, codes))

    def build(self, values: Findings) -> tuple[Fact, Fact]:
        """The facts of the known and of the possible rail.

        Raises :class:`EngineFault` for a finding that is not declared or whose value has the wrong type.
        """
        self._check(values)
        known: Fact = {}
        possible: Fact = {}
        for name, yes, no in self._booleans:
            value = values.get(name)
            if yes and value is not False:
                possible[yes] = True
                if value:
                    known[yes] = True
            if no and value is not True:
                possible[no] = True
                if value is False:
                    known[no] = True
        for name, up, down, low, high in self._integers:
            interval = values.get(name)
            if isinstance(interval, Interval):
                low, high = interval.low, interval.high
            if up:
                known[up], possible[up] = low, high
            if down:
                known[down], possible[down] = high, low
        for name, codes in self._choices:
            chosen, unsure = _choice(values.get(name), codes)
            for code, yes, no in codes:
                if code in chosen:
                    if yes:
                        known[yes] = possible[yes] = True
                elif code in unsure:
                    if yes:
                        possible[yes] = True
                    if no:
                        possible[no] = True
                elif no:
                    known[no] = possible[no] = True
        return known, possible

    def _check(self, values: Findings) -> None:
        for name, value in values.items():
            finding = self._findings.get(name)
            if finding is None:
                raise EngineFault(f"the engine was given the undeclared finding {name!r}")
            kind = type(value)
            match finding.type:
                case "boolean":
                    right = kind is bool
                case "integer":
                    right = isinstance(value, Interval) and finding.low <= value.low <= value.high <= finding.high
                case "code":
                    right = kind is str and value in finding.code_ids
                case "codes":
                    right = isinstance(value, Selection) and value.chosen | value.open <= finding.code_ids
            if not right:
                raise EngineFault(f"the engine was given a value of the wrong type or range for {name!r}")


def _choice(
    value: object, codes: list[tuple[str, str | None, str | None]]
) -> tuple[frozenset[str], frozenset[str]]:
    """Which codes certainly hold, and which are open."""
    if isinstance(value, Selection):
        return value.chosen, value.open
    if isinstance(value, str):
        return frozenset({value}), frozenset()
    return frozenset(), frozenset(code for code, _, _ in codes)
