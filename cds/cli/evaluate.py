"""``cds evaluate``: responses in, recommendations out."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import orjson
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from cds.assessment import Decision
from cds.cards import result
from cds.cards.fhir import bundle
from cds.cards.text import print_decision, print_summary
from cds.cli.options import FAILED, pack_option, stop_on_pack_error
from cds.cli.sources import Source, sources
from cds.decision_support import DecisionSupport
from cds.engine import EngineFault
from cds.intake import IntakeError

FORMATS = ("text", "json", "cards", "fhir")


@click.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@pack_option
@click.option("--chart", "chart", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="The patient's chart (a Bundle), for a single response.")
@click.option("--charts", type=click.Path(exists=True, file_okay=False, path_type=Path), help="Folder of charts; each has the file name of its response.")
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", show_default=True, help="text for people; the others give one JSON object a line.")
@click.option("--lang", help="Language of the texts (en, es). Default: the response's, else the pack's first.")
@click.option("--as-of", metavar="DATETIME", help="FHIR dateTime to count ages and durations to. Default: when the response was given.")
@stop_on_pack_error
def evaluate(
    paths: tuple[str, ...], pack: Path, chart: Path | None, charts: Path | None, form: str, lang: str | None, as_of: str | None
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
    support = DecisionSupport.load(pack)
    printer = _PRINTERS[form](support, lang)
    refused = False
    found = list(sources(paths)) if chart is not None else sources(paths)
    if isinstance(found, list) and len(found) != 1:
        raise click.UsageError("--chart goes with a single response; for several, use --charts FOLDER")
    with _progress(form) as advance:
        for source in found:
            problem = _evaluate(support, source, _chart(source, chart, charts), as_of, printer)
            if problem:
                refused = True
                click.echo(problem, err=True)
            advance()
    printer.finish()
    if refused:
        sys.exit(FAILED)


def _chart(source: Source, chart: Path | None, charts: Path | None) -> Path | None:
    if charts is not None and source.path is not None:
        beside = charts / source.path.name
        return beside if beside.is_file() else None
    return chart


def _evaluate(
    support: DecisionSupport, source: Source, chart: Path | None, as_of: str | None, printer: Printer
) -> str | None:
    """Evaluate and print one response; what is wrong with it, or ``None``."""
    if source.data is None:
        return f"{source.name}: {source.problem}"
    try:
        decision = support.decide(source.data, chart.read_bytes() if chart else None, as_of)
        printer.decision(source.name, decision)
    except IntakeError as error:
        return "\n".join(f"{source.name}: {fault}" for fault in error.faults)
    except EngineFault as error:
        return f"{source.name}: not evaluated: {error}"
    except OSError as error:
        return f"{source.name}: the chart cannot be read: {error.strerror}"
    return None


class Printer:
    """Prints decisions as they come; :meth:`finish` prints what stands at the end."""

    def __init__(self, support: DecisionSupport, language: str | None) -> None:
        self.support = support
        self._language = language

    def language(self, decision: Decision) -> str:
        """The language for one patient."""
        return self.support.cards.language(self._language or decision.response.language)

    def decision(self, source: str, decision: Decision) -> None:
        """Print one decision."""
        raise NotImplementedError

    def finish(self) -> None:
        """Print what stands after all decisions."""


class TextPrinter(Printer):
    """For people: laid out by rich, coloured on a terminal."""

    def __init__(self, support: DecisionSupport, language: str | None) -> None:
        super().__init__(support, language)
        self._console = Console(width=None if sys.stdout.isatty() else 100, highlight=False)
        self._rows: list[tuple[str, Decision]] = []

    def decision(self, source: str, decision: Decision) -> None:
        """Print one decision."""
        print_decision(self._console, self.support.cards, decision, source, self.language(decision))
        self._rows.append((source, decision))

    def finish(self) -> None:
        """Print a table of all decisions when there are several."""
        if len(self._rows) > 1:
            print_summary(self._console, self.support.cards, self._rows, self.support.cards.language(self._language))


class JsonPrinter(Printer):
    """One JSON object a line."""

    def decision(self, source: str, decision: Decision) -> None:
        """Print one decision."""
        line = orjson.dumps(self.object(source, decision))
        sys.stdout.buffer.write(line + b"\n")
        sys.stdout.buffer.flush()

    def object(self, source: str, decision: Decision) -> object:
        """The whole result, as docs/output.md describes it."""
        return result(self.support.cards, decision, source, self.language(decision))


class CardPrinter(JsonPrinter):
    """The CDS Hooks response."""

    def object(self, source: str, decision: Decision) -> object:
        """The cards, as a CDS Hooks service answers them."""
        return {"cards": self.support.cards.cards(decision, self.language(decision))}


class FhirPrinter(JsonPrinter):
    """A FHIR Bundle."""

    def object(self, source: str, decision: Decision) -> object:
        """GuidanceResponse and RequestGroup in a Bundle."""
        return bundle(self.support.cards, decision, self.language(decision))


_PRINTERS: dict[str, type[Printer]] = {
    "text": TextPrinter,
    "json": JsonPrinter,
    "cards": CardPrinter,
    "fhir": FhirPrinter,
}


@contextmanager
def _progress(form: str) -> Iterator[Callable[[], None]]:
    """A counter on a terminal while data goes elsewhere; nothing in a pipe, nor under text for people."""
    console = Console(stderr=True)
    if form == "text" or not console.is_terminal or sys.stdout.isatty():
        yield lambda: None
        return
    columns = (SpinnerColumn(), TextColumn("{task.completed} responses"), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("evaluate", total=None)
        yield lambda: progress.advance(task)
