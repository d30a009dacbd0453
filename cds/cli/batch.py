"""``cds batch``: a population, from a bulk export to assessments."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from cds.cli.batch_group import RunOrSubcommand
from cds.cli.batch_report import report
from cds.cli.options import FAILED, check_language, fail, fhir_date_time, pack_option, stop_on_pack_error
from cds.cli.table import print_table
from cds.pack import load_pack

if TYPE_CHECKING:
    from cds.batch import BatchResult
    from cds.pack import Pack

INTERRUPTED = 130
"""Exit status of a run that was told to stop, as shells have it."""


@click.group(cls=RunOrSubcommand)
@click.argument("source", metavar="IN")
@click.argument("out", metavar="OUT")
@pack_option
@click.option(
    "--runner",
    type=click.Choice(["local", "spark"]),
    default="local",
    show_default=True,
    help="Where to evaluate. With spark, IN and OUT may be addresses such as hdfs://host/folder.",
)
@click.option(
    "--master",
    metavar="URL",
    help="Master of --runner spark. Default: that of Spark's settings, else all cores of this machine.",
)
@click.option(
    "--workers", type=click.IntRange(min=1), metavar="N", help="Processes that evaluate. Default: one for each core."
)
@click.option("--resume", is_flag=True, help="Go on with a run that was interrupted, with the same options.")
@click.option(
    "--guidance", is_flag=True, help="Write a GuidanceResponse for each assessment as well, for systems that take FHIR."
)
@click.option("--no-parquet", is_flag=True, help="Write NDJSON only.")
@click.option("--lang", help="Language of the texts of --guidance. Default: the response's, else the pack's first.")
@click.option(
    "--as-of",
    metavar="DATETIME",
    callback=fhir_date_time,
    help="FHIR dateTime to count ages and durations to. Default: when each response was given.",
)
@click.option(
    "--lines-per-file",
    "lines",
    default=100_000,
    show_default=True,
    type=click.IntRange(min=1),
    metavar="N",
    help="Responses of each file that is written; what an interruption may cost.",
)
@stop_on_pack_error
def batch(
    source: str,
    out: str,
    pack: Path,
    runner: str,
    master: str | None,
    workers: int | None,
    resume: bool,
    guidance: bool,
    no_parquet: bool,
    lang: str | None,
    as_of: str | None,
    lines: int,
) -> None:
    """Evaluate a bulk export: all responses in IN, with the charts beside them, into the empty folder OUT.

    IN is a folder of .ndjson and .ndjson.gz files, or the manifest of a bulk export. Patient, Condition,
    MedicationStatement, MedicationRequest, Medication and Observation are joined to a response by its subject. A line
    that cannot be evaluated is written to OperationOutcome.*.ndjson with file and line, nothing stops the run, and the
    exit status is 1. cds batch report draws a finished run; a folder of that name is given as ./report.

    With --runner spark (Java 17 and pip install 'cds-rules[spark]'), Spark does the same, from and to any file system
    of Hadoop; records, counts and refusals are those of the local run.

    \b
    Examples:
      cds batch fixtures/bulk assessments
      cds batch fixtures/bulk assessments --resume
      cds batch fixtures/bulk for-fhir --workers 2 --guidance
      cds batch report assessments --html report.html
    """
    from cds.batch import BatchError, BatchOptions, run_batch
    from cds.batch.parquet import parquet_is_there
    from cds.cli.batch_spark import check_options, run_on_spark

    check_options(runner, source, out, master=master, workers=workers, resume=resume)
    if not no_parquet and not parquet_is_there():
        fail("Parquet needs pyarrow: pip install 'cds-rules[batch]', or give --no-parquet")
    loaded = load_pack(pack)
    check_language(loaded, lang)
    options = BatchOptions(pack, workers or os.cpu_count() or 1, resume, not no_parquet, guidance, lang, as_of, lines)
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        with _progress() as step:
            if runner == "spark":
                result = run_on_spark(source, out, options, master, step)
            else:
                result = run_batch(Path(source), Path(out), options, step)
    except BatchError as error:
        fail(str(error))
    except KeyboardInterrupt:
        what = f"what is finished is kept; go on with: cds batch {source} {out} --resume"
        click.echo(f"interrupted: {what if runner == 'local' else 'begin anew'}", err=True)
        sys.exit(INTERRUPTED)
    _print(loaded, result)
    if not result.complete:
        sys.exit(FAILED)


batch.add_command(report)


def _interrupt(_signal: int, _frame: object) -> None:
    raise KeyboardInterrupt


@contextmanager
def _progress() -> Iterator[Callable[[str, int], None]]:
    """What is being done, on a terminal; nothing in a pipe."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda what, count: None
        return
    columns = (SpinnerColumn(), TextColumn("{task.description}: {task.completed:,}"), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("loading the pack", total=None)
        yield lambda what, count: progress.update(task, description=what, completed=count)


def _print(pack: Pack, result: BatchResult) -> None:
    order = [level.id for level in pack.levels]
    rows = sorted(result.outcomes.items(), key=lambda one: (order.index(one[0]) if one[0] in order else 99, one[0]))
    if rows:
        table = [(name, f"{count}", f"{count / result.read:.1%}") for name, count in rows]
        print_table("Outcomes", ("outcome", "responses", "share"), table)
    click.echo(f"responses: {result.read} read = {result.assessed} assessed + {result.refused} refused")
    if result.chart_read or result.chart_refused:
        click.echo(f"chart resources: {result.chart_read} read, {result.chart_refused} refused")
    for name in result.empty:
        click.echo(f"{name}: there is no response in it", err=True)
    for name in result.left_alone:
        click.echo(f"{name}: left alone, as it holds other resources", err=True)
    if result.replaced:
        click.echo(f"workers that died and were replaced: {result.replaced}", err=True)
