"""Numbers and times as the scaled integers of a finding, exactly."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from cds.intake.instant import FutureDateError, Moment, elapsed, moment, time_unit
from cds.intake.reading import UnreadableError
from cds.pack.finding import Finding
from cds.pack.units import conversion
from cds.pack.value import Interval


def scaled(finding: Finding, value: int | float | Decimal | Fraction, factor: Fraction) -> Interval:
    """A number in the finding's unit and scale; more decimals than the scale holds give the two neighbours.

    Raises :class:`UnreadableError` (``value-out-of-range``) instead of moving a number into the range.
    """
    # Whole numbers throughout: exact, and much faster than fractions.
    above, below = (Decimal(str(value)) if type(value) is float else value).as_integer_ratio()
    above *= factor.numerator * finding.scale
    below *= factor.denominator
    if not finding.low * below <= above <= finding.high * below:
        raise out_of_range(finding)
    return Interval(above // below, -(-above // below))


def since(finding: Finding, date: str, as_of: Moment, unit: str, factor: Fraction) -> Interval:
    """The time from ``date`` to ``as_of`` in whole completed ``unit``, as a number of the finding.

    ``factor`` is that of :func:`time_factor`: two completed days are 48 to 71 hours. Raises
    :class:`UnreadableError` (``date-in-future``, ``value-out-of-range``).
    """
    try:
        whole = elapsed(moment(date), as_of, unit)
    except FutureDateError:
        raise UnreadableError("date-in-future") from None
    times, parts = factor.numerator * finding.scale, factor.denominator
    low, high = whole.low * times // parts, -(-(whole.high + 1) * times // parts) - 1
    if low > finding.high or high < finding.low:
        raise out_of_range(finding)
    # A partial date may mean values that the finding cannot have; those are ruled out.
    return Interval(max(low, finding.low), min(high, finding.high))


def time_factor(finding: Finding, unit: str) -> Fraction:
    """From a unit of time to the finding's own; ``ValueError`` if the finding does not measure time."""
    factor = conversion(time_unit(unit), finding.unit)
    if factor is None:
        raise ValueError(f"the finding {finding.id!r} is in {finding.unit or 'no unit'}, which is not a time")
    return factor


def out_of_range(finding: Finding) -> UnreadableError:
    """The fault of a number that the finding cannot have, with the range in the finding's unit."""
    low, high = (Decimal(bound) / finding.scale for bound in (finding.low, finding.high))
    return UnreadableError("value-out-of-range", low=low, high=high, unit=finding.unit or "")
