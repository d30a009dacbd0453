"""JSON types of FHIR elements, checked before any model sees them.

Models take the word ``"false"`` for false and ``"7"`` for 7; here a boolean must be a JSON boolean. A check
gives ``None`` when all is well, and otherwise problems with their place.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, NamedTuple

from cds.intake.faults import Fault, element_name, fault
from cds.intake.instant import is_date, is_date_time, is_instant, is_time

LONGEST: Final = 20_000
"""The most characters of one string; longer than any answer, far below FHIR's own megabyte."""


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


def text(value: Any) -> Problems:
    """A FHIR string: not empty, and not longer than :data:`LONGEST`."""
    if type(value) is str and 0 < len(value) <= LONGEST:
        return None
    if type(value) is not str:
        return wrong("a string", value)
    if not value:
        return problem("empty-value", kind="string")
    return problem("too-long", length=len(value), limit=LONGEST)


def boolean(value: Any) -> Problems:
    """A JSON boolean."""
    return None if type(value) is bool else wrong("true or false, without quotes", value)


def integer(value: Any) -> Problems:
    """A JSON integer of 32 bits."""
    if type(value) is not int:
        return wrong("a whole number, without quotes", value)
    return None if -(2**31) <= value < 2**31 else problem("integer-out-of-range")


def decimal(value: Any) -> Problems:
    """A JSON number."""
    return None if type(value) in (int, float) else wrong("a number, without quotes", value)


def formatted(type_name: str, pattern: str) -> Check:
    """A check for a string of a FHIR type that has a regular expression."""
    compiled = re.compile(pattern, re.ASCII)

    def check(value: Any) -> Problems:
        found = text(value)
        if found is None and not compiled.fullmatch(value):
            found = problem("bad-format", type=type_name)
        return found

    return check


def dated(type_name: str, valid: Callable[[str], bool]) -> Check:
    """A check for a date or time: the form of FHIR, and in the calendar."""

    def check(value: Any) -> Problems:
        found = text(value)
        if found is None and not valid(value):
            found = problem("bad-date", type=type_name)
        return found

    return check


identifier: Final = formatted("id", r"[A-Za-z0-9\-.]{1,64}")
code: Final = formatted("code", r"[^\s]+(\s[^\s]+)*")
uri: Final = formatted("uri", r"\S+")
date: Final = dated("date", is_date)
date_time: Final = dated("dateTime", is_date_time)
time: Final = dated("time", is_time)
instant: Final = dated("instant", is_instant)


def anything(value: Any) -> Problems:
    """Any JSON that FHIR allows: no null, nothing empty. For elements that are carried but not read."""
    if type(value) is str:
        return text(value)
    if type(value) is dict:
        if not value:
            return problem("empty-value", kind="object")
        return _collect((name, _carried(value, name)) for name in value)
    if type(value) is list:
        if not value:
            return problem("empty-value", kind="array")
        return _collect((index, anything(entry)) for index, entry in enumerate(value))
    return problem("null-value") if value is None else None


def any_object(value: Any) -> Problems:
    """Any JSON object that FHIR allows."""
    return anything(value) if type(value) is dict else wrong("an object", value)


def array(check: Check) -> Check:
    """A check for an array that is not empty, each entry of which passes ``check``."""

    def check_array(value: Any) -> Problems:
        if type(value) is not list:
            return wrong("an array", value)
        if not value:
            return problem("empty-value", kind="array")
        found: Problems = None
        for index, entry in enumerate(value):
            problems = check(entry)
            if problems:
                found = (found or []) + within(index, problems)
        return found

    return check_array


class Shape:
    """A check for an object: its elements, those that must be there, and whether others may be.

    ``strings`` are elements of type string, ``elements`` the others; each may have its ``_`` twin. ``one_of``
    are the elements of a ``value[x]``, exactly one of which must be there.
    """

    def __init__(
        self,
        strings: Iterable[str] = (),
        elements: Mapping[str, Check] | None = None,
        required: Iterable[str] = (),
        one_of: Iterable[str] = (),
        is_open: bool = False,
    ) -> None:
        self.elements: dict[str, Check] = {**dict.fromkeys(strings, text), **(elements or {})}
        for name in tuple(self.elements):
            self.elements.setdefault(f"_{name}", any_object)
        self.required = tuple(required)
        self.one_of = frozenset(one_of)
        self.is_open = is_open

    def __call__(self, value: Any) -> Problems:
        """The problems of ``value`` and all its parts, or ``None``."""
        if type(value) is not dict:
            return wrong("an object", value)
        found: Problems = None
        get = self.elements.get
        for name, child in value.items():
            check = get(name)
            if check is text:
                if type(child) is str and 0 < len(child) <= LONGEST:
                    continue
                found = (found or []) + within(name, text(child) or [])
            elif check is not None:
                if problems := check(child):
                    found = (found or []) + within(name, problems)
            elif not self.is_open:
                found = (found or []) + problem("unknown-element", name=element_name(name))
        for name in self.required:
            if name not in value:
                found = (found or []) + problem("missing-element", name=name)
        if self.one_of and (len(value) != 1 or self.one_of.isdisjoint(value)):
            count = len(self.one_of & value.keys())
            if count != 1:
                found = (found or []) + problem("several-values" if count else "no-value")
        return found


def modifier(name: str) -> Check:
    """A check that refuses an element which may change the meaning of what it is in."""
    return lambda _: problem("modifier", name=name)


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


def _collect(parts: Iterable[tuple[str | int, Problems]]) -> Problems:
    found = [entry for step, problems in parts if problems for entry in within(step, problems)]
    return found or None


def _carried(holder: dict[str, Any], name: str) -> Problems:
    value = holder[name]
    twin = holder.get(name[1:] if name.startswith("_") else f"_{name}")
    if type(value) is list and type(twin) is list and len(value) == len(twin):
        # Where one of the two arrays has null, the other must say something.
        pairs = enumerate(zip(value, twin, strict=True))
        return _collect((i, None if one is None and other is not None else anything(one)) for i, (one, other) in pairs)
    return anything(value)
