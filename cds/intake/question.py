"""One question of the questionnaire, compiled for checking its answers."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any, Final

from cds.intake.checked import Answer, Quantity
from cds.intake.instant import moment
from cds.pack.questionnaire import Item

_NAMES: Final[dict[str, tuple[str, ...]]] = {
    "boolean": ("valueBoolean",),
    "decimal": ("valueDecimal",),
    "integer": ("valueInteger",),
    "date": ("valueDate",),
    "dateTime": ("valueDateTime",),
    "time": ("valueTime",),
    "string": ("valueString",),
    "text": ("valueString",),
    "url": ("valueUri",),
    "quantity": ("valueQuantity",),
    "open-choice": ("valueCoding", "valueString"),
    "group": (),
    "display": (),
}
"""The elements that answer a question of each type; a choice takes those of its options."""


class Question:
    """An item with what its answers must be. ``names`` are the ``value[x]`` it takes; none for a group."""

    __slots__ = (
        "exclusive",
        "is_group",
        "item",
        "limited",
        "link_id",
        "names",
        "options",
        "parent",
        "repeats",
    )

    def __init__(self, item: Item) -> None:
        self.item = item
        self.link_id = item.link_id
        self.parent = item.parent
        self.repeats = item.repeats
        self.is_group = item.type == "group"
        self.options = item.options if item.type in ("choice", "open-choice") else None
        self.exclusive = frozenset(value for value, option in item.options.items() if option.exclusive)
        self.limited = (item.minimum, item.maximum, item.max_length) != (None, None, None)
        self.names = _option_names(item) if item.type == "choice" else _NAMES[item.type]

    def value(self, answer: dict[str, Any]) -> Answer | None:
        """The value of an answer, or ``None`` if it has none of the elements that the question takes."""
        for name in self.names:
            given = answer.get(name)
            if given is not None:
                if name == "valueCoding":
                    return given.get("system", ""), given.get("code", "")
                read = _READ.get(name)
                return read(given) if read else given
        return None

    def offers(self, value: Answer) -> bool:
        """Whether the answer is one of the options, where there are any; an open choice takes any text."""
        options = self.options
        return options is None or value in options or (type(value) is str and self.item.type == "open-choice")

    def beyond(self, value: Answer) -> tuple[str, dict[str, int]] | None:
        """The fault of an answer that is outside the limits of the question: its code and details."""
        item = self.item
        if item.max_length is not None and isinstance(value, str) and len(value) > item.max_length:
            return "answer-too-long", {"length": len(value), "limit": item.max_length}
        if item.minimum is not None and _before(item.type, value, item.minimum):
            return "below-minimum", {}
        if item.maximum is not None and _before(item.type, item.maximum, value):
            return "above-maximum", {}
        return None


def _before(kind: str, one: Any, other: Any) -> bool:
    if kind in ("date", "dateTime"):
        # A partial date is only refused when every day it may mean is.
        return moment(one).last < moment(other).first
    return bool(one < other)


def _option_names(item: Item) -> tuple[str, ...]:
    names = {tuple: "valueCoding", int: "valueInteger"}
    found = dict.fromkeys(names.get(type(value), "valueString") for value in item.options)
    if "valueString" in found:
        # Options of valueString and valueDate are both held as text.
        found["valueDate"] = None
    return tuple(found)


def _decimal(value: float) -> Decimal:
    return Decimal(str(value))


def _quantity(value: dict[str, Any]) -> Quantity:
    return Quantity(Decimal(str(value["value"])), value.get("code", ""), value.get("system", ""))


_READ: Final[dict[str, Callable[[Any], Answer]]] = {
    "valueDecimal": _decimal,
    "valueQuantity": _quantity,
}
