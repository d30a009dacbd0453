"""Formulas as Python: thousands of patients want them evaluated faster than z3 does it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import z3

Assignment = Mapping[int, bool | int]
"""The id of a variable's term, and its value."""

_INFIX: Final = {
    z3.Z3_OP_EQ: " == ",
    z3.Z3_OP_XOR: " != ",
    z3.Z3_OP_LE: " <= ",
    z3.Z3_OP_GE: " >= ",
    z3.Z3_OP_LT: " < ",
    z3.Z3_OP_GT: " > ",
    z3.Z3_OP_ADD: " + ",
    z3.Z3_OP_SUB: " - ",
    z3.Z3_OP_MUL: " * ",
    z3.Z3_OP_IDIV: " // ",  # alike, as the encoding divides by positive numbers only
    z3.Z3_OP_AND: " and ",
    z3.Z3_OP_OR: " or ",
}


def compiled(formulas: Sequence[Any]) -> Callable[[Assignment], list[Any]]:
    """The formulas as one function of the values of their variables; each shared part is computed once."""
    names: dict[int, str] = {}
    lines: list[str] = []
    for formula in formulas:
        _write(formula, names, lines)
    told = ", ".join(names[formula.get_id()] for formula in formulas)
    body = "\n".join(f"    {line}" for line in [*lines, f"return [{told}]"])
    found: dict[str, Any] = {}
    exec(f"def evaluate(given):\n{body}", found)  # noqa: S102  # written from formulas, a few lines up
    # The terms are kept, or others could get their ids.
    kept = list(formulas)
    evaluate = found["evaluate"]
    return lambda given: evaluate(given) if kept else []


def _write(formula: Any, names: dict[int, str], lines: list[str]) -> None:
    waiting = [formula]
    while waiting:
        term = waiting[-1]
        missing = [part for part in term.children() if part.get_id() not in names]
        if missing:
            waiting += missing
            continue
        waiting.pop()
        if term.get_id() not in names:
            names[term.get_id()] = f"t{len(names)}"
            parts = [names[part.get_id()] for part in term.children()]
            lines.append(f"{names[term.get_id()]} = {_written(term, parts)}")


def _written(term: Any, parts: list[str]) -> str:
    kind = term.decl().kind()
    if kind in _INFIX:
        return _INFIX[kind].join(parts)
    match kind:
        case z3.Z3_OP_UNINTERPRETED:
            # What is not given does not matter: the ends of a partial date, where the date is whole.
            return f"given.get({term.get_id()}, 0)"
        case z3.Z3_OP_TRUE | z3.Z3_OP_FALSE:
            return str(kind == z3.Z3_OP_TRUE)
        case z3.Z3_OP_ANUM:
            return str(term.as_long())
        case z3.Z3_OP_NOT:
            return f"not {parts[0]}"
        case z3.Z3_OP_IMPLIES:
            return f"{parts[1]} or not {parts[0]}"
        case z3.Z3_OP_ITE:
            return f"{parts[1]} if {parts[0]} else {parts[2]}"
        case z3.Z3_OP_UMINUS:
            return f"-{parts[0]}"
        case z3.Z3_OP_PB_LE | z3.Z3_OP_PB_GE | z3.Z3_OP_PB_AT_MOST | z3.Z3_OP_PB_AT_LEAST:
            least = kind in (z3.Z3_OP_PB_GE, z3.Z3_OP_PB_AT_LEAST)
            bound, *weights = term.params()
            weighted = [f"{weight} * {part}" for weight, part in zip(weights or [1] * len(parts), parts, strict=True)]
            return f"{' + '.join(weighted)} {'>=' if least else '<='} {bound}"
        case _:
            raise AssertionError(f"not known in formulas: {term.decl()}")
