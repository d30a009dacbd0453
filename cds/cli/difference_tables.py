"""What ``cds diff`` prints for people: the version, the classes, who moves where, the list of changes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

import click

from cds.cli.table import print_table

if TYPE_CHECKING:
    from cds.verify.difference.change_class import Direction
    from cds.verify.difference.compare import Difference
    from cds.verify.difference.population import Population

DIRECTIONS: Final[tuple[Direction, ...]] = ("lowered", "raised", "changed")
_MARK = {"lowered": "LOWERED", "raised": "raised", "changed": ""}


def print_difference(found: Difference, population: Population | None) -> None:
    """Print everything; tables in a pipe are tab-separated."""
    from cds.verify.difference.groups import grouped

    for line in version_lines(found):
        click.echo(line)
    groups = grouped(found.classes)
    if groups:
        rows = [
            (
                _MARK[group.first.change.direction],
                group.title,
                f"{group.first.change.old} -> {group.first.change.new}",
                "; ".join(group.first.patient.words) or "the ordinary patient",
                ", ".join(map(str, group.first.rules)),
            )
            for group in groups
        ]
        print_table("Patients whose result changes", ("", "what", "change", "a patient", "rules"), rows)
    for line in _not_known(found):
        click.echo(line)
    if population is not None:
        _print_population(population)
    if found.changes:
        rows_of_changes = [(one.kind, one.name, one.how, "; ".join(one.details), one.place) for one in found.changes]
        print_table("What changed in the data", ("kind", "name", "how", "details", "file"), rows_of_changes)


def version_lines(found: Difference) -> Iterator[str]:
    """What is compared, how many classes, and which version number that asks for."""
    advice = found.version
    yield f"{found.old.id} {found.old.version} -> {found.new.id} {found.new.version}"
    lowered = len(found.lowered)
    yield f"classes of patients whose result changes: {len(found.classes)}, {lowered} of them lowered"
    if advice.weight is None:
        yield "version: nothing is different, so it may stay"
        return
    said = "that is enough" if advice.raised_enough else f"{advice.new} is not enough"
    yield f"version: a {advice.weight} change, at least {advice.least}: {said}"
    shown = advice.reasons[:5]
    yield from (f"  because {reason}" for reason in shown)
    if len(advice.reasons) > len(shown):
        yield f"  and {len(advice.reasons) - len(shown)} more"


def _not_known(found: Difference) -> Iterator[str]:
    yield from (f"not compared: {one}" for one in (*found.unclear, *found.left_out))
    yield from (f"not decided: {one}" for one in found.undecided)


def _print_population(population: Population) -> None:
    rows, columns = population.outcomes
    counts = population.counts
    table = [
        (row, *(str(counts[row, column] or "") for column in columns), str(sum(counts[row, one] for one in columns)))
        for row in rows
    ]
    totals = ("all", *(str(sum(counts[row, column] for row in rows)) for column in columns), str(population.total))
    print_table("Who moves where: old in rows, new in columns", ("old \\ new", *columns, "all"), [*table, totals])
    lowered, raised = population.moved("lowered"), population.moved("raised")
    click.echo(
        f"responses: {population.total}, lowered {lowered}, raised {raised}, {population.moved('changed')} other"
    )
    for who, reasons in population.refusals:
        for reason, count in reasons.most_common():
            click.echo(f"refused by {who}: {count}: {reason}")
