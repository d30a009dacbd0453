"""``cds findings``: the vocabulary of a pack."""

from __future__ import annotations

from pathlib import Path

import click
import orjson

from cds.cli.options import check_language, pack_option, stop_on_pack_error
from cds.cli.table import print_table
from cds.pack import load_pack
from cds.pack.finding import Finding
from cds.pack.text import text_in


@click.command()
@pack_option
@click.option(
    "--format",
    "form",
    type=click.Choice(("table", "json")),
    default="table",
    show_default=True,
    help="table for people (in a pipe: tab-separated lines), or json.",
)
@click.option("--lang", help="Language of the titles (en, es). Default: the pack's first.")
@stop_on_pack_error
def findings(pack: Path, form: str, lang: str | None) -> None:
    """List the findings that rules may speak of: type, values, where they come from, what "unanswered" means.

    \b
    Examples:
      cds findings
      cds findings --lang es
      cds findings --format json > findings.json
    """
    loaded = load_pack(pack)
    check_language(loaded, lang)
    language = (lang or loaded.header.languages[0]).partition("-")[0]
    if form == "json":
        entries = [
            finding.model_dump(by_alias=True, exclude_defaults=True) | {"id": name, "red_flag": finding.red_flag}
            for name, finding in loaded.findings.items()
        ]
        click.echo(orjson.dumps(entries, option=orjson.OPT_INDENT_2).decode())
        return
    rows = [
        (
            name,
            finding.type,
            _values(finding),
            "derived" if finding.derived else f"{finding.unanswered}{', red flag' if finding.red_flag else ''}",
            ", ".join(
                [*(source.link_id for source in finding.answers), *(source.resource for source in finding.chart)]
            ),
            text_in(finding.title, language),
        )
        for name, finding in loaded.findings.items()
    ]
    print_table(
        f"Findings of {loaded.id} {loaded.version}", ("finding", "type", "values", "unanswered", "from", "title"), rows
    )


def _values(finding: Finding) -> str:
    if finding.type == "integer":
        ends = " to ".join(f"{number / finding.scale:g}" for number in (finding.low, finding.high))
        return f"{ends} {finding.unit or ''}".strip()
    return ", ".join(code.code for code in finding.codes) or "yes, no"
