"""``cds test``: run the cases of a pack."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from rich.console import Console
from rich.progress import track

from cds.cli.options import FAILED, find_pack, stop_on_pack_error
from cds.decision_support import DecisionSupport
from cds.verify import CaseResult, CaseRunner, coverage, load_cases


@click.command()
@click.argument("pack", required=False, metavar="[PACK]")
@click.option("--topic", help="Only the cases of this topic.")
@click.option("--verbose", "-v", is_flag=True, help="List every case.")
@stop_on_pack_error
def test(pack: str | None, topic: str | None, verbose: bool) -> None:
    """Run the cases that stand beside the rules, and say what they cover.

    \b
    Examples:
      cds test
      cds test rules/exercise-low-back-pain --topic cauda-equina -v
    """  # noqa: D301
    support = DecisionSupport.load(find_pack(pack))
    cases = [case for case in load_cases(support.pack) if topic is None or Path(case.file).name == f"{topic}.test.yaml"]
    if not cases:
        raise click.UsageError(f"there are no cases{f' of the topic {topic!r}' if topic else ''} in this pack")
    runner = CaseRunner(support)
    console = Console(stderr=True)
    running = track(cases, "Cases", console=console, transient=True, disable=not console.is_terminal)
    results = [runner.run(case) for case in running]
    failed = [entry for entry in results if entry.failures]
    for entry in results if verbose else failed:
        place = f"{entry.case.file}:{entry.case.line}: {entry.case.name}"
        click.echo(f"{'FAILED' if entry.failures else 'passed'}  {place}")
        for failure in entry.failures:
            click.echo(f"        {failure}")
    click.echo(f"{len(results) - len(failed)} of {len(results)} cases passed")
    complete = _print_coverage(support, results) if topic is None else True
    if failed or not complete:
        sys.exit(FAILED)


def _print_coverage(support: DecisionSupport, results: list[CaseResult]) -> bool:
    """Print what the cases cover, as counts; whether every rule has the cases it must have."""
    found = coverage(support.pack, results)
    total = len(support.pack.rules)
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
