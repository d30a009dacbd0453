"""Which version number the difference asks for, and whether the one that is written will do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cds.verify.difference.change_class import FoundClass
from cds.verify.difference.data_change import DataChange, Weight, heaviest


@dataclass(frozen=True, slots=True)
class VersionAdvice:
    """``weight`` of the difference (``None`` if there is none), the ``reasons`` for it, and the least version.

    While a version begins with 0, the second number stands for the first and the third for the second, as is usual.
    """

    weight: Weight | None
    reasons: tuple[str, ...]
    old: str
    new: str
    least: str

    @property
    def raised_enough(self) -> bool:
        """Whether the version that is written says what changed."""
        return _numbers(self.new) >= _numbers(self.least) and (self.weight is None or self.new != self.old)


def version_advice(
    old: str, new: str, classes: Sequence[FoundClass], changes: Sequence[DataChange], unclear: Sequence[str]
) -> VersionAdvice:
    """The least version for these classes and changes; ``unclear`` is what nobody can compare."""
    told = [*_of_classes(classes), *_of_changes(changes), *((one, _major()) for one in unclear)]
    weight = heaviest(one for _, one in told) if told else None
    reasons = tuple(dict.fromkeys(text for text, one in told if one == weight))
    return VersionAdvice(weight, reasons, old, new, next_version(old, weight))


def _major() -> Weight:
    return "major"


def _of_classes(classes: Sequence[FoundClass]) -> Iterator[tuple[str, Weight]]:
    for one in classes:
        change = one.change
        lowered = change.kind in ("level", "outcome") and change.direction == "lowered"
        # To or from out of scope: the pack is made for other patients than before.
        applicability = change.kind == "outcome" and change.direction == "changed"
        yield f"{change}{' (lowered)' if lowered else ''}", "major" if lowered or applicability else "minor"


def _of_changes(changes: Sequence[DataChange]) -> Iterator[tuple[str, Weight]]:
    for change in changes:
        details = f": {'; '.join(change.details)}" if change.details else ""
        yield f"{change.kind} {change.name} {change.how}{details}", change.weight


def next_version(old: str, weight: Weight | None) -> str:
    """The least version after ``old`` that says this."""
    numbers = _numbers(old)[:3]
    first, second, third = numbers
    if weight is None:
        return old
    if "-" in old:  # before a release all may still change: the release itself will do
        return f"{first}.{second}.{third}"
    if weight == "major":
        return f"{first + 1}.0.0" if first else f"0.{second + 1}.0"
    if weight == "minor" and first:
        return f"{first}.{second + 1}.0"
    return f"{first}.{second}.{third + 1}"


def _numbers(version: str) -> tuple[int, int, int]:
    first, second, third = (int(part) for part in version.partition("-")[0].split("."))
    return first, second, third
