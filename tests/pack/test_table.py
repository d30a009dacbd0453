"""Decision tables: rows mean what their cells say, and hit policies are kept whatever the order."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cds.engine.reference import reading
from cds.pack.rule import WrittenTable
from cds.pack.table import expand
from cds.pack.value import FindingValue, Interval, Selection
from tests.pack.test_expression import OPERATORS
from tests.pack.vocabulary import CODES, Recorder

BLOCK, OTHER = {"block": ["rest"]}, {"advise": ["rest"]}
URGENT = {"level": "emergency", "reason": {"en": "x"}}


def table_of(rows: list[dict[str, Any]], hit: str = "collect", then: Any = BLOCK, **more: Any) -> WrittenTable:
    """A table with these rows of cells; its inputs are the findings that they name."""
    written = [{"id": f"row{index}", "then": then, "if": cells} for index, cells in enumerate(rows)]
    inputs = sorted({name for cells in rows for name in cells})
    return WrittenTable.model_validate({"id": "t", "title": "T", "hit": hit, "inputs": inputs, "rows": written, **more})


def faults_of(table: WrittenTable) -> list[str]:
    faults = Recorder()
    expand(table, faults.reader, ())
    return faults.codes


CELLS: dict[str, tuple[str, Any, str | None]] = {
    "yes": ("breathless", "yes", None),
    "true": ("breathless", True, None),
    "no": ("breathless", "no", None),
    "false": ("breathless", False, None),
    "one for a boolean": ("breathless", 1, "table-cell"),
    "nought for a boolean": ("breathless", 0, "table-cell"),
    "a word for a boolean": ("breathless", "maybe", "table-cell"),
    "a number": ("age", 65, None),
    "a decimal": ("temperature", 38.5, None),
    "a comparison": ("age", ">= 65", None),
    "a comparison with a unit": ("ill_hours", "> 3 d", None),
    "a truth for a number": ("age", True, "table-cell"),
    "a word for a number": ("age", "old", "table-cell"),
    "a range": ("age", "18-65", "table-cell"),
    "a number always true": ("age", ">= 0", "condition-constant"),
    "another unit": ("age", ">= 3 kg", "unit-mismatch"),
    "a code": ("cough", "dry", None),
    "codes": ("cough", "dry | wet", None),
    "codes of several": ("coughs", "dry|wet", None),
    "an unknown code": ("cough", "dry | loud", "unknown-code"),
    "a number for a code": ("cough", 3, "table-cell"),
}


@pytest.mark.parametrize(("name", "cell", "code"), CELLS.values(), ids=CELLS)
def test_cell(name: str, cell: Any, code: str | None) -> None:
    faults = Recorder()
    ((_, condition, _),) = expand(table_of([{name: cell}]), faults.reader, ())
    assert faults.codes == ([] if code is None else [code])
    assert (condition is None) == (code is not None)


def test_a_row_with_a_broken_cell_says_nothing() -> None:
    """Without the cell it would say more than was written."""
    faults = Recorder()
    ((_, condition, _),) = expand(table_of([{"age": ">= 65", "cough": "loud"}]), faults.reader, ())
    assert condition is None


def test_faults_of_a_table() -> None:
    rows = [{"age": ">= 65"}]
    assert faults_of(table_of(rows, inputs=["age", "wheeze"])) == ["unknown-finding"]
    assert faults_of(table_of([{"age": ">= 65", "cough": "dry"}], inputs=["age"])) == ["table-column"]
    assert faults_of(table_of(rows, inputs=["age"] * 10)) == ["table-inputs"]
    assert faults_of(table_of([{"age": "-"}])) == ["table-empty-row"]
    assert faults_of(table_of([{}])) == ["table-empty-row"]
    assert faults_of(table_of(rows, hit="priority")) == ["table-priority"]
    assert not faults_of(table_of(rows, hit="priority", then=URGENT))
    assert faults_of(table_of(rows, id="x" * 98)) == ["bad-name"]


def test_rows_inherit_from_their_table() -> None:
    shared = {"rationale": "Why", "citations": ["A"], "unverified": True, "status": "active"}
    own = {"title": "Own", "rationale": "Own", "citations": ["B", "A"], "unverified": False}
    rows = [
        {"id": "one", "if": {"age": ">= 65"}, "then": BLOCK},
        {"id": "two", "if": {"age": "< 65"}, "then": BLOCK, **own},
    ]
    written = {"id": "t", "title": "T", "hit": "collect", "inputs": ["age"], "rows": rows, **shared}
    table = WrittenTable.model_validate(written)
    one, two = (rule for rule, _, _ in expand(table, Recorder().reader, ()))
    assert (one.id, one.title, one.rationale, one.citations) == ("t.one", "T: one", "Why", ["A"])
    assert (two.id, two.title, two.rationale, two.citations) == ("t.two", "Own", "Own", ["A", "B"])
    assert (one.unverified, two.unverified, one.status) == (True, False, "active")


def test_any_allows_an_overlap_that_says_the_same() -> None:
    rows = [{"age": ">= 65"}, {"breathless": "yes"}]
    table = table_of(rows, hit="any")
    assert not faults_of(table)
    assert faults_of(table_of(rows, hit="unique")) == ["table-hit"]
    other = table.rows[1].model_copy(update={"then": table_of([{}], then=OTHER).rows[0].then})
    assert faults_of(table.model_copy(update={"rows": [table.rows[0], other]})) == ["table-hit"]


Patient = Mapping[str, FindingValue]

PATIENTS: list[Patient] = [
    {"breathless": breathless, "score": Interval(score, score), "cough": cough, "coughs": Selection(frozenset(coughs))}
    for breathless, score, cough in product((True, False), range(10), CODES)
    for coughs in ((), CODES[:1], CODES[1:], CODES)
]
"""Every patient there can be over these findings, save some selections of ``coughs``."""


def _matches(cells: Mapping[str, str], patient: Patient) -> bool:
    """What the cells say of a patient about whom everything is known, read a second way."""
    for name, cell in cells.items():
        value = patient[name]
        if cell == "-":
            continue
        if isinstance(value, bool):
            matched = value is (cell == "yes")
        elif isinstance(value, Interval):
            compared, number = cell.split()
            matched = OPERATORS[compared](value.low, int(number))
        elif isinstance(value, Selection):
            matched = bool(value.chosen & set(cell.split(" | ")))
        else:
            matched = value in cell.split(" | ")
        if not matched:
            return False
    return True


SOME_CODES = st.lists(st.sampled_from(CODES), min_size=1, max_size=2, unique=True).map(" | ".join)
ROWS = st.fixed_dictionaries(
    {},
    optional={
        "breathless": st.sampled_from(["yes", "no", "-"]),
        "score": st.tuples(st.sampled_from(sorted(OPERATORS)), st.integers(1, 8)).map("{0[0]} {0[1]}".format),
        "cough": st.one_of(SOME_CODES, st.just("-")),
        "coughs": SOME_CODES,
    },
).filter(lambda cells: any(cell != "-" for cell in cells.values()))


@given(st.lists(ROWS, min_size=1, max_size=3))
def test_rows_mean_what_their_cells_say(rows: list[dict[str, str]]) -> None:
    faults = Recorder()
    expanded = expand(table_of(rows), faults.reader, ())
    assert not faults.codes
    for cells, (_, condition, _) in zip(rows, expanded, strict=True):
        assert condition is not None
        means = reading(condition)
        for patient in PATIENTS:
            assert means(dict(patient)) is _matches(cells, patient)


@given(st.lists(ROWS, min_size=2, max_size=3))
def test_unique_is_refused_where_and_only_where_a_patient_matches_two_rows(rows: list[dict[str, str]]) -> None:
    overlap = any(sum(_matches(cells, patient) for cells in rows) > 1 for patient in PATIENTS)
    assert ("table-hit" in faults_of(table_of(rows, hit="unique"))) is overlap


@given(st.lists(ROWS, min_size=1, max_size=3))
def test_an_unknown_answer_never_rules_a_row_out(rows: list[dict[str, str]]) -> None:
    for _, condition, _ in expand(table_of(rows), Recorder().reader, ()):
        assert condition is not None
        assert reading(condition)({}) is None
