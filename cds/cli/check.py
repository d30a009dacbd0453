"""``cds check``: static checks and proofs of a pack."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from datetime import datetime
from pathlib import Path

import click
from rich.console import Console

from cds.cli.check_report import CheckReport, JsonReport, TextReport
from cds.cli.options import FAILED, fail, find_pack, stop_on_pack_error
from cds.cli.solver import needing_z3
from cds.decision_support import DecisionSupport
from cds.verify.issue import Issue
from cds.verify.properties import Properties, read_properties
from cds.verify.properties.model import KINDS
from cds.verify.static import static_issues


@click.command()
@click.argument("pack", required=False, metavar="[PACK]")
@click.option("--property", "only", multiple=True, metavar="ID", help="Prove only this property; may be repeated.")
@click.option("--no-proofs", is_flag=True, help="Only the checks that need no proof.")
@click.option("--warnings", is_flag=True, help="List every warning. Without it they are counted.")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("counterexamples"),
    show_default=True,
    metavar="FOLDER",
    help="Where patients are written for whom a property does not hold.",
)
@click.option("--today", type=click.DateTime(["%Y-%m-%d"]), help="The day for which reviews are due. Default: today.")
@click.option(
    "--seconds",
    default=60.0,
    show_default=True,
    type=click.FloatRange(min=0.1),
    help="What one question to z3 may take.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(("text", "json")),
    default="text",
    show_default=True,
    help="text for people, or one JSON object.",
)
@stop_on_pack_error
def check(
    pack: str | None,
    only: tuple[str, ...],
    no_proofs: bool,
    warnings: bool,
    out: Path,
    today: datetime | None,
    seconds: float,
    form: str,
) -> None:
    """Check a pack: its files, its upkeep, and what must hold for every patient.

    The properties are those of properties.yaml. Each is proved for all patients, or a patient is written for whom it
    does not hold: a QuestionnaireResponse, and a chart if it takes one, for cds evaluate. The exit status is 1 if
    there is an error or a property is not proved; warnings do not fail.

    \b
    Examples:
      cds check
      cds check ottawa-ankle --property red-flags-raise
      cds check --warnings --no-proofs
    """
    folder = find_pack(pack)
    support = DecisionSupport.load(folder)
    properties = _chosen(read_properties(support.pack), only)
    day = today.date() if today else datetime.now().astimezone().date()
    issues = [] if only else list(static_issues(support.pack, day))
    issues += _undeclared(properties)
    report: CheckReport = (JsonReport if form == "json" else TextReport)(support.pack, folder, out)
    report.issues(issues, warnings)
    proved = no_proofs or _prove(support, properties, seconds, report)
    report.finish()
    if not proved or any(issue.severity == "error" for issue in issues):
        sys.exit(FAILED)


def _chosen(properties: Properties, only: tuple[str, ...]) -> Properties:
    known = {*properties.claimed, *(stated.id for stated in properties.statements)}
    for name in only:
        if name not in known:
            raise click.UsageError(f"this pack claims no property {name!r}; it claims: {', '.join(sorted(known))}")
    return properties.only(only) if only else properties


def _undeclared(properties: Properties) -> list[Issue]:
    if properties.declared:
        return []
    message = "the pack has no properties.yaml: what is asked of every pack is proved, and nothing of its own"
    hint = f"Write one with '- prove: …' for each of {', '.join(KINDS)}"
    return [Issue("no-properties", "warning", message, hint=hint)]


def _prove(support: DecisionSupport, properties: Properties, seconds: float, report: CheckReport) -> bool:
    """Prove the properties, with progress on a terminal; whether all are proved."""
    with needing_z3():
        from cds.verify.proofs import EncodingError, Proofs
    console = Console(stderr=True)
    showing = console.status("Proving …") if console.is_terminal else nullcontext()
    good = True
    with showing as status:

        def step(name: str, count: int) -> None:
            if status is not None:
                status.update(f"Proving {name}: {count} statements")

        try:
            for proof in Proofs(support, properties, seconds).run(step):
                report.proof(proof)
                good = good and proof.proved
        except EncodingError as error:
            fail(f"{error}. This is a fault of the program, not of the pack: nothing is proved. Report it")
    return good
