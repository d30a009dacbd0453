"""The exports that are measured: ``cds sample`` with one seed, so the first patients of all sizes are the same."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

SEED: Final = 5
_RESPONSES: Final = "QuestionnaireResponse.*"


@dataclass(frozen=True, slots=True)
class Population:
    """An export of ``count`` responses: ``whole`` has the charts as well, ``alone`` the same responses alone."""

    count: int
    whole: Path
    alone: Path

    def folder(self, charts: bool) -> Path:
        """The export, with or without its charts."""
        return self.whole if charts else self.alone

    def files(self, charts: bool) -> list[Path]:
        """All files of :meth:`folder`."""
        return sorted(self.folder(charts).iterdir())

    @property
    def responses(self) -> list[Path]:
        """The files of responses."""
        return sorted(self.alone.iterdir())

    @property
    def charts(self) -> list[Path]:
        """The files of charts."""
        names = {path.name for path in self.responses}
        return [path for path in self.files(charts=True) if path.name not in names]


def population(folder: Path, count: int) -> Population:
    """Draw an export below ``folder``, unless it is there."""
    whole, alone = folder / f"{count}-whole", folder / f"{count}-alone"
    if not alone.exists():
        command = [sys.executable, "-m", "cds", "sample", str(count), "--seed", str(SEED), "--out", str(whole)]
        subprocess.run(command, check=True, stdout=sys.stderr)
        alone.mkdir()
        for path in whole.glob(_RESPONSES):
            os.link(path, alone / path.name)
    return Population(count, whole, alone)
