"""The minimal pack with a population, edited."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from tests.pack.overlay import MINIMAL
from tests.verify.static.faulty_pack import Edit

WHOLE: Final = Path(__file__).parent / "whole.yaml"


def pack_folder(folder: Path, edits: Sequence[Edit] = ()) -> Path:
    """The minimal pack with the whole population, after the edits, in ``folder``."""
    shutil.copytree(MINIMAL, folder)
    shutil.copy(WHOLE, folder / "population.yaml")
    for edit in edits:
        text = (folder / edit.file).read_text(encoding="utf-8")
        assert text.count(edit.old) == 1, edit.old
        (folder / edit.file).write_text(text.replace(edit.old, edit.new), encoding="utf-8")
    return folder
