"""``cds rules``: the rules of a pack."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import click
import orjson

from cds.cli.options import pack_option, stop_on_pack_error
from cds.cli.table import print_table
from cds.pack import Rule, load_pack
from cds.pack.finding import Finding
from cds.pack.sentence import sentence


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
@click.option("--topic", help="Only the rules of this topic.")
@click.option("--level", help="Only the rules that give this level.")
@click.option("--unverified", is_flag=True, help="Only rules that rest on a statement nobody could verify.")
@stop_on_pack_error
def rules(pack: Path, form: str, topic: str | None, level: str | None, unverified: bool) -> None:
    """List the rules: when they fire, what follows, and on what evidence.

    \b
    Examples:
      cds rules --level emergency
      cds rules --topic cauda-equina --format json
    """
    loaded = load_pack(pack)
    for given, known, what in (
        (topic, {rule.topic for rule in loaded.all_rules}, "topic"),
        (level, loaded.rank.keys(), "level"),
    ):
        if given is not None and given not in known:
            raise click.UsageError(f"there is no {what} {given!r}; there are: {', '.join(sorted(known))}")
    chosen = [
        rule
        for rule in loaded.all_rules
        if topic in (None, rule.topic) and level in (None, rule.then.level) and (rule.unverified or not unverified)
    ]
    if form == "json":
        click.echo(
            orjson.dumps([_as_json(loaded.findings, rule) for rule in chosen], option=orjson.OPT_INDENT_2).decode()
        )
        return
    rows = [
        (
            rule.id,
            _effect(rule),
            sentence(rule.when, loaded.findings),
            ", ".join(rule.citations) + (" (unverified)" if rule.unverified else ""),
            f"{rule.file}:{rule.line}",
        )
        for rule in chosen
    ]
    print_table(f"Rules of {loaded.id} {loaded.version}", ("rule", "then", "when", "citations", "file"), rows)


def _effect(rule: Rule) -> str:
    then = rule.then
    parts = [then.level or "", f"concludes {then.conclude}" if then.conclude else ""]
    parts += [
        f"{verb} {', '.join(names)}" for verb, names in (("advises", then.advise), ("blocks", then.block)) if names
    ]
    parts.append(f"out of scope: {then.out_of_scope}" if then.out_of_scope else "")
    return "; ".join(filter(None, parts))


def _as_json(findings: Mapping[str, Finding], rule: Rule) -> dict[str, object]:
    return {
        "id": rule.id,
        "title": rule.title,
        "topic": rule.topic,
        "status": rule.status,
        "effective": rule.effective.isoformat(),
        "review": rule.review.isoformat(),
        "when": sentence(rule.when, findings),
        "then": rule.then.model_dump(exclude_defaults=True),
        "rationale": rule.rationale,
        "citations": list(rule.citations),
        "unverified": rule.unverified,
        "file": f"{rule.file}:{rule.line}",
    }
