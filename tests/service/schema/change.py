"""Rows of ``rules.yaml``: an example, one change to it, and what is said about that."""

from __future__ import annotations

import copy
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from tests.service.schema.published import EXAMPLES

FILE = Path(__file__).parent / "rules.yaml"
Row = dict[str, Any]


@cache
def rows() -> tuple[Row, ...]:
    """All rows, in order."""
    return tuple(yaml.safe_load(FILE.read_text(encoding="utf-8")))


def title(row: Row) -> str:
    """A name for a row."""
    change = "without" if "drop" in row else str(row["put"])[:24]
    return f"{row['of']} {row['at'] or 'body'} {change}".replace("\n", " ")


def changed(row: Row) -> Any:
    """The example of a row with the change made."""
    _, example = EXAMPLES[row["of"]]
    if not row["at"]:
        return row["put"]
    instance = copy.deepcopy(example)
    *steps, last = [int(step) if step.isdigit() else step for step in row["at"].split(".")]
    place: Any = instance
    for step in steps:
        place = place[step]
    if row.get("drop"):
        del place[last]
    else:
        place[last] = _written_out(row["put"])
    return instance


def _written_out(value: Any) -> Any:
    match value:
        case {"repeat": str(text), "times": int(times)}:
            return text * times
        case {"list": entry, "times": int(times)}:
            return [entry] * times
    return value
