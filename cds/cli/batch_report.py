"""``cds batch report``: draws what a finished run found."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from cds.cards.headline import visible
from cds.cli.options import check_language, fail, pack_option, stop_on_pack_error
from cds.cli.table import print_table
from cds.pack import load_pack

if TYPE_CHECKING:  # pydantic models take a while, and other commands do not need them
    from cds.report.view import View


@click.command("report")
@click.argument("out", metavar="OUT", type=click.Path(exists=True, file_okay=False, path_type=Path))
@pack_option
@click.option(
    "--html",
    "page",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write a web page: all questions and rules, with levels and sources. One file, without scripts.",
)
@click.option(
    "--png",
    "picture",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write a picture. Needs matplotlib (the extra report).",
)
@click.option("--lang", help="Language of the texts (en, es). Default: the pack's first.")
@click.option(
    "--top",
    default=10,
    show_default=True,
    type=click.IntRange(min=1),
    metavar="N",
    help="Rows of the tables of questions and rules that are printed.",
)
@stop_on_pack_error
def report(out: Path, pack: Path, page: Path | None, picture: Path | None, lang: str | None, top: int) -> None:
    """Draw what the finished run in the folder OUT found: outcomes, open questions, rules that fired.

    OUT is read whole, and must be what its manifest says: if a file, a line or a count is not, there is no report, and
    the exit status is 1. --pack is the pack that the run was assessed by.

    \b
    Examples:
      cds batch report assessments
      cds batch report assessments --html report.html --png report.png
      cds batch report assessments --lang es --top 3
    """
    from cds.report import ReportError, read_run
    from cds.report.canvas import picture_is_possible
    from cds.report.view import View

    if picture is not None and not picture_is_possible():
        fail("A picture needs matplotlib: pip install 'cds-rules[report]', or leave out --png: --html needs none")
    loaded = load_pack(pack)
    check_language(loaded, lang)
    try:
        with _progress() as step:
            run = read_run(out, loaded, step)
    except ReportError as error:
        fail(visible(str(error)))
    _keep(out, {out / "manifest.json", *(out / file.url for file in run.manifest.files)}, page, picture)
    view = View(run, _language(loaded.header.languages, lang))
    if page is not None:
        from cds.report.page import report_page

        _write(page, report_page(view).encode())
    if picture is not None:
        from cds.report.picture import report_picture

        _write(picture, report_picture(view))
    _print(view, top)


def _language(languages: list[str], wanted: str | None) -> str:
    """The language of the pack that comes nearest to what was asked for, which it has."""
    if wanted is None:
        return languages[0]
    return wanted if wanted in languages else wanted.partition("-")[0]


def _keep(out: Path, written: set[Path], *targets: Path | None) -> None:
    """End the command before it writes over what the run wrote."""
    kept = {path.resolve() for path in written}
    for target in targets:
        if target is not None and target.resolve() in kept:
            fail(f"{target} is a file of the run in {out}: name another one")


def _write(file: Path, data: bytes) -> None:
    try:
        file.write_bytes(data)
    except OSError as error:
        fail(f"{file} cannot be written: {error.strerror}. Name a file in a folder that is there.")


@contextmanager
def _progress() -> Iterator[Callable[[int], None]]:
    """How many assessments are read, on a terminal; nothing in a pipe."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda count: None
        return
    columns = (SpinnerColumn(), TextColumn("assessments: {task.completed:,}"), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("", total=None)
        yield lambda count: progress.update(task, completed=count)


def _print(view: View, top: int) -> None:
    counts = view.counts
    outcomes = [(row.name, f"{row.count}", _share(row.count, counts.responses)) for row in view.outcomes]
    print_table("Outcomes", ("outcome", "responses", "share"), outcomes)
    questions = [(row.name, row.text, f"{row.held_back}", f"{row.merely_open}") for row in view.questions[:top]]
    _next(view.words["open"], ("question", "text", "holds back", "merely open"), questions)
    rules = [
        (row.name, row.level, row.title, f"{row.count}", _share(row.count, counts.assessed)) for row in view.rules[:top]
    ]
    _next(view.words["rules"], ("rule", "level", "title", "responses", "share"), rules)
    click.echo()
    click.echo(f"responses: {counts.responses} read = {counts.assessed} assessed + {counts.refused} refused")
    for sentence in (*view.charts, view.of_assessed("contradictions_note", view.tally.contradicting), *view.notices):
        click.echo(sentence)
    for name in view.run.manifest.empty:
        click.echo(f"{visible(name)}: {view.words['empty']}", err=True)


def _next(title: str, columns: tuple[str, ...], rows: Sequence[Sequence[str]]) -> None:
    click.echo()
    print_table(title, columns, rows)


def _share(count: int, whole: int) -> str:
    return f"{count / whole:.1%}" if whole else "-"
