"""``cds explain``: why, on what evidence, and what nearly fired."""

from __future__ import annotations

import sys
from pathlib import Path

import click
import orjson

from cds.cards import result
from cds.cards.text import print_explanation
from cds.cli.options import check_language, fail, fhir_date_time, pack_option, stop_on_pack_error
from cds.cli.printers import text_console
from cds.decision_support import DecisionSupport
from cds.engine import EngineFault
from cds.intake import IntakeError


@click.command()
@click.argument("file", metavar="FILE", type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path))
@pack_option
@click.option(
    "--chart",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The patient's chart (a Bundle).",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(("text", "json")),
    default="text",
    show_default=True,
    help="json: the result of cds evaluate, with nearly_fired.",
)
@click.option("--lang", help="Language of the texts (en, es). Default: the response's, else the pack's first.")
@click.option(
    "--as-of",
    metavar="DATETIME",
    callback=fhir_date_time,
    help="FHIR dateTime to count ages and durations to. Default: when the response was given.",
)
@stop_on_pack_error
def explain(file: Path, pack: Path, chart: Path | None, form: str, lang: str | None, as_of: str | None) -> None:
    """Explain one response: the rules that fired with the values used and their sources, and what nearly fired.

    \b
    Examples:
      cds explain answers.json
      cds explain answers.json --chart chart.json --format json
    """
    support = DecisionSupport.load(pack)
    check_language(support.pack, lang)
    data = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    try:
        decision = support.decide(data, chart.read_bytes() if chart else None, as_of)
        misses = support.assessor.near_misses(decision.patient.values)
    except IntakeError as error:
        fail(*(f"{file}: {fault}" for fault in error.faults))
    except EngineFault as error:
        fail(f"{file}: not evaluated: {error}")
    language = support.cards.language(lang or decision.response.language)
    if form == "text":
        print_explanation(text_console(), support.cards, decision, misses, language)
        return
    explained = result(support.cards, decision, str(file), language)
    explained["nearly_fired"] = [
        {"rule": miss.rule.id, "held": list(miss.held), "blocked_by": miss.blocked_by} for miss in misses
    ]
    click.echo(orjson.dumps(explained).decode())
