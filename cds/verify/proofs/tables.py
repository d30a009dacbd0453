"""Of a table with the hit policy ``unique``, exactly one row holds for whoever answered everything."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import combinations

from cds.assessment import Decision
from cds.pack import Rule
from cds.pack.rule import Table
from cds.verify.encoding.kleene import Formula, negation, some
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
                confirm=_fire((first, second), 2),
                hint="Make the cells of one column exclude each other, or use 'hit: collect'",
            )
        if rows:
            _no_gap(attempt, table, rows, everything)


def _no_gap(attempt: Attempt, table: Table, rows: Sequence[Rule], everything: Formula) -> None:
    prover = attempt.prover
    attempt.never(
        everything,
        negation(some(prover.fires(row).known for row in rows)),
        sentence=f"no row of the table {table.id} holds for a patient who answered everything",
        confirm=_fire(rows, 0),
        hint="Add a row for such patients",
        at=Place(table.file, table.line, table.id),
    )


def _fire(rules: Sequence[Rule], count: int) -> Callable[[Decision], bool]:
    """Whether so many of the rules fire."""
    return lambda decision: sum(rule in decision.assessment.fired for rule in rules) == count
