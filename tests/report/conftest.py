"""One finished run for all tests of a process."""

from __future__ import annotations

from pathlib import Path

import pytest

from cds.pack import Pack, load_pack
from tests.report.runs import ANKLE, ankle_run


@pytest.fixture(scope="session")
def ankle_pack() -> Pack:
    """The pack of the run."""
    return load_pack(ANKLE)


@pytest.fixture(scope="session")
def ankle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The output of a run; a test that changes it takes a copy."""
    return ankle_run(tmp_path_factory.mktemp("ankle"))
