"""``cds test``: run the cases of a pack."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from rich.console import Console
from rich.progress import track

from cds.cli.coverage import print_gaps, print_rule_cases, write_page
from cds.cli.options import FAILED, find_pack, stop_on_pack_error
from cds.decision_support import DecisionSupport
from cds.verify import CaseResult, CaseRunner, coverage, load_cases
from cds.verify.cases import load_not_coverable


@click.command()
@click.argument("pack", required=False, metavar="[PACK]")
@click.option("--topic", help="Only the cases of this topic.")
@click.option(
    "--coverage",
    "gaps",
    is_flag=True,
    help="Count the clauses of conditions and the answers that the cases show, and list what is missing.",
)
@click.option("--require-coverage", is_flag=True, help="As --coverage, and fail if anything is missing.")
@click.option(
    "--coverage-html",
    "page",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write the coverage as a web page: each rule with its clauses and cases, each question with its answers.",
)
@click.option("--verbose", "-v", is_flag=True, help="List every case.")
@stop_on_pack_error
def test(
    pack: str | None, topic: str | None, gaps: bool, require_coverage: bool, page: Path | None, verbose: bool
) -> None:
    """Run the cases that stand beside the rules, and say what they cover.

    A rule needs a case in which it fires, a near miss in which it does not, and, if it rests on a red flag, a case in
    which the answer is missing; else the exit status is 1, as when a case fails.

    \b
    Examples:
      cds test
      cds test rules/exercise-low-back-pain --topic cauda-equina -v
      cds test --coverage --coverage-html coverage.html
    """
    if topic is not None and (gaps or require_coverage or page):
        raise click.UsageError("coverage is that of all cases: leave out --topic")
    support = DecisionSupport.load(find_pack(pack))
    results = _run(support, topic)
    failed = [entry for entry in results if entry.failures]
    for entry in results if verbose else failed:
        place = f"{entry.case.file}:{entry.case.line}: {entry.case.name}"
        click.echo(f"{'FAILED' if entry.failures else 'passed'}  {place}")
        for failure in entry.failures:
            click.echo(f"        {failure}")
    click.echo(f"{len(results) - len(failed)} of {len(results)} cases passed")
    complete = True
    if topic is None:
        found = coverage(support.pack, results, load_not_coverable(support.pack))
        complete = print_rule_cases(found)
        if gaps or require_coverage:
            complete = (print_gaps(found) or not require_coverage) and complete
        if page is not None:
            write_page(found, page)
    if failed or not complete:
        sys.exit(FAILED)


def _run(support: DecisionSupport, topic: str | None) -> list[CaseResult]:
    """Run the cases of a pack, or of one topic, with progress on a terminal."""
    cases = [case for case in load_cases(support.pack) if topic is None or Path(case.file).name == f"{topic}.test.yaml"]
    if not cases:
        raise click.UsageError(f"there are no cases{f' of the topic {topic!r}' if topic else ''} in this pack")
    runner = CaseRunner(support)
    console = Console(stderr=True)
    running = track(cases, "Cases", console=console, transient=True, disable=not console.is_terminal)
    return [runner.run(case) for case in running]
