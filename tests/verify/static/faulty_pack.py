"""Faulty packs: the minimal pack changed in one respect, as ``faulty/<check>.yaml`` says."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict

from cds.pack import load_pack
from cds.pack.yaml_source import read_yaml
from cds.verify.issue import Issue
from cds.verify.static import static_issues
from tests.pack.overlay import MINIMAL

FAULTY: Final = Path(__file__).parent / "faulty"
TODAY: Final = date(2026, 11, 26)


class Edit(BaseModel):
    """The one place of a file that has ``old`` gets ``new``."""

    model_config = ConfigDict(extra="forbid")
    file: str
    old: str
    new: str


class Faulty(BaseModel):
    """What is changed, and what the checks say.

    ``add`` continues files or makes them, ``remove`` takes files away. ``says`` are all issues of the check at
    hand, ``also`` names other checks that cannot but find something as well.
    """

    model_config = ConfigDict(extra="forbid")
    edits: list[Edit] = []
    add: dict[str, str] = {}
    remove: list[str] = []
    also: list[str] = []
    says: list[str]


def faulty(check: str) -> Faulty:
    """The description of the faulty pack for a check."""
    source = read_yaml(FAULTY / f"{check}.yaml", check)
    assert not source.problems
    return Faulty.model_validate(source.data)


def build(case: Faulty, folder: Path) -> Path:
    """Make the faulty pack in ``folder``."""
    shutil.copytree(MINIMAL, folder)
    for edit in case.edits:
        text = (folder / edit.file).read_text(encoding="utf-8")
        assert text.count(edit.old) == 1, f"{edit.file} has {text.count(edit.old)} times: {edit.old}"
        (folder / edit.file).write_text(text.replace(edit.old, edit.new), encoding="utf-8")
    for name, text in case.add.items():
        with (folder / name).open("a", encoding="utf-8") as file:
            file.write(text)
    for name in case.remove:
        (folder / name).unlink()
    return folder


def issues_of(folder: Path, today: date = TODAY) -> list[Issue]:
    """What the static checks find in the pack of a folder."""
    return list(static_issues(load_pack(folder), today))


def said(issue: Issue) -> str:
    """An issue as one line: places, message, hint."""
    return f"{', '.join(map(str, issue.places))} | {issue.message}. {issue.hint}"
