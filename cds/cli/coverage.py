"""What ``cds test`` says about coverage: the lines it always prints, the table, the gaps, and the page."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from cds.cli.options import FAILED
from cds.cli.table import print_table
from cds.verify.cases import Coverage, counts, gaps
from cds.verify.cases.page import coverage_page


def print_rule_cases(found: Coverage) -> bool:
    """Print which rules lack a kind of case that each must have; whether none lacks any."""
    total = len(found.pack.rules)
    missing = (
        ("a case in which it fires", found.without_firing_case),
        ("a near miss in which it does not", found.without_near_miss),
        ("a case in which an answer is missing (red flags)", found.without_unanswered_case),
    )
    for what, rules in missing:
        click.echo(f"rules without {what}: {len(rules)} of {total}{': ' + ', '.join(rules) if rules else ''}")
    seen, possible = found.statement_counts()
    click.echo(f"statements of conditions seen true, false and unknown: {seen} of {possible}")
    return not any(rules for _, rules in missing)


def print_gaps(found: Coverage) -> bool:
    """Print the counts and every gap with its place; whether there is none."""
    rows = [
        (count.what, str(count.seen), str(count.of), str(count.not_coverable), str(count.missing))
        for count in counts(found)
    ]
    title = f"What the cases of {found.pack.id} show"
    print_table(title, ("what", "seen", "of", "not coverable", "missing"), rows)
    missing = gaps(found)
    for gap in missing:
        click.echo(str(gap))
    click.echo(f"gaps: {len(missing)}")
    return not missing


def write_page(found: Coverage, file: Path) -> None:
    """Write the coverage as one HTML page."""
    try:
        file.write_text(coverage_page(found), encoding="utf-8")
    except OSError as error:
        click.echo(f"{file} cannot be written: {error.strerror}. Name a file in a folder that is there.", err=True)
        sys.exit(FAILED)
