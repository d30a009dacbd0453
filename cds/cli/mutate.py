"""``cds mutate``: whether the cases of a pack notice small faults in it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.progress import Progress, TaskID

from cds.cli.mutation_report import print_equivalent, print_score, print_survivors, write_drafts
from cds.cli.options import FAILED, fail, find_pack, stop_on_pack_error
from cds.cli.solver import needing_z3
from cds.decision_support import DecisionSupport
from cds.verify import CaseResult, CaseRunner, load_cases

if TYPE_CHECKING:
    from cds.verify.mutation import Score


@click.command()
@click.argument("pack", required=False, metavar="[PACK]")
@click.option("--topic", help="Only faults in rules of this topic; 'unanswered' for those in findings.")
@click.option(
    "--show",
    default=10,
    show_default=True,
    type=click.IntRange(min=0),
    metavar="N",
    help="Print so many cases that would kill survivors, and count the rest.",
)
@click.option(
    "--write",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="FOLDER",
    help="Write all of them, as pieces of case files with their responses.",
)
@click.option(
    "--seconds",
    default=60.0,
    show_default=True,
    type=click.FloatRange(min=0.1),
    help="What one question to z3 may take; a fault that is not decided survives.",
)
@click.option("--equivalent", is_flag=True, help="List the faults that no patient can feel, as z3 has proved.")
@stop_on_pack_error
def mutate(
    pack: str | None, topic: str | None, show: int, folder: Path | None, seconds: float, equivalent: bool
) -> None:
    """Put small faults into the rules, one at a time, and see whether the cases notice.

    A fault that some case notices is killed; one that no patient can feel, as z3 proves, is equivalent; one that the
    program refuses to load is stillborn. For each that survives a patient is sought who shows it, and printed as a
    case to be read, bettered and pasted beside the rules. The exit status is 1 if any survives.

    \b
    Examples:
      cds mutate --topic fracture
      cds mutate ottawa-ankle --equivalent
      cds mutate ottawa-ankle --write drafts
    """
    support = DecisionSupport.load(find_pack(pack))
    results = _passed(support)
    score = _score(support, results, topic, seconds)
    if not score.mutants:
        raise click.UsageError(f"there is nothing to change under the topic {topic!r} in this pack")
    print_survivors(score, show)
    if equivalent:
        print_equivalent(score)
    if folder is not None:
        write_drafts(score, folder)
    print_score(score)
    if score.survived:
        sys.exit(FAILED)


def _passed(support: DecisionSupport) -> list[CaseResult]:
    """The results of all cases; each must pass, for one that fails would kill everything."""
    runner = CaseRunner(support)
    results = [runner.run(case) for case in load_cases(support.pack)]
    failed = [f"{one.case.file}:{one.case.line}: {one.case.name}: {one.failures[0]}" for one in results if one.failures]
    if failed:
        fail(*failed, "the cases must pass before faults are put into the rules: see cds test")
    return results


def _score(support: DecisionSupport, results: list[CaseResult], topic: str | None, seconds: float) -> Score:
    """Judge and search, with progress on a terminal."""
    with needing_z3():
        from cds.verify.mutation import mutation_score
    console = Console(stderr=True)
    tasks: dict[str, TaskID] = {}
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:

        def step(what: str, done: int, of: int) -> None:
            if what not in tasks:
                tasks[what] = progress.add_task(what.capitalize(), total=of)
            progress.update(tasks[what], completed=done)

        return mutation_score(support, results, topic, seconds, step)
