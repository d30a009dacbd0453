"""``cds feedback``: what became of the cards that the service gave."""

from __future__ import annotations

import csv
import sys
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click
import orjson

from cds.cli.options import Command, fail
from cds.cli.table import print_table

if TYPE_CHECKING:  # the database takes a while to import, and other commands do not need it
    from cds.service.feedback import Comment, Report, Selection
    from cds.service.feedback.report import By
    from cds.service.store import Database

_PATIENCE = 60.0
"""Seconds that a statement may take in the database."""


@click.group()
def feedback() -> None:
    """What users did with the cards: accepted or overridden, and why.

    \b
    Examples:
      cds feedback --help
      cds feedback report --help
    """


_database_option = click.option(
    "--database",
    metavar="URL",
    envvar="CDS_DATABASE",
    show_envvar=True,
    default=None,
    help="Database of the service. With a password, better in the variable: others can see a command line. "
    "Default: sqlite:///cds-service.db.",
)


def _day(name: str, text: str) -> Callable[[Command], Command]:
    return click.option(
        name, metavar="DAY", type=click.DateTime(formats=["%Y-%m-%d"]), default=None, help=f"{text}, as in 2026-11-22."
    )


@feedback.command()
@_database_option
@_day("--since", "Only cards first shown on this day (UTC) or later")
@_day("--until", "Only cards first shown on this day (UTC) or before")
@click.option("--pack", metavar="ID", default=None, help="Only cards of this pack.")
@click.option("--kind", default=None, help="Only cards of this kind, as in recommendation.")
@click.option(
    "--by",
    type=click.Choice(("rule", "level", "outcome", "service")),
    default="rule",
    show_default=True,
    help="What to count by.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(("table", "json", "csv")),
    default="table",
    show_default=True,
    help="table for people (in a pipe: tab-separated lines), json or csv.",
)
@click.option(
    "--comments",
    "with_comments",
    is_flag=True,
    help="Print what users wrote instead of the counts. Free text: it may name patients.",
)
def report(
    database: str | None,
    since: datetime | None,
    until: datetime | None,
    pack: str | None,
    kind: str | None,
    by: By,
    form: str,
    with_comments: bool,
) -> None:
    """Count cards shown, with feedback, accepted and overridden, and the reasons.

    A card counts once, with the latest feedback on it. By rule it stands in the row of each rule that gave its level.
    Feedback on a card that was never recorded has a row of its own, "unknown card".

    \b
    Examples:
      cds feedback report --by level --since 2026-11-01
      cds feedback report --pack exercise-low-back-pain --format json
      cds feedback report --comments --format csv > comments.csv
    """
    from cds.service.feedback import Selection

    if since and until and since > until:
        raise click.UsageError("--since is later than --until: then there is no day between them")
    selection = Selection(since.date() if since else None, until.date() if until else None, pack, kind)
    found = _read(database, selection, None if with_comments else by)
    if isinstance(found, list):
        _print_comments(found, form)
    else:
        _print_report(found, form)


@feedback.command()
@_database_option
@click.option(
    "--before",
    metavar="DAY",
    type=click.DateTime(formats=["%Y-%m-%d"]),
    required=True,
    help="Remove what is older than this day (UTC), as in 2026-11-22.",
)
@click.option("--yes", is_flag=True, help="Do not ask. Needed where there is nobody to ask.")
def prune(database: str | None, before: datetime, yes: bool) -> None:
    """Remove cards first shown before a day, and feedback that came before it. Nothing is removed by itself.

    Feedback that stays on a card that goes stands in the report as feedback on an unknown card.

    \b
    Examples:
      cds feedback prune --before 2024-01-01 --yes
      cds feedback prune --before 2024-01-01 --yes --database sqlite:///cds-service.db
    """
    from cds.service.store import StoreError
    from cds.service.store import prune as remove
    from cds.service.store.pruning import old

    day = before.date()
    if day > datetime.now(UTC).date():
        raise click.UsageError("--before is in the future: that would remove everything")
    if not yes and not _asks():
        raise click.UsageError("nobody can be asked here: give --yes if it is to be removed")
    base = _opened(database)
    try:
        if not yes:
            with base.snapshot() as connection:
                there = old(connection, day)
            what = f"{there.shown} cards shown and {there.feedback} feedback items of before {day}"
            click.confirm(f"Remove {what} from {base.place} for good?", abort=True, err=True)
        gone = remove(base, day)
    except StoreError as error:
        fail(str(error))
    finally:
        base.close()
    click.echo(f"removed: {gone.shown} cards shown, {gone.feedback} feedback items")


def _asks() -> bool:
    return sys.stdin.isatty()


def _opened(url: str | None) -> Database:
    """The database, with tables that this program knows; ends the command if there is none."""
    from cds.service.store import DEFAULT_URL, Database, DatabaseUrlError, StoreError
    from cds.service.store.migrate import check_schema

    try:
        base = Database.of(url or DEFAULT_URL, _PATIENCE)
    except DatabaseUrlError as error:
        raise click.UsageError(f"--database: {error}") from None
    try:
        check_schema(base)
    except StoreError as error:
        base.close()
        fail(str(error))
    return base


def _read(url: str | None, selection: Selection, by: By | None) -> Report | list[Comment]:
    """The report, or the comments if ``by`` is ``None``; ends the command if the database cannot be read."""
    from cds.service.feedback import Report, comments, packs
    from cds.service.store import StoreError

    base = _opened(url)
    try:
        with base.snapshot() as connection:
            if selection.pack is not None and selection.pack not in (known := packs(connection)):
                raise click.UsageError(
                    f"nothing was recorded of a pack {selection.pack!r}; there are: {', '.join(known) or 'none yet'}"
                )
            return comments(connection, selection) if by is None else Report.of(connection, selection, by)
    except StoreError as error:
        fail(str(error))
    finally:
        base.close()


def _print_report(found: Report, form: str) -> None:
    from cds.service.feedback.layout import COLUMNS, as_json, rows

    if form == "json":
        click.echo(orjson.dumps(as_json(found), option=orjson.OPT_INDENT_2).decode())
    else:
        _print_rows(f"Feedback by {found.by}", (found.by, *COLUMNS), rows(found), form)


def _print_comments(found: list[Comment], form: str) -> None:
    from cds.service.feedback.layout import COMMENT_COLUMNS, comment_as_json, comment_rows

    if form == "json":
        entries = [comment_as_json(comment) for comment in found]
        click.echo(orjson.dumps(entries, option=orjson.OPT_INDENT_2).decode())
    else:
        _print_rows("Comments", COMMENT_COLUMNS, comment_rows(found), form)


def _print_rows(title: str, columns: Sequence[str], rows: Iterable[Sequence[str]], form: str) -> None:
    if form == "table":
        print_table(title, columns, rows)
        return
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(map(_harmless, row) for row in rows)


def _harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula: what users send must not run on the reader's machine."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@")) else cell
