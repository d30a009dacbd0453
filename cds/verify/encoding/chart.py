"""The chart as variables: what it says of each finding that it can speak of."""

from __future__ import annotations

from dataclasses import dataclass, field

import z3

from cds.pack.finding import Finding
from cds.verify.encoding.kleene import FALSE, Formula, at_most_one, is_false
from cds.verify.encoding.number import Case, Cases

GENDERS = ("female", "male", "other", "unknown")
"""FHIR's AdministrativeGender."""


@dataclass(frozen=True, slots=True)
class ChartVariables:
    """What the chart says of one finding.

    ``yes``: it makes a boolean true; ``doubt``: it has a result that cannot be read; ``given`` and ``number``: an
    exact number; ``codes``: the patient's gender as a code.
    """

    finding: Finding
    yes: Formula = FALSE
    doubt: Formula = FALSE
    given: Formula = FALSE
    number: z3.ArithRef = field(default_factory=lambda: z3.IntVal(0))
    codes: dict[str, Formula] = field(default_factory=dict)

    @property
    def cases(self) -> Cases:
        """The number, if there is one."""
        return () if is_false(self.given) else (Case(self.given, self.number, self.number),)

    @property
    def records(self) -> list[Formula]:
        """Each thing that the chart may say."""
        return [one for one in (self.yes, self.doubt, self.given, *self.codes.values()) if not is_false(one)]

    @property
    def variables(self) -> list[z3.ExprRef]:
        """All variables."""
        return [*self.records, self.number] if not is_false(self.given) else list(self.records)

    def constraints(self) -> list[Formula]:
        """A number is in range, and there is one gender."""
        found = [at_most_one(list(self.codes.values()))] if self.codes else []
        if not is_false(self.given):
            found += [self.number >= self.finding.low, self.number <= self.finding.high]
        return found


def chart_variables(finding: Finding, prefix: str) -> ChartVariables | None:
    """The variables of one finding, or ``None`` if the chart does not speak of it."""
    if not finding.chart:
        return None
    name = f"{prefix}chart.{finding.id}"
    observed = z3.Bool(f"{name}=(doubt)") if any(one.resource == "Observation" for one in finding.chart) else FALSE
    if finding.type == "boolean":
        return ChartVariables(finding, yes=z3.Bool(f"{name}=(yes)"), doubt=observed)
    if finding.type == "integer":
        return ChartVariables(finding, doubt=observed, given=z3.Bool(f"{name}=(number)"), number=z3.Int(name))
    mapped = {(one.map or {}).get(gender, gender) for one in finding.chart for gender in GENDERS} & finding.code_ids
    return ChartVariables(finding, codes={code: z3.Bool(f"{name}={code}") for code in sorted(mapped)})
