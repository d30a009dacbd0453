"""``cds diff``: for whom two versions of a pack decide otherwise."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import click
import orjson
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from cds.cli.options import FAILED, fail, find_pack
from cds.cli.population import run_population
from cds.cli.solver import needing_z3
from cds.pack import Pack, PackError, load_pack

if TYPE_CHECKING:
    from cds.verify.difference.compare import Difference
    from cds.verify.difference.population import Population


@click.command()
@click.argument("packs", nargs=-1, required=True, metavar="OLD NEW")
@click.option("--git", "revision", metavar="REV", help="Compare one pack folder with what it was at this revision.")
@click.option(
    "--data",
    multiple=True,
    metavar="PATH",
    help="Responses to run both versions over: a file, a folder, NDJSON, or - (may be given more than once).",
)
@click.option(
    "--charts",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder of charts for --data; each has the file name of its response.",
)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="FOLDER",
    help="Write the patient of each class as <class>.json, for cds evaluate --pack; a chart beside it.",
)
@click.option(
    "--html",
    "page",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write everything as one web page, with a picture of who moves where.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(("table", "json")),
    default="table",
    show_default=True,
    help="table for people (in a pipe: tab-separated lines), or json.",
)
@click.option(
    "--only",
    type=click.Choice(("levels", "outcomes", "advice", "questions")),
    multiple=True,
    help="Look only for changes of these; may be given more than once. Levels and advice take seconds; outcomes, which "
    "open questions can withhold, and the questions themselves half a minute. Default: all.",
)
@click.option("--check-version", is_flag=True, help="Fail if the version was not raised as far as the changes ask for.")
def diff(
    packs: tuple[str, ...],
    revision: str | None,
    data: tuple[str, ...],
    charts: Path | None,
    out: Path | None,
    page: Path | None,
    form: str,
    only: tuple[str, ...],
    check_version: bool,
) -> None:
    """Compare two versions of a pack: for which patients the result changes, each shown by one of them.

    Every change of a level, of advice and of the questions asked is looked for among all possible patients, and what
    was lowered comes first. Then what changed in the data, and the version number that it asks for. OLD and NEW are
    pack folders or names of shipped packs; with --git REV there is one, which is compared with what it was.

    \b
    Examples:
      cds diff before rules/ottawa-ankle --only levels --check-version
      cds diff before rules/ottawa-ankle --data fixtures/ottawa-ankle/responses --html difference.html
    """
    if charts is not None and not data:
        raise click.UsageError("--charts goes with --data")
    with _versions(packs, revision) as (old, new):
        found = _compare(old, new, only)
        population = run_population(old, new, data, charts) if data else None
    if out is not None:
        _write_patients(found, out)
    if page is not None:
        _write_page(found, population, page)
    _print(found, population, form)
    if check_version and not found.version.raised_enough:
        sys.exit(FAILED)


@contextmanager
def _versions(packs: tuple[str, ...], revision: str | None) -> Iterator[tuple[Pack, Pack]]:
    """The two packs; that of a revision stands in a folder for as long as it is needed."""
    if revision is None:
        if len(packs) != 2:
            raise click.UsageError("name two packs, OLD and NEW, or one with --git REV")
        yield _load(find_pack(packs[0]), packs[0]), _load(find_pack(packs[1]), packs[1])
        return
    if len(packs) != 1:
        raise click.UsageError("with --git REV name one pack: it is compared with what it was")
    from cds.verify.difference.revision import RevisionError, folder_at

    folder = find_pack(packs[0])
    with TemporaryDirectory(prefix="cds-diff-") as temporary:
        target = Path(temporary) / folder.resolve().name
        try:
            folder_at(folder, revision, target)
        except RevisionError as error:
            raise click.UsageError(str(error)) from None
        yield _load(target, f"{packs[0]} at {revision}"), _load(folder, packs[0])


def _load(folder: Path, name: str) -> Pack:
    try:
        return load_pack(folder)
    except PackError as error:
        fail(f"{name} cannot be loaded:", *(f"{name}: {problem}" for problem in error.problems))


def _compare(old: Pack, new: Pack, only: tuple[str, ...]) -> Difference:
    with needing_z3():
        from cds.verify.difference.compare import SOUGHT, compare
    with _progress() as step:
        try:
            return compare(old, new, step, sought=only or SOUGHT)
        except PackError as error:
            fail(*map(str, error.problems))


@contextmanager
def _progress() -> Iterator[Callable[[str], None]]:
    """What is being looked at, on a terminal; nothing in a pipe."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda what: None
        return
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("reading both versions", total=None)
        yield lambda what: progress.update(task, description=what)


def _write_patients(found: Difference, folder: Path) -> None:
    try:
        for one in found.classes:
            one.patient.write(folder, one.change.name)
    except OSError as error:
        fail(f"{folder} cannot be written: {error.strerror}. Name a folder that can be made.")


def _write_page(found: Difference, population: Population | None, file: Path) -> None:
    from cds.verify.difference.page import difference_page

    try:
        file.write_text(difference_page(found, population), encoding="utf-8")
    except OSError as error:
        fail(f"{file} cannot be written: {error.strerror}. Name a file in a folder that is there.")


def _print(found: Difference, population: Population | None, form: str) -> None:
    if form == "json":
        from cds.verify.difference.as_json import as_json

        told: dict[str, Any] = as_json(found, population)
        click.echo(orjson.dumps(told, option=orjson.OPT_INDENT_2).decode())
        return
    from cds.cli.difference_tables import print_difference

    print_difference(found, population)
