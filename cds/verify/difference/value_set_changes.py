"""Codes that a value set has in one version only: charts say other things with them."""

from __future__ import annotations

from collections.abc import Iterator

from cds.pack.value_set import ValueSets
from cds.verify.difference.data_change import DataChange, Weight, compared

_MOST = 5


def value_set_changes(old: ValueSets, new: ValueSets) -> Iterator[DataChange]:
    """The value sets that differ, with some of their codes."""
    return compared("value set", old, new, _differences)


def _differences(before: frozenset[tuple[str, str]], after: frozenset[tuple[str, str]]) -> Iterator[tuple[str, Weight]]:
    for what, codes in (("removed", before - after), ("added", after - before)):
        if codes:
            names = ", ".join(code for _, code in sorted(codes)[:_MOST])
            more = f" and {len(codes) - _MOST} more" if len(codes) > _MOST else ""
            yield f"{what}: {names}{more}", "minor"
