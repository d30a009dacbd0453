"""``cds sample``: synthetic patients, drawn by the shares that a pack states."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import orjson
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from cds.cli.options import pack_option, stop_on_pack_error
from cds.pack import load_pack
from cds.sample import BulkFolder, Sample, Sampler, read_population

_EVERY = 500
"""Progress is shown after so many patients: a terminal takes longer to write to than a patient to draw."""

_Shown = Callable[[Iterable[Sample]], Iterator[Sample]]


@click.command()
@click.argument("count", type=click.IntRange(min=1), metavar="N")
@pack_option
@click.option("--seed", default=0, show_default=True, type=int, metavar="SEED", help="Another seed, other patients.")
@click.option(
    "--start",
    default=0,
    show_default=True,
    type=click.IntRange(min=0),
    metavar="I",
    help="The number of the first patient. A patient is the same whatever else is drawn.",
)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="FOLDER",
    help="Write responses and charts as NDJSON by resource type; the folder must not hold such files already.",
)
@click.option("--gzip", "compress", is_flag=True, help="Compress the files of --out.")
@click.option(
    "--lines-per-file",
    "lines",
    default=100_000,
    show_default=True,
    type=click.IntRange(min=1),
    metavar="N",
    help="Begin a new file of --out after so many resources of a type.",
)
@stop_on_pack_error
def sample(count: int, pack: Path, seed: int, start: int, out: Path | None, compress: bool, lines: int) -> None:
    """Draw N synthetic patients for demonstrations and load tests.

    The shares are those of population.yaml in the pack; most are assumptions, and it says which. Nobody's data went
    into them: no patient is real, and none has a name. The same seed gives the same patients on any machine.

    Without --out, the QuestionnaireResponses go to standard output, one a line, and no charts.

    \b
    Examples:
      cds sample 3
      cds sample 100 --seed 7 | cds evaluate - --format json
      cds sample 50 --pack ottawa-ankle --start 1000
      cds sample 200 --out population --gzip --lines-per-file 100
    """
    if compress and out is None:
        raise click.UsageError("--gzip compresses files: give --out FOLDER")
    loaded = load_pack(pack)
    sampler = Sampler(loaded, read_population(loaded))
    patients = (sampler.sample(seed, start + number) for number in range(count))
    with _progress(count, to_files=out is not None) as shown:
        if out is None:
            _print(shown(patients))
        else:
            _write(shown(patients), out, lines, compress)


def _print(patients: Iterable[Sample]) -> None:
    for patient in patients:
        sys.stdout.buffer.write(orjson.dumps(patient.response, option=orjson.OPT_APPEND_NEWLINE))
    sys.stdout.buffer.flush()


def _write(patients: Iterable[Sample], out: Path, lines: int, compress: bool) -> None:
    try:
        folder = BulkFolder(out, lines, compress=compress)
    except FileExistsError as error:
        raise click.UsageError(f"--out: {error}") from None
    with folder:
        for patient in patients:
            folder.write([patient.response, *patient.chart])


@contextmanager
def _progress(count: int, *, to_files: bool) -> Iterator[_Shown]:
    """A bar on a terminal while patients go elsewhere."""
    console = Console(stderr=True)
    silent = not console.is_terminal or (not to_files and sys.stdout.isatty())
    columns = (TextColumn("{task.completed} patients"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=silent) as progress:
        task = progress.add_task("sample", total=count)

        def shown(patients: Iterable[Sample]) -> Iterator[Sample]:
            for number, patient in enumerate(patients, start=1):
                yield patient
                if number % _EVERY == 0:
                    progress.update(task, completed=number)

        yield shown
