"""Problems of JSON types, placed where they were found."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from cds.intake.faults import Fault, element_name, fault


class Problem(NamedTuple):
    """A fault with its place given as steps (element names and indexes) from where the check began."""

    steps: tuple[str | int, ...]
    code: str
    details: Mapping[str, object]


Problems = list[Problem] | None
Check = Callable[[Any], Problems]


def problem(code: str, **details: object) -> list[Problem]:
    """One problem at the very place that is checked."""
    return [Problem((), code, details)]


def wrong(expected: str, value: Any) -> list[Problem]:
    """The problem of a value of another JSON type; null has a message of its own."""
    return problem("null-value") if value is None else problem("wrong-json-type", expected=expected)


def within(step: str | int, problems: list[Problem]) -> list[Problem]:
    """Problems of a part, placed in its whole."""
    return [Problem((step, *steps), kind, details) for steps, kind, details in problems]


def as_faults(root: str, resource: Any, problems: list[Problem]) -> list[Fault]:
    """Problems as faults, with paths from ``root`` and the link id of the item they are in."""
    return [
        fault(kind, path_of(root, steps), _link_id(resource, steps), **details) for steps, kind, details in problems
    ]


def path_of(root: str, steps: Iterable[str | int]) -> str:
    """A path as FHIRPath writes it; element names that FHIR does not have are not repeated."""
    parts = (f"[{step}]" if isinstance(step, int) else f".{_shown(step)}" for step in steps)
    return root + "".join(parts)


def _shown(name: str) -> str:
    return name if element_name(name) == repr(name) else "(element)"


def _link_id(resource: Any, steps: tuple[str | int, ...]) -> str | None:
    found = None
    node = resource
    for step in steps:
        node = node[step] if not isinstance(node, dict) or step in node else None
        if isinstance(node, dict) and isinstance(node.get("linkId"), str):
            found = node["linkId"]
    return found
