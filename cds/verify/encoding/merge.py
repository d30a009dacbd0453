"""Several sources of one finding as one symbolic value, as docs/semantics.md has it under "Answers and chart together".

A source that was not answered, or whose question was hidden, says nothing. What stands for a hidden question counts
only if every question of the finding was hidden and the chart has nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from cds.pack.condition import Atom, Compare, Holds
from cds.pack.finding import Finding
from cds.verify.encoding.chart import ChartVariables
from cds.verify.encoding.gates import State
from cds.verify.encoding.kleene import (
    FALSE,
    TRUE,
    UNKNOWN,
    Formula,
    Kleene,
    as_any,
    both,
    constant,
    either,
    every,
    is_false,
    negation,
    some,
)
from cds.verify.encoding.number import Case, Cases, compared, differ, known, overlap
from cds.verify.encoding.source import Source


@dataclass(frozen=True, slots=True)
class Value:
    """The symbolic value of one finding: ``truth``, ``cases`` or ``codes``, by its type."""

    finding: Finding
    truth: Kleene = UNKNOWN
    cases: Cases = ()
    codes: Mapping[str, Kleene] | None = None

    def reads(self, atom: Atom) -> Kleene:
        """A statement about the finding."""
        match atom:
            case Holds():
                return self.truth
            case Compare(_, operator, value):
                return compared(self.cases, operator, value, self.finding.low, self.finding.high)
            case _:
                return (self.codes or {})[atom.code]

    @property
    def told(self) -> Formula:
        """When anything is known of it."""
        parts = [self.truth, *(self.codes or {}).values()]
        return either(*(formula for part in parts for formula in part), known(self.cases))

    @property
    def exact(self) -> Formula:
        """When all is known of it: one number, and of each code whether it holds."""
        if self.finding.type == "integer":
            return some(both(case.when, as_any(case.low == case.high)) for case in self.cases)
        if self.codes is not None:
            return every(either(*code) for code in self.codes.values())
        return either(*self.truth)

    def differs(self, other: Value) -> Formula:
        """When something is known of it, and the other is not known to be the same."""
        if self.finding.type == "integer":
            return differ(self.cases, other.cases)
        mine, theirs = ([value.truth, *(value.codes or {}).values()] for value in (self, other))
        pairs = zip(mine, theirs, strict=True)
        same = every(as_any(a == b) for one, two in pairs for a, b in zip(one, two, strict=True))
        return both(self.told, negation(same))


def stand_in(finding: Finding) -> Value:
    """What a hidden question stands for; of which nothing is known if the pack names nothing."""
    value = finding.not_applicable
    if value is None:
        unknown = dict.fromkeys(sorted(finding.code_ids), UNKNOWN)
        return Value(finding, codes=unknown if finding.type in ("code", "codes") else None)
    if finding.type == "boolean":
        return Value(finding, truth=Kleene(constant(value is True), constant(value is False)))
    if finding.type == "integer":
        return Value(finding, cases=(Case(TRUE, value, value),))
    chosen = {value} if finding.type == "code" else set(value)
    codes = {code: Kleene(constant(code in chosen), constant(code not in chosen)) for code in sorted(finding.code_ids)}
    return Value(finding, codes=codes)


def merged(finding: Finding, sources: Sequence[Source], states: Sequence[State], chart: ChartVariables | None) -> Value:
    """The value of a finding, given what its questions say, their states, and the chart."""
    hidden = every(state.hidden for state in states) if states else FALSE
    record = chart or ChartVariables(finding)
    match finding.type:
        case "boolean":
            return Value(finding, truth=_boolean(finding, sources, record, hidden))
        case "integer":
            return Value(finding, cases=_integer(finding, sources, record, hidden))
        case "code":
            return Value(finding, codes=_code(finding, sources, record, hidden))
        case "codes":
            return Value(finding, codes=_codes(finding, sources, states))


def _boolean(finding: Finding, sources: Sequence[Source], chart: ChartVariables, hidden: Formula) -> Kleene:
    some_yes = either(*(source.truth.yes for source in sources), chart.yes)
    some_no = some(source.truth.no for source in sources)
    stand, silent = stand_in(finding).truth, every([hidden, negation(some_yes), negation(some_no)])
    if finding.safer is not False:
        yes, no, with_yes = some_yes, both(some_no, negation(some_yes)), Kleene(TRUE, FALSE)
    else:
        yes, no, with_yes = both(some_yes, negation(some_no)), some_no, Kleene(negation(some_no), some_no)
    yes, no = either(yes, both(silent, stand.yes)), either(no, both(silent, stand.no))
    # A record that may say yes and cannot be read: what would be different with a yes is not known.
    certain = negation(chart.doubt)
    return Kleene(both(yes, either(certain, with_yes.yes)), both(no, either(certain, with_yes.no)))


def _integer(finding: Finding, sources: Sequence[Source], chart: ChartVariables, hidden: Formula) -> Cases:
    answered = some(known(source.cases) for source in sources)
    told = overlap([*(source.cases for source in sources if source.cases), chart.cases], _end(finding))
    # A number beside a record that cannot be read is open towards the safer side, unless the patient answered.
    doubt = both(chart.doubt, negation(answered))
    found = [Case(both(case.when, negation(doubt)), case.low, case.high) for case in told]
    if not is_false(both(doubt, chart.given)) and finding.safer is not None:
        ends = (chart.number, finding.high) if finding.safer == "high" else (finding.low, chart.high)
        found.append(Case(both(doubt, chart.given), *ends))
    silent = every([hidden, negation(answered), *map(negation, chart.records)])
    return (*found, *(Case(silent, case.low, case.high) for case in stand_in(finding).cases))


def _end(finding: Finding) -> Literal["high", "low"] | None:
    return finding.safer if isinstance(finding.safer, str) else None


def _code(finding: Finding, sources: Sequence[Source], chart: ChartVariables, hidden: Formula) -> dict[str, Kleene]:
    said = {
        code: either(*(source.codes[code].yes for source in sources), chart.codes.get(code, FALSE))
        for code in sorted(finding.code_ids)
    }
    silent = every([hidden, *map(negation, said.values())])
    stand = stand_in(finding).codes or {}
    chosen = {}
    for code, formula in said.items():
        # Sources that differ leave a code unknown.
        alone = every([formula, *(negation(other) for name, other in said.items() if name != code)])
        chosen[code] = either(alone, both(silent, stand[code].yes))
    return {
        code: Kleene(formula, some(other for name, other in chosen.items() if name != code))
        for code, formula in chosen.items()
    }


def _codes(finding: Finding, sources: Sequence[Source], states: Sequence[State]) -> dict[str, Kleene]:
    """All chosen codes; one is ruled out only by a question that decides about it, or that alone does and is hidden."""
    stand = stand_in(finding).codes or {}
    found = {}
    for code in sorted(finding.code_ids):
        deciding = [source for source in sources if code in source.scope]
        yes, no = [source.codes[code].yes for source in deciding], [source.codes[code].no for source in deciding]
        if len(deciding) == 1:
            hidden = next(state.hidden for source, state in zip(sources, states, strict=True) if source is deciding[0])
            yes.append(both(hidden, stand[code].yes))
            no.append(both(hidden, stand[code].no))
        found[code] = Kleene(some(yes), both(some(no), negation(some(yes))))
    return found
