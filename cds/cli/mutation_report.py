"""What ``cds mutate`` prints and writes."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from cds.verify.mutation import Score


def print_survivors(score: Score, show: int) -> None:
    """The first cases that would kill survivors, and those survivors that no case could be drafted for."""
    for draft in score.drafts[:show]:
        click.echo(f"# rules/{draft.topic}.test.yaml")
        for line in draft.lines():
            click.echo(line)
    rest = len(score.drafts) - show
    if rest > 0:
        click.echo(f"# and {rest} more: cds mutate --show {len(score.drafts)}, or --write FOLDER")
    drafted = {mutant.id for draft in score.drafts for mutant in draft.kills}
    for survivor in score.survived:
        if survivor.mutant.id not in drafted:
            reason = survivor.reason or "a patient shows it whom no case can describe"
            click.echo(f"survives: {survivor.mutant.sentence}: {reason}")


def print_equivalent(score: Score) -> None:
    """The faults that no patient can feel: there the pack says more than it does."""
    for mutant in score.equivalent:
        click.echo(f"equivalent: {mutant.sentence}")


def print_score(score: Score) -> None:
    """The counts; never a percentage, which rounds the last survivor away."""
    click.echo(
        f"{len(score.mutants)} mutants: {len(score.killed)} killed, {len(score.equivalent)} equivalent, "
        f"{len(score.stillborn)} stillborn, {len(score.survived)} survived"
    )


def write_drafts(score: Score, folder: Path) -> None:
    """Write the drafted cases, a file for each topic, and the responses they need."""
    folder.mkdir(parents=True, exist_ok=True)
    drafts = sorted(score.drafts, key=lambda draft: draft.topic)
    for topic, group in groupby(drafts, key=lambda draft: draft.topic):
        lines = ["cases:"]
        for draft in group:
            lines += draft.lines()
            draft.write_response(folder)
        path = folder / f"{topic}.test.yaml"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        click.echo(f"wrote {path}", err=True)
