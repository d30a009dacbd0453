"""The documentation is true: its examples run, its links lead somewhere, its commands exist.

When what the commands print has changed and rightly so: ``pytest tests/docs --update-golden``, and read the diff.
"""

from __future__ import annotations

import io
import os
import re
import runpy
import shlex
import shutil
from pathlib import Path
from typing import Final

import click
import pytest
from PIL import Image, ImageChops, ImageStat

from cds.cli import main
from tests.docs.desk import Desk
from tests.docs.page import GUIDES, PAGES, ROOT, blocks, commands, prose, read

_LINK: Final = re.compile(r"\]\(([^)\s]+)\)|<img[^>]* src=\"([^\"]+)\"")
_PATH: Final = re.compile(
    r"`((?:docs|fixtures|cds|tests|benchmarks|rules/(?:exercise-low-back-pain|ottawa-ankle))/[\w./-]*)`"
)
_HEADING: Final = re.compile(r"^#+ (.+)$", re.MULTILINE)


@pytest.mark.parametrize("page", GUIDES)
def test_examples_run(page: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    desk, text, told = Desk(tmp_path), read(page), []
    request.addfinalizer(desk.clear)
    update = bool(request.config.getoption("--update-golden"))
    for block in blocks(page):
        needs_jq = "jq" in block.text and block.language in ("sh", "console")
        if needs_jq and shutil.which("jq") is None and os.environ.get("CI") != "true":
            continue
        printed = desk.run(block)
        if printed != block.text if update else _loosely(printed) != _loosely(block.text):
            told.append(f"{block.place} now prints:\n{printed}")
            text = text.replace(block.text, printed)
    if update:
        (ROOT / page).write_text(text, encoding="utf-8")
        return
    assert not told, "\n".join([*told, "if rightly so: pytest tests/docs --update-golden"])


def _loosely(text: str) -> str:
    """Without numbers: a new case or a moved line in a pack makes no page wrong."""
    return re.sub(r"\s*\d+", "", text)


@pytest.mark.parametrize("page", PAGES)
def test_commands_exist(page: str) -> None:
    targets = re.findall(r"^([a-z-]+):", read("Makefile"), re.MULTILINE)
    for command, place in commands(page):
        program, *words = shlex.split(command)
        if program == "make":
            wanted = [word for word in words if "=" not in word]
            assert set(wanted) <= set(targets), f"{place}: {command}"
        elif not words[0].startswith("-"):
            assert words[0] in main.commands, f"{place}: there is no command {words[0]}"
            known = {name for option in _options(words) for name in option.opts} | {"-h", "--help"}
            given = [word.partition("=")[0] for word in words if word.startswith("-") and word != "-"]
            assert set(given) <= known, f"{place}: {command}"


def _options(words: list[str]) -> list[click.Parameter]:
    command = main.commands[words[0]]
    if isinstance(command, click.Group) and len(words) > 1 and words[1] in command.commands:
        command = command.commands[words[1]]
    return [parameter for parameter in command.params if isinstance(parameter, click.Option)]


@pytest.mark.parametrize("page", PAGES)
def test_links_and_paths_lead_somewhere(page: str) -> None:
    text = prose(page)
    for inline, image in _LINK.findall(text):
        target, _, anchor = (inline or image).partition("#")
        if target.startswith(("https://", "http://", "mailto:")):
            continue
        file = (ROOT / page).parent / target if target else ROOT / page
        assert file.exists(), f"{page}: {target} is not there"
        if anchor and file.suffix == ".md":
            headings = {_slug(heading) for heading in _HEADING.findall(file.read_text(encoding="utf-8"))}
            assert anchor in headings, f"{page}: {target} has no heading {anchor}"
    for path in _PATH.findall(text):
        file = ROOT / path
        assert file.exists() or file.with_suffix(".py").exists(), f"{page}: {path} is not there"


def _slug(heading: str) -> str:
    """The anchor that a heading gets on the common forges."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


@pytest.mark.parametrize("command", sorted(main.commands))
def test_every_command_is_documented(command: str) -> None:
    assert f"cds {command}" in read("docs/cli.md")
    assert any(f"cds {command}" in read(page) for page in GUIDES)


def test_picture_is_what_is_printed() -> None:
    make = runpy.run_path(str(ROOT / "docs" / "images" / "make.py"))
    shown = make["PICTURE"].read_text(encoding="utf-8")
    assert shown == make["svg"](), "run python -m docs.images.make"
    assert re.findall(r"https?://[^\s\"')]+", shown) == ["http://www.w3.org/2000/svg"]


def test_picture_of_the_report_is_what_is_drawn() -> None:
    make = runpy.run_path(str(ROOT / "docs" / "images" / "make.py"))
    with Image.open(make["REPORT"]) as kept, Image.open(io.BytesIO(make["png"]())) as drawn:
        # Another version of a library may set a letter a little differently.
        assert kept.size == drawn.size, "run python -m docs.images.make"
        assert kept.info == drawn.info, "run python -m docs.images.make"
        difference = ImageChops.difference(kept.convert("L"), drawn.convert("L"))
    assert ImageStat.Stat(difference).mean[0] < 1, "run python -m docs.images.make"


@pytest.mark.parametrize("page", GUIDES)
def test_plain_punctuation(page: str) -> None:
    assert not re.search("[\N{EM DASH}\N{EN DASH}]", prose(page))
