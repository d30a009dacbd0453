"""What a response says, read without the package: link ids and values, whatever else is wrong with it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

Said = dict[str, tuple[Any, ...]]


def said(items: Any) -> Said:
    """Link id to values: a Coding as ``(system, code)``, a time with a zone as its instant, the rest as it stands."""
    found: Said = {}
    for entry in items or ():
        for answer in entry.get("answer") or ():
            values = tuple(_value(name, value) for name, value in sorted(answer.items()) if name.startswith("value"))
            _add(found, {entry["linkId"]: values})
            _add(found, said(answer.get("item")))
        _add(found, said(entry.get("item")))
    return found


def instants(values: Iterable[Any]) -> tuple[Any, ...]:
    """The values with each time that has a zone as an instant: zones may be written in many ways."""
    return tuple(_instant(value) for value in values)


def _add(found: Said, more: Said) -> None:
    for link_id, values in more.items():
        found[link_id] = found.get(link_id, ()) + values


def _value(name: str, value: Any) -> Any:
    if name == "valueCoding":
        return value.get("system", ""), value.get("code", "")
    if isinstance(value, float):
        return Decimal(str(value))
    return json.dumps(value, sort_keys=True) if isinstance(value, dict) else _instant(value)


def _instant(value: Any) -> Any:
    if not isinstance(value, str) or "T" not in value:
        return value
    try:
        time = datetime.fromisoformat(value)
    except ValueError:
        return value
    return time.astimezone(UTC) if time.tzinfo else value
