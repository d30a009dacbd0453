"""``cds evaluate``: responses in, recommendations out."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

import click
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from cds.cards.headline import visible
from cds.cli.options import FAILED, check_language, fhir_date_time, pack_option, stop_on_pack_error
from cds.cli.printers import PRINTERS, Printer
from cds.cli.sources import STDIN, Source, read_bounded, sources
from cds.decision_support import CHART_LIMITS, DecisionSupport
from cds.engine import EngineFault
from cds.intake import IntakeError


@click.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@pack_option
@click.option(
    "--chart",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The patient's chart (a Bundle), for a single response.",
)
@click.option(
    "--charts",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder of charts; each has the file name of its response.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(tuple(PRINTERS)),
    help="text or brief for people; the others give one JSON object a line. Default: text for a single response, "
    "brief for several.",
)
@click.option("--lang", help="Language of the texts (en, es). Default: the response's, else the pack's first.")
@click.option(
    "--as-of",
    metavar="DATETIME",
    callback=fhir_date_time,
    help="FHIR dateTime to count ages and durations to. Default: when the response was given.",
)
@stop_on_pack_error
def evaluate(
    paths: tuple[str, ...],
    pack: Path,
    chart: Path | None,
    charts: Path | None,
    form: str | None,
    lang: str | None,
    as_of: str | None,
) -> None:
    """Evaluate QuestionnaireResponses: files, folders, NDJSON, or - for standard input.

    A response that cannot be evaluated is reported on standard error with the place and the reason; the others are
    evaluated all the same, and the exit status is 1.

    \b
    Examples:
      cds evaluate fixtures/responses --charts fixtures/charts
      cds evaluate answers.json --chart chart.json --format cards
      cat export.ndjson | cds evaluate - --format json
    """
    found = _sources(paths, chart, charts)
    support = DecisionSupport.load(pack)
    check_language(support.pack, lang)
    form = form or ("brief" if _several(paths) else "text")
    printer = PRINTERS[form](support, lang)
    refused = False
    with _progress(form) as advance:
        for source in found:
            problem = _evaluate(support, source, _chart(source, chart, charts), as_of, printer)
            if problem:
                refused = True
                printer.refused(source.name)
                click.echo(problem, err=True)
            advance()
    printer.finish()
    if refused:
        sys.exit(FAILED)


def _several(paths: tuple[str, ...]) -> bool:
    """Whether the paths may give more than one response: several of them, a folder, or NDJSON."""
    return len(paths) > 1 or Path(paths[0]).is_dir() or paths[0].endswith(".ndjson")


def _sources(paths: tuple[str, ...], chart: Path | None, charts: Path | None) -> Iterator[Source]:
    if charts is not None:
        if chart is not None:
            raise click.UsageError("--chart is for a single response, --charts for several: give one of them")
        if any(path == STDIN or path.endswith(".ndjson") for path in paths):
            raise click.UsageError("--charts finds a chart by the file name of its response: give files or folders")
    if chart is None:
        return sources(paths)
    found = list(islice(sources(paths), 2))
    if len(found) != 1:
        raise click.UsageError("--chart goes with a single response; for several, use --charts FOLDER")
    return iter(found)


def _chart(source: Source, chart: Path | None, charts: Path | None) -> Path | None:
    if charts is not None and source.path is not None:
        beside = charts / source.path.name
        # A chart that is there and cannot be opened is refused, never left aside.
        return beside if os.path.lexists(beside) else None
    return chart


def _evaluate(
    support: DecisionSupport, source: Source, chart: Path | None, as_of: str | None, printer: Printer
) -> str | None:
    """Evaluate and print one response; what is wrong with it, or ``None``."""
    name = visible(source.name)
    if source.data is None:
        return f"{name}: {source.problem}"
    try:
        record = read_bounded(chart, CHART_LIMITS.size) if chart else None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        return f"{name}: not evaluated: its chart {chart} cannot be read: {reason}"
    try:
        decision = support.decide(source.data, record, as_of)
    except IntakeError as error:
        return "\n".join(f"{name}: {fault}" for fault in error.faults)
    except EngineFault as error:
        return f"{name}: not evaluated: {error}"
    except Exception as error:  # whatever it is, the other patients still get their answer
        return f"{name}: not evaluated: {_unexpected(error)}"
    try:
        printer.decision(source.name, decision)
    except OSError:
        raise  # standard output is closed or full: nobody gets an answer any more
    except Exception as error:
        return f"{name}: not shown: {_unexpected(error)}"
    return None


def _unexpected(error: Exception) -> str:
    """A fault of this program by its kind and place; its message is left out, which could tell of the patient."""
    place = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{Path(place.filename).name}:{place.lineno}"
    return f"an unexpected {type(error).__name__} at {where}, which is a fault of this program: report it"


@contextmanager
def _progress(form: str) -> Iterator[Callable[[], None]]:
    """A counter on a terminal while data goes elsewhere; nothing in a pipe, nor under text for people."""
    console = Console(stderr=True)
    if form in ("text", "brief") or not console.is_terminal or sys.stdout.isatty():
        yield lambda: None
        return
    columns = (SpinnerColumn(), TextColumn("{task.completed} responses"), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("evaluate", total=None)
        yield lambda: progress.advance(task)
