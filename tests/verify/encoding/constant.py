"""What is known of a finding as a symbolic value without variables."""

from __future__ import annotations

from cds.pack import FindingValue, Interval, Selection
from cds.pack.finding import Finding
from cds.verify.encoding.kleene import TRUE, UNKNOWN, Kleene, constant
from cds.verify.encoding.merge import Value
from cds.verify.encoding.number import Case


def value_of(finding: Finding, value: FindingValue | None) -> Value:
    """The value of the finding, or what is not known of it."""
    codes = sorted(finding.code_ids)
    match value:
        case None:
            return Value(finding, codes=dict.fromkeys(codes, UNKNOWN) if codes else None)
        case bool():
            return Value(finding, truth=Kleene(constant(value), constant(not value)))
        case Interval():
            return Value(finding, cases=(Case(TRUE, value.low, value.high),))
        case Selection():
            states = {code: (code in value.chosen, code not in value.chosen | value.open) for code in codes}
            return Value(
                finding, codes={code: Kleene(constant(yes), constant(no)) for code, (yes, no) in states.items()}
            )
        case str():
            return Value(
                finding, codes={code: Kleene(constant(code == value), constant(code != value)) for code in codes}
            )
