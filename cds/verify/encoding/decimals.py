"""How finely decimal answers must be told apart, so that every answer has one that is read just like it.

What a decimal answer says changes only at certain numbers: where it becomes another number of the finding, at bounds of
``enableWhen``, at the limits of the question. A decimal grid that has all of those that JSON can write, and a number
between any two, has one of each kind.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from math import ceil, log10


def divisor(ratios: Sequence[Fraction], bounds: Iterable[Fraction]) -> int:
    """A power of ten: numbers are told apart in steps of one through it.

    ``ratios`` are how many parts of a finding one unit of the item is, for each finding that reads it; ``bounds`` the
    numbers with which the answer is compared.
    """
    digits = max((_digits(bound.denominator) for bound in bounds), default=0)
    for ratio in ratios:
        digits = max(digits, _digits(ratio.numerator), ceil(log10(2 * max(ratio, Fraction(1)))))
    return int(10 ** (digits + 1))


def _digits(number: int) -> int:
    """How many decimals the terminating fractions with this denominator have at the most."""
    counts = []
    for prime in (2, 5):
        count = 0
        while number % prime == 0:
            number //= prime
            count += 1
        counts.append(count)
    return max(counts)
