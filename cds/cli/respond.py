"""``cds respond``: a QuestionnaireResponse from findings."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

import click
import orjson

from cds.cli.options import check_language, fail, fhir_date_time, pack_option, stop_on_pack_error
from cds.intake import ComposeError, Composer, IntakeError, check_response
from cds.pack import Findings, Pack, PackError, load_pack
from cds.pack.plain_value import read_plain
from cds.pack.problem import did_you_mean
from cds.pack.yaml_source import parse_yaml


@click.command()
@click.argument("file", metavar="FILE", type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path))
@pack_option
@click.option(
    "--authored",
    metavar="DATETIME",
    callback=fhir_date_time,
    help="When the answers were given (FHIR dateTime). Default: now.",
)
@click.option("--lang", help="Language that the form was answered in (en, es).")
@click.option("--id", "identifier", help="The id of the response.")
@click.option("--subject", metavar="REFERENCE", help="Reference to the patient, as in Patient/123.")
@stop_on_pack_error
def respond(
    file: Path, pack: Path, authored: str | None, lang: str | None, identifier: str | None, subject: str | None
) -> None:
    """Build a QuestionnaireResponse from findings (YAML or JSON: finding: value). What is left out stays unanswered.

    \b
    Examples:
      echo '{age: 34, saddle_numbness: yes}' | cds respond -
      cds respond patient.yaml > answers.json
    """
    loaded = load_pack(pack)
    check_language(loaded, lang)
    values = _values(loaded, _text(file), str(file))
    when = authored or datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    try:
        response = Composer(loaded.questionnaire, loaded.findings).compose(values, when, lang)
        if identifier:
            response["id"] = identifier
        if subject:
            response["subject"] = {"reference": subject}
        check_response(response, loaded.questionnaire)
    except (ComposeError, IntakeError) as error:
        fail(*(f"{file}: {line}" for line in str(error).splitlines()))
    click.echo(orjson.dumps(response, option=orjson.OPT_INDENT_2).decode())


def _text(file: Path) -> str:
    data = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        fail(f"{file}: byte {error.start + 1} is not UTF-8: save the file as UTF-8")


def _values(pack: Pack, text: str, name: str) -> Findings:
    source = parse_yaml(text, name)
    if source.problems:
        raise PackError(source.problems)
    if not isinstance(source.data, dict):
        fail(f"{name}: write a mapping of findings to values, as in {{age: 34, fever: no}}")
    known = [key for key, finding in pack.findings.items() if not finding.derived]
    values = {}
    messages = []
    for key, value in source.data.items():
        if key not in known:
            line, column = source.place((key,), at_key=True)
            messages.append(f"{name}:{line}:{column}: there is no finding {key!r}. {did_you_mean(key, known)}".rstrip())
            continue
        try:
            values[key] = read_plain(pack.findings[key], value)
        except ValueError as error:
            line, column = source.place((key,))
            messages.append(f"{name}:{line}:{column}: {error}")
    if messages:
        fail(*messages)
    return values
