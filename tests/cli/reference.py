"""``docs/cli.md`` from the help of the commands: ``python -m tests.cli.reference``."""

from __future__ import annotations

import click

from cds.cli import main
from tests.cli.running import ROOT

PAGE = ROOT / "docs" / "cli.md"
_WIDTH = 100
_HEAD = """\
# The command line

This page is made from the help of the commands by `python -m tests.cli.reference`; a test compares. `python -m cds` is
the same as `cds`.

## Conventions

| exit status | when |
|---|---|
| 0 | all is well |
| 1 | some input was refused, or some check failed; the rest is done all the same |
| 2 | wrong usage: an unknown option, a value that an option does not take, a pack that is not there |

Standard output has data only: what was asked for, and in a pipe always the same bytes for the same input, pack and
`--as-of`. Everything else goes to standard error: what was refused, and on a terminal the progress of long work.

A message about an input names its source, the place in it and what to do, and never what a patient wrote:

```text
answers.json: QuestionnaireResponse.item[1].item[4] (link id fever): the question takes one answer: ...
```

A message about a pack names file, line and column. A response that is refused has no result at all: no card, no line of
JSON. In a table for people it stands as "Refused", high up, because nothing is known about that patient.

The source of a response is its file, for NDJSON `file:line`, for standard input `-` (NDJSON: `-:line`). Standard input
takes one response, over any number of lines, or NDJSON.
"""


def page() -> str:
    """The whole page."""
    parts = [_HEAD, _block("cds", main)]
    parts += [_block(f"cds {name}", command) for name, command in commands().items()]
    return "\n".join(parts)


def commands() -> dict[str, click.Command]:
    """Every command by what is typed for it, those of groups behind their group."""
    found: dict[str, click.Command] = {}
    for name, command in main.commands.items():
        found[name] = command
        if isinstance(command, click.Group):
            found |= {f"{name} {inner}": part for inner, part in command.commands.items()}
    return found


def help_of(name: str, command: click.Command) -> str:
    """The help text as ``name --help`` prints it, at a fixed width."""
    context = click.Context(
        command, info_name=name, terminal_width=_WIDTH, help_option_names=["-h", "--help"], max_content_width=_WIDTH
    )
    return command.get_help(context)


def _block(name: str, command: click.Command) -> str:
    text = "\n".join(line.rstrip() for line in help_of(name, command).splitlines())
    return f"## `{name}`\n\n```text\n{text}\n```\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
