"""``enableWhen`` of a Questionnaire: read, and checked against the questions it refers to."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from cds.pack.questionnaire import EnableWhen, Item
from cds.pack.questionnaire_problem import Problems

ORDERED: Final = ("integer", "decimal", "date", "dateTime", "time", "quantity")
_OPERATORS: Final = ("exists", "=", "!=", ">", "<", ">=", "<=")
_JSON: Final[dict[str, tuple[type, ...]]] = {
    "answerBoolean": (bool,),
    "answerInteger": (int,),
    "answerDecimal": (int, float),
    "answerCoding": (dict,),
    "answerQuantity": (dict,),
    "answerDate": (str,),
    "answerDateTime": (str,),
    "answerTime": (str,),
    "answerString": (str,),
}
_ANSWERS: Final[dict[str, tuple[str, ...]]] = {
    "boolean": ("answerBoolean",),
    "decimal": ("answerDecimal", "answerInteger"),
    "integer": ("answerInteger",),
    "date": ("answerDate",),
    "dateTime": ("answerDateTime", "answerDate"),
    "time": ("answerTime",),
    "string": ("answerString",),
    "text": ("answerString",),
    "url": ("answerString",),
    "choice": ("answerCoding", "answerString", "answerInteger", "answerDate"),
    "open-choice": ("answerCoding", "answerString"),
    "quantity": ("answerQuantity",),
}
"""The ``answer[x]`` that fits a question of each type."""


def read_enable_when(item: dict[str, Any], path: str, problems: Problems) -> tuple[EnableWhen, ...]:
    """The conditions of one item; a question's type is checked later, when all items are known."""
    found: list[EnableWhen] = []
    entries = item.get("enableWhen", [])
    for index, entry in enumerate(entries):
        place = f"{path}.enableWhen[{index}]"
        answers = [name for name in entry if name.startswith("answer")] if isinstance(entry, dict) else []
        if len(answers) != 1 or not isinstance(entry.get("question"), str):
            problems.add(place, "a condition needs a question, an operator and exactly one answer[x]")
        elif entry.get("operator") not in _OPERATORS:
            problems.add(f"{place}.operator", f"the operator must be one of {' '.join(_OPERATORS)}")
        else:
            value = _value(answers[0], entry[answers[0]])
            if value is None:
                problems.add(f"{place}.{answers[0]}", "this has the wrong JSON type")
            else:
                found.append(EnableWhen(entry["question"], entry["operator"], value))
    behavior = item.get("enableBehavior")
    if len(entries) > 1 and behavior not in ("all", "any"):
        problems.add(path, "several enableWhen conditions need enableBehavior: write all or any")
    return tuple(found)


def check_gates(
    items: Mapping[str, Item],
    raw: Mapping[str, dict[str, Any]],
    paths: Mapping[str, str],
    problems: Problems,
) -> None:
    """Check every condition against its question, and that no item decides about itself."""
    for link_id, item in items.items():
        if len(item.enable_when) != len(raw[link_id].get("enableWhen", ())):
            continue
        for index, gate in enumerate(item.enable_when):
            place = f"{paths[link_id]}.enableWhen[{index}]"
            question = items.get(gate.question)
            if question is None:
                problems.add(f"{place}.question", f"there is no item with the linkId {gate.question!r}")
                continue
            (name,) = (name for name in raw[link_id]["enableWhen"][index] if name.startswith("answer"))
            message = _misfit(gate, name, question)
            if message:
                problems.add(f"{place}.{name}", message)
    for link_id in _in_cycle(items):
        problems.add(f"{paths[link_id]}.enableWhen", "whether this item is shown depends on itself")


def _misfit(gate: EnableWhen, name: str, question: Item) -> str:
    if question.type not in _ANSWERS:
        return f"{question.link_id!r} is a {question.type}, which has no answer: refer to a question"
    if gate.operator == "exists":
        return "" if name == "answerBoolean" else "the operator exists needs answerBoolean"
    fitting = _ANSWERS[question.type]
    if name not in fitting:
        return f"{question.link_id!r} is of type {question.type}: write {' or '.join(fitting)}"
    if gate.operator not in ("=", "!=") and question.type not in ORDERED:
        return f"{question.link_id!r} is of type {question.type}: use the operator = or !=, not {gate.operator}"
    closed = question.type == "choice" or (question.type == "open-choice" and name == "answerCoding")
    if closed and question.options and gate.answer not in question.options:
        return f"{question.link_id!r} does not offer this option (system and code must both match)"
    return ""


def _value(name: str, value: Any) -> Any:
    kind = _JSON.get(name)
    if kind is None or type(value) not in kind:
        return None
    if name == "answerDecimal":
        return Decimal(str(value))
    if name == "answerCoding":
        code = value.get("code")
        return (value.get("system", ""), code) if isinstance(code, str) else None
    if name == "answerQuantity":
        number = value.get("value")
        readable = type(number) in (int, float)
        return (Decimal(str(number)), value.get("code", ""), value.get("system", "")) if readable else None
    return value


def _in_cycle(items: Mapping[str, Item]) -> list[str]:
    state: dict[str, int] = {}
    found: list[str] = []

    def visit(link_id: str) -> None:
        state[link_id] = 1
        item = items[link_id]
        for other in [*([item.parent] if item.parent else []), *(gate.question for gate in item.enable_when)]:
            if other not in items:
                continue
            if state.get(other) == 1:
                found.append(link_id)
            elif other not in state:
                visit(other)
        state[link_id] = 2

    for link_id in items:
        if link_id not in state:
            visit(link_id)
    return found
