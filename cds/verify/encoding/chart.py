"""The chart as variables: what it says of each finding that it can speak of."""

from __future__ import annotations

from dataclasses import dataclass, field

import z3

from cds.pack.finding import Finding
from cds.verify.encoding.kleene import FALSE, TRUE, Formula, at_most_one, both, either, is_false, negation
from cds.verify.encoding.number import Case, Cases
from cds.verify.encoding.question import named

GENDERS = ("female", "male", "other", "unknown")
"""FHIR's AdministrativeGender."""


@dataclass(frozen=True, slots=True)
class ChartVariables:
    """What the chart says of one finding.

    ``yes``: it makes a boolean true; ``doubt``: it has a result that cannot be read; ``given``: it has a number,
    between ``number`` and ``high`` (a comparator, a year of birth); ``codes``: the patient's gender as a code.
    """

    finding: Finding
    yes: Formula = FALSE
    doubt: Formula = FALSE
    given: Formula = FALSE
    number: z3.ArithRef = field(default_factory=lambda: z3.IntVal(0))
    high: z3.ArithRef = field(default_factory=lambda: z3.IntVal(0))
    codes: dict[str, Formula] = field(default_factory=dict)

    @property
    def cases(self) -> Cases:
        """The number, if there is one."""
        return () if is_false(self.given) else (Case(self.given, self.number, self.high),)

    @property
    def records(self) -> list[Formula]:
        """Each thing that the chart may say."""
        return [one for one in (self.yes, self.doubt, self.given, *self.codes.values()) if not is_false(one)]

    @property
    def variables(self) -> list[z3.ExprRef]:
        """All variables."""
        return [*self.records, self.number, self.high] if not is_false(self.given) else list(self.records)

    def constraints(self) -> list[Formula]:
        """A number is in range, and there is one gender."""
        found = [at_most_one(list(self.codes.values()))] if self.codes else []
        if not is_false(self.given):
            found += [self.number >= self.finding.low, self.number <= self.high, self.high <= self.finding.high]
        return found

    @property
    def plain(self) -> Formula:
        """When a witness can be written for it: an exact number, one with a comparator, a year of birth."""
        if is_false(self.given):
            return TRUE
        exact, ways = self.number == self.high, [negation(self.given)]
        if any(source.resource == "Observation" for source in self.finding.chart):
            ways += [self.number == self.finding.low, self.high == self.finding.high]
            return either(exact, *ways)
        if any(source.elapsed in ("a", "year", "years", None) for source in self.finding.chart):
            ways.append(self.high == self.number + 1)
        return both(either(exact, *ways), negation(self.doubt))


def chart_variables(finding: Finding, prefix: str) -> ChartVariables | None:
    """The variables of one finding, or ``None`` if the chart does not speak of it."""
    if not finding.chart:
        return None

    def name(*what: str) -> str:
        return named(prefix, "chart", finding.id, *what)

    observed = any(one.resource == "Observation" for one in finding.chart)
    doubt = z3.Bool(name("doubt")) if observed or finding.type == "integer" else FALSE
    if finding.type == "boolean":
        return ChartVariables(finding, yes=z3.Bool(name("yes")), doubt=doubt)
    if finding.type == "integer":
        ends = z3.Int(name("low")), z3.Int(name("high"))
        return ChartVariables(finding, doubt=doubt, given=z3.Bool(name("number")), number=ends[0], high=ends[1])
    mapped = {(one.map or {}).get(gender, gender) for one in finding.chart for gender in GENDERS} & finding.code_ids
    return ChartVariables(finding, codes={code: z3.Bool(name("is", code)) for code in sorted(mapped)})
