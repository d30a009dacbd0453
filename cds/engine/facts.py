"""A patient's findings as the flat facts of the two rails.

On the *known* rail a property is there when it certainly holds, on the *possible* rail when it is not certainly false.
A range is given by the bound that decides: ``x >= 3`` certainly holds if its low end does, and possibly if its high
end does; for ``x <= 3`` it is the other way round. Only booleans, bounded integers and codes of closed answer sets
can get here: no text of a patient ever reaches the C engine.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from cds.engine.evaluation import EngineFault
from cds.engine.normal_form import code_property
from cds.pack.finding import Finding, FindingType
from cds.pack.value import Findings, FindingValue, Interval, Selection

Fact = dict[str, int | bool]


@dataclass(frozen=True, slots=True)
class _Properties:
    """The properties that say something of one finding, as far as some rule tests them."""

    type: FindingType
    yes: str | None = None
    no: str | None = None
    up: str | None = None
    down: str | None = None
    low: int = 0
    high: int = 0
    codes: Mapping[str, tuple[str | None, str | None]] = field(default_factory=dict)


class FactBuilder:
    """Builds the facts of both rails, with the properties that some rule tests."""

    def __init__(self, findings: Mapping[str, Finding], used: frozenset[str]) -> None:
        self._properties = {
            name: _properties(name, finding, used) for name, finding in findings.items() if not finding.derived
        }
        self._known: Fact = {}
        self._possible: Fact = {}
        for properties in self._properties.values():
            _leave_open(properties, self._known, self._possible)

    def build(self, values: Findings) -> tuple[Fact, Fact]:
        """The facts of the known and of the possible rail.

        Raises :class:`EngineFault` for a finding that is not declared or whose value has the wrong type.
        """
        known, possible = self._known.copy(), self._possible.copy()
        for name, value in values.items():
            properties = self._properties.get(name)
            if properties is None:
                raise EngineFault(f"the engine was given the undeclared finding {name!r}")
            if properties.type == "boolean":
                if value is True:
                    holds, fails = properties.yes, properties.no
                elif value is False:
                    holds, fails = properties.no, properties.yes
                else:
                    raise _wrong(name)
                _settle(holds, fails, known, possible)
            elif not _set(properties, value, known, possible):
                raise _wrong(name)
        return known, possible


def _wrong(name: str) -> EngineFault:
    return EngineFault(f"the engine was given a value of the wrong type or range for {name!r}")


def _properties(name: str, finding: Finding, used: frozenset[str]) -> _Properties:
    def tested(prop: str) -> str | None:
        return prop if prop in used else None

    if finding.type == "boolean":
        return _Properties(finding.type, yes=tested(f"{name}.yes"), no=tested(f"{name}.no"))
    if finding.type == "integer":
        up, down = tested(f"{name}.up"), tested(f"{name}.down")
        return _Properties(finding.type, up=up, down=down, low=finding.low, high=finding.high)
    codes = {
        code: (tested(code_property(name, code, True)), tested(code_property(name, code, False)))
        for code in sorted(finding.code_ids)
    }
    return _Properties(finding.type, codes=codes)


def _leave_open(properties: _Properties, known: Fact, possible: Fact) -> None:
    """What an unknown finding contributes: nothing certain, everything possible."""
    if properties.up:
        known[properties.up], possible[properties.up] = properties.low, properties.high
    if properties.down:
        known[properties.down], possible[properties.down] = properties.high, properties.low
    pairs = [(properties.yes, properties.no), *properties.codes.values()]
    possible.update({name: True for pair in pairs for name in pair if name})


def _set(properties: _Properties, value: FindingValue, known: Fact, possible: Fact) -> bool:
    """Note the value of a finding that is not boolean; ``False`` if it has the wrong type or range."""
    if properties.type == "integer":
        if not isinstance(value, Interval) or not properties.low <= value.low <= value.high <= properties.high:
            return False
        if properties.up:
            known[properties.up], possible[properties.up] = value.low, value.high
        if properties.down:
            known[properties.down], possible[properties.down] = value.high, value.low
        return True
    if properties.type == "code" and isinstance(value, str):
        chosen, unsure = frozenset({value}), frozenset[str]()
    elif properties.type == "codes" and isinstance(value, Selection):
        chosen, unsure = value.chosen, value.open
    else:
        return False
    if not chosen | unsure <= properties.codes.keys() or chosen & unsure:
        return False
    for code, (chosen_property, other_property) in properties.codes.items():
        if code not in unsure:
            pair = (chosen_property, other_property) if code in chosen else (other_property, chosen_property)
            _settle(*pair, known, possible)
    return True


def _settle(holds: str | None, fails: str | None, known: Fact, possible: Fact) -> None:
    """One property certainly holds, and its opposite cannot."""
    if holds:
        known[holds] = True
    if fails:
        del possible[fails]
