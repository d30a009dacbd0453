"""Arrays and objects: which elements they have, and of which types."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from cds.intake.faults import element_name
from cds.intake.json_types import LONGEST, any_object, text
from cds.intake.type_problem import Check, Problem, Problems, problem, within, wrong


def array(check: Check) -> Check:
    """A check for an array that is not empty, each entry of which passes ``check``."""

    def check_array(value: Any) -> Problems:
        if type(value) is not list:
            return wrong("an array", value)
        if not value:
            return problem("empty-value", kind="array")
        found: list[Problem] = []
        for index, entry in enumerate(value):
            if problems := check(entry):
                found += within(index, problems)
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
        """The problems of ``value`` and all its parts."""
        if type(value) is not dict:
            return wrong("an object", value)
        found: list[Problem] = []
        get = self.elements.get
        for name, child in value.items():
            check = get(name)
            if check is text:
                if type(child) is str and 0 < len(child) <= LONGEST:
                    continue
                found += within(name, text(child) or [])
            elif check is not None:
                if problems := check(child):
                    found += within(name, problems)
            elif not self.is_open:
                found += problem("unknown-element", name=element_name(name))
        for name in self.required:
            if name not in value:
                found += problem("missing-element", name=name)
        if self.one_of and (len(value) != 1 or self.one_of.isdisjoint(value)):
            count = len(self.one_of & value.keys())
            if count != 1:
                found += problem("several-values" if count else "no-value")
        return found


def modifier(name: str) -> Check:
    """A check that refuses an element which may change the meaning of what it is in."""
    return lambda _: problem("modifier", name=name)
