"""Broken packs: a fixture under ``malformed/`` laid over the minimal pack."""

from __future__ import annotations

import shutil
from pathlib import Path

from cds.engine import plan
from cds.pack import PackError, load_pack
from cds.verify.trace import load_trace

HERE = Path(__file__).parent
MINIMAL = HERE / "minimal"
MALFORMED = HERE / "malformed"
NOTES = ("expected.txt", "instead.txt", "removed.txt")
"""What the loader says, what to write instead, and which files of the minimal pack are taken away."""


def overlay(fixture: Path, folder: Path) -> Path:
    """Build the broken pack in ``folder``: files replace those of the minimal pack, files in ``add/`` continue them."""
    shutil.copytree(MINIMAL, folder)
    for file in sorted(fixture.rglob("*")):
        name = file.relative_to(fixture)
        if file.is_dir() or name.as_posix() in NOTES:
            continue
        if name.parts[0] == "add":
            with (folder / name.relative_to("add")).open("a", encoding="utf-8") as target:
                target.write(file.read_text(encoding="utf-8"))
        else:
            (folder / name).parent.mkdir(exist_ok=True)
            shutil.copy(file, folder / name)
    if (fixture / "removed.txt").exists():
        for removed in (fixture / "removed.txt").read_text(encoding="utf-8").split():
            (folder / removed).unlink()
    return folder


def faults(folder: Path) -> PackError | None:
    """What is wrong with a pack, from the files to what the engine can hold; ``None`` if nothing is."""
    try:
        pack = load_pack(folder)
        plan(pack)
        load_trace(pack)
    except PackError as error:
        return error
    return None
