"""A command that is a group as well: ``cds batch IN OUT`` runs, ``cds batch report`` is a command of its own."""

from __future__ import annotations

from typing import Any

import click


class RunOrSubcommand(click.Group):
    """Does what it is itself, unless the first word is the name of a subcommand.

    A file of that name is given with a path, as in ``./report``.
    """

    allow_interspersed_args = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "invoke_without_command": True})

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        """The context of the subcommand's group, which takes no arguments of the run, or of the run."""
        if args and args[0] in self.commands:
            return click.Group(self.name, commands=self.commands).make_context(info_name, args, parent, **extra)
        return super().make_context(info_name, args, parent, **extra)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """As a command does: no word is taken for a subcommand any more."""
        return click.Command.parse_args(self, ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Run."""
        return click.Command.invoke(self, ctx)

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """Its own arguments; the subcommands stand below."""
        return click.Command.collect_usage_pieces(self, ctx)
