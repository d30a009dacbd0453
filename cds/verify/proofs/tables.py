"""Of a table with the hit policy ``unique``, exactly one row holds for whoever answered everything."""

from __future__ import annotations

from itertools import combinations

from cds.assessment import Decision
from cds.pack import Rule
from cds.pack.rule import Table
from cds.verify.encoding.kleene import negation, some
from cds.verify.issue import Place
from cds.verify.proofs.attempt import Attempt
from cds.verify.proofs.complete import is_complete


def prove_tables(attempt: Attempt) -> None:
    """No two rows hold for one patient, and for complete patients one does."""
    prover, pack = attempt.prover, attempt.prover.pack
    everything = is_complete(prover.patient)
    for table in pack.tables.values():
        if table.hit != "unique":
            continue
        rows = [pack.rule[name] for name in table.rows if name in pack.rule]
        for first, second in combinations(rows, 2):
            attempt.never(
                prover.fires(first).known,
                prover.fires(second).known,
                sentence=f"two rows of the table {table.id} hold for one patient: {first.id} and {second.id}",
                rules=(first, second),
                confirm=lambda decision, pair=(first, second): _firing(decision, pair) == 2,
                hint="Make the cells of one column exclude each other, or use 'hit: collect'",
            )
        if rows:
            _no_gap(attempt, table, rows, everything)


def _no_gap(attempt: Attempt, table: Table, rows: list[Rule], everything: object) -> None:
    prover = attempt.prover
    before = len(attempt.failures)
    attempt.never(
        everything,  # type: ignore[arg-type]
        negation(some(prover.fires(row).known for row in rows)),
        sentence=f"no row of the table {table.id} holds for a patient who answered everything",
        confirm=lambda decision: _firing(decision, tuple(rows)) == 0,
        hint="Add a row for such patients",
    )
    if len(attempt.failures) > before:
        from dataclasses import replace  # noqa: PLC0415

        place = Place(table.file, table.line, table.id)
        attempt.failures[-1] = replace(attempt.failures[-1], places=(place,))


def _firing(decision: Decision, rules: tuple[Rule, ...]) -> int:
    return sum(rule in decision.assessment.fired for rule in rules)
