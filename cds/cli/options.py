"""Options and steps that several commands share."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import click

from cds.pack import PackError
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
    raise click.UsageError(f"there is no pack {name!r}: name a folder, or one of: {', '.join(shipped) or 'none shipped'}")


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
