"""Options and steps that several commands share."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import click

from cds.intake.instant import is_date_time
from cds.pack import Pack, PackError
from cds.shipped import default_pack, shipped_packs

Command = TypeVar("Command", bound=Callable[..., Any])

FAILED = 1
"""Exit status when some input was refused or some check failed; click itself uses 2 for wrong usage."""


def pack_option(command: Command) -> Command:
    """``--pack``: a folder, or the name of a shipped pack; the command gets the folder as ``pack``."""
    option = click.option(
        "--pack",
        "pack",
        metavar="FOLDER",
        default=None,
        callback=lambda _context, _parameter, value: find_pack(value),
        help="Pack folder, or the name of a shipped pack. Default: the shipped pack.",
    )
    return option(command)


def find_pack(name: str | None) -> Path:
    """The folder of a pack by path or by the name of a shipped one. Raises ``click.UsageError`` if there is none."""
    if name is None:
        try:
            return default_pack()
        except FileNotFoundError as error:
            raise click.UsageError(str(error)) from None
    if Path(name).is_dir():
        return Path(name)
    shipped = {folder.name: folder for folder in shipped_packs()}
    if name in shipped:
        return shipped[name]
    raise click.UsageError(
        f"there is no pack {name!r}: name a folder, or one of: {', '.join(shipped) or 'none shipped'}"
    )


def fhir_date_time(_context: click.Context, _parameter: click.Parameter, value: str | None) -> str | None:
    """Callback of an option that takes a FHIR dateTime; anything else is wrong usage."""
    if value is not None and not is_date_time(value):
        raise click.BadParameter(f"{value!r} is not a FHIR dateTime: write it as in 2026-11-22T08:30:00+01:00")
    return value


def check_language(pack: Pack, language: str | None) -> None:
    """Raise ``click.UsageError`` for a language that was asked for and that the pack does not have."""
    languages = pack.header.languages
    if language is not None and language not in languages and language.partition("-")[0] not in languages:
        raise click.UsageError(f"the pack has no texts in {language!r}; it has: {', '.join(languages)}")


def stop_on_pack_error(command: Command) -> Command:
    """Print every problem of a pack that cannot be used, one a line, and exit with status 1."""

    @functools.wraps(command)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except PackError as error:
            fail(*map(str, error.problems))

    return wrapped  # type: ignore[return-value]


def fail(*messages: str) -> NoReturn:
    """Print messages to standard error and exit with status 1."""
    for message in messages:
        click.echo(message, err=True)
    sys.exit(FAILED)
