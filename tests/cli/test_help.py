"""Every command has help with examples, the examples run, and ``docs/cli.md`` says the same."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from cds.cli import main
from cds.service.store import Showing, Store
from tests.cli.reference import PAGE, commands, help_of, page
from tests.cli.running import BULK, CHARTS, GOOD, RESPONSES, ROOT, pipe, run, shell

COMMANDS = {"": main, **commands()}


def _examples(command: click.Command) -> list[str]:
    _, _, rest = help_of("cds", command).partition("Examples:\n")
    examples = rest.partition("\n\n")[0].splitlines()
    return [example.strip() for example in examples]


def _all_examples() -> Iterator[str]:
    for name, command in COMMANDS.items():
        if name != "serve":  # goes on until it is stopped: tests/cli/test_serve.py
            yield from (example for example in _examples(command) if not example.startswith("cds serve"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which everything is there that the examples name."""
    here = tmp_path_factory.mktemp("examples")
    (here / "fixtures").symlink_to(ROOT / "fixtures")
    (here / "rules").symlink_to(ROOT / "rules")
    (here / "before").symlink_to(ROOT / "rules" / "ottawa-ankle")
    name = "same-day-cancer-in-chart.json"
    shutil.copy(RESPONSES / name, here / "answers.json")
    shutil.copy(CHARTS / name, here / "chart.json")
    shutil.copy(BULK, here / "export.ndjson")
    store = Store.open(f"sqlite:///{here / 'cds-service.db'}")
    store.shown(Showing("a", "s", "exercise-low-back-pain", "0.1.0", "routine", "routine", "routine", "recommendation"))
    store.close_now()
    (here / "patient.yaml").write_text("age: 34\nfever: no\n")
    return here


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_examples(name: str) -> None:
    found = run(*name.split(), "--help")
    assert found.exit_code == 0
    assert "Examples:" in found.stdout
    assert len(_examples(COMMANDS[name])) >= 2
    assert run(*name.split(), "-h").stdout == found.stdout


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_has_help(name: str) -> None:
    without = [
        parameter.name
        for parameter in COMMANDS[name].params
        if isinstance(parameter, click.Option) and not parameter.help
    ]
    assert not without


@pytest.mark.parametrize("example", dict.fromkeys(_all_examples()))
def test_examples_run(example: str, folder: Path) -> None:
    if example.startswith("cds batch report") and not (folder / "assessments").exists():
        shell("cds batch fixtures/bulk assessments", folder)  # an example too, and run before unless it was left out
    found = shell(example, folder)
    assert (found.returncode, found.stderr) == (0, b"")


def test_the_page_is_what_the_commands_say() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run: python -m tests.cli.reference"


def test_no_command_shows_the_help() -> None:
    found = run()
    assert found.exit_code == 2
    assert "Commands:" in found.output


def test_unknown_command() -> None:
    found = run("evalute")
    assert found.exit_code == 2
    assert "No such command" in found.stderr


def test_as_a_module() -> None:
    found = pipe("evaluate", GOOD, "--format", "json")
    assert (found.returncode, found.stderr) == (0, b"")
