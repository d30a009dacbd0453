"""Whether a program from outside is there. Without it a test is skipped, but in CI it fails: nothing goes untested."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

import pytest

PEERS: Final = Path(__file__).parents[3] / ".peers"
"""Where ``install.sh`` puts programs from outside."""


def installed(name: str, default: Path, variable: str | None = None) -> Path:
    """The file or folder of the program ``name``: what the environment names in ``variable``, else ``default``.

    Skips the test if it is not there, or fails it in CI.
    """
    found = Path(os.environ.get(variable, default) if variable else default)
    if found.exists():
        return found
    other = f", or set {variable} to where it is" if variable else ""
    absent = f"{name} is not installed: run tests/service/peers/install.sh{other}"
    if os.environ.get("CI") == "true":
        pytest.fail(absent)
    pytest.skip(absent)
