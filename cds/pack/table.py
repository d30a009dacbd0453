"""Decision tables: each row becomes a rule; hit policies are checked, never resolved by order."""

from __future__ import annotations

import operator
import re
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Final

from cds.pack.condition import All, AnyOf, Compare, Condition, Holds, Includes, IsCode, Not
from cds.pack.expression import ConditionReader
from cds.pack.finding import Finding
from cds.pack.name import MAX_LENGTH
from cds.pack.problem import did_you_mean
from cds.pack.rule import WrittenRow, WrittenRule, WrittenTable
from cds.pack.yaml_source import KeyPath

MAX_INPUTS: Final = 9
"""WHO SMART guidelines: no tables with ten or more inputs; nobody can read them."""

_COMPARISON: Final = re.compile(r"(>=|<=|!=|=|>|<)\s*(-?\d+(?:\.\d+)?)\s*(\S+)?")

_TESTS: Final = {
    ">=": operator.ge,
    ">": operator.gt,
    "<=": operator.le,
    "<": operator.lt,
    "=": operator.eq,
    "!=": operator.ne,
}

Row = tuple[WrittenRule, Condition | None, KeyPath]


def expand(table: WrittenTable, reader: ConditionReader, path: KeyPath) -> list[Row]:
    """The rules of a table: each with its condition (``None`` when it cannot be read) and its place."""
    if len(table.inputs) > MAX_INPUTS:
        reader.report((*path, "inputs"), "table-inputs", count=len(table.inputs))
    for index, name in enumerate(table.inputs):
        if name not in reader.findings:
            hint = did_you_mean(name, reader.findings)
            reader.report((*path, "inputs", index), "unknown-finding", hint, name=name)
    rows: list[Row] = []
    read: list[dict[str, Condition]] = []
    for index, row in enumerate(table.rows):
        where = (*path, "rows", index)
        cells = _cells(row, table, reader, where)
        read.append(cells)
        condition = _conjunction(cells)
        if all(cell == "-" for cell in row.cells.values()):
            reader.report((*where, "if"), "table-empty-row")
        if table.hit == "priority" and row.then.level is None:
            reader.report((*where, "then"), "table-priority")
        if len(f"{table.id}.{row.id}") > MAX_LENGTH:
            form = f"at most {MAX_LENGTH} characters for the table and the row together"
            reader.report((*where, "id"), "bad-name", name=row.id, kind="row", form=form)
            continue
        # a row with a cell that cannot be read has no condition, or it would say more than was written
        whole = len(cells) == sum(cell != "-" for cell in row.cells.values())
        rows.append((_as_rule(table, row), condition if whole else None, where))
    if table.hit in ("unique", "any"):
        _check_overlaps(table, read, reader, path)
    return rows


def _as_rule(table: WrittenTable, row: WrittenRow) -> WrittenRule:
    return WrittenRule(
        id=f"{table.id}.{row.id}",
        title=row.title or f"{table.title}: {row.id}",
        status=table.status,
        effective=table.effective,
        review=table.review,
        when=None,
        then=row.then,
        rationale=row.rationale or table.rationale,
        citations=[*table.citations, *(key for key in row.citations if key not in table.citations)],
        unverified=table.unverified if row.unverified is None else row.unverified,
        subsumed_by=row.subsumed_by,
    )


def _cells(row: WrittenRow, table: WrittenTable, reader: ConditionReader, path: KeyPath) -> dict[str, Condition]:
    cells: dict[str, Condition] = {}
    for name, cell in row.cells.items():
        where = (*path, "if", name)
        if name not in table.inputs:
            reader.report(where, "table-column", did_you_mean(name, table.inputs), name=name)
        elif name in reader.findings and cell != "-":
            condition = _cell(reader.findings[name], cell, reader, where)
            if condition is not None:
                cells[name] = condition
    return cells


def _cell(finding: Finding, cell: str | int | float | bool, reader: ConditionReader, path: KeyPath) -> Condition | None:
    if finding.type == "boolean":
        if cell is True or cell == "yes":
            return Holds(finding.id)
        if cell is False or cell == "no":
            return Not(Holds(finding.id))
    elif finding.type == "integer":
        text = str(cell) if isinstance(cell, str) else f"= {cell}"
        found = _COMPARISON.fullmatch(text.strip())
        if found:
            number = Fraction(Decimal(found[2]))
            return reader.comparison(finding, found[1], number, found[3], text=f"{finding.id} {text}", path=path)
    elif isinstance(cell, str):
        codes = [code.strip() for code in cell.split("|")]
        if not reader.codes_known(finding, codes, path):
            return None
        kind = IsCode if finding.type == "code" else Includes
        members = tuple(kind(finding.id, code) for code in codes)
        return members[0] if len(members) == 1 else AnyOf(members)
    hints = {"boolean": "Write yes, no or -", "integer": "Write a comparison such as '>= 65', or -"}
    hint = hints.get(finding.type, "Write a code, codes with | between them, or -")
    reader.report(path, "table-cell", hint, text=cell, type=finding.type, finding=finding.id)
    return None


def _conjunction(cells: Mapping[str, Condition]) -> Condition | None:
    if not cells:
        return None
    conditions = tuple(cells.values())
    return conditions[0] if len(conditions) == 1 else All(conditions)


def _check_overlaps(
    table: WrittenTable, rows: list[dict[str, Condition]], reader: ConditionReader, path: KeyPath
) -> None:
    for second in range(len(rows)):
        for first in range(second):
            shared = rows[first].keys() & rows[second].keys()
            if any(_exclude(rows[first][name], rows[second][name], reader) for name in shared):
                continue
            if table.hit == "any" and table.rows[first].then == table.rows[second].then:
                continue
            reader.report(
                (*path, "rows", second),
                "table-hit",
                first=table.rows[first].id,
                second=table.rows[second].id,
                hit=table.hit,
            )


def _exclude(first: Condition, second: Condition, reader: ConditionReader) -> bool:
    """Whether two cells of one column can never hold for one patient."""
    if Not(first) == second or Not(second) == first:
        return True
    if isinstance(first, Compare) and isinstance(second, Compare):
        finding = reader.findings[first.finding]
        edges = {finding.low, finding.high, *(cell.value + by for cell in (first, second) for by in (-1, 0, 1))}
        numbers = [edge for edge in edges if finding.low <= edge <= finding.high]
        return not any(_holds(first, number) and _holds(second, number) for number in numbers)
    codes_one, codes_two = _codes(first), _codes(second)
    return codes_one is not None and codes_two is not None and codes_one.isdisjoint(codes_two)


def _holds(comparison: Compare, number: int) -> bool:
    return bool(_TESTS[comparison.operator](number, comparison.value))


def _codes(cell: Condition) -> frozenset[str] | None:
    """The codes of a cell on a ``code`` finding; several of a ``codes`` finding can hold at once, so none there."""
    if isinstance(cell, IsCode):
        return frozenset({cell.code})
    if isinstance(cell, AnyOf) and all(isinstance(operand, IsCode) for operand in cell.operands):
        return frozenset(operand.code for operand in cell.operands if isinstance(operand, IsCode))
    return None
