"""Whether a program from outside is there. Without it a test is skipped, but in CI it fails: nothing goes untested."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

import pytest

PEERS: Final = Path(__file__).parents[3] / ".peers"
"""Where ``install.sh`` puts programs from outside."""


def installed(variable: str, default: Path) -> Path:
    """The file that the environment names in ``variable``, else ``default``; skips or fails if it is not there."""
    found = Path(os.environ.get(variable, default))
    if found.exists():
        return found
    absent = f"{default.name} is not installed: run tests/service/peers/install.sh, or set {variable} to where it is"
    if os.environ.get("CI") == "true":
        pytest.fail(absent)
    pytest.skip(absent)
