"""One broken pack for each message, and what an author reads when it is loaded."""

from __future__ import annotations

from pathlib import Path

import pytest

from cds.pack import MESSAGES, PackError
from cds.pack.messages import HINTS
from tests.pack.overlay import MALFORMED, faults, overlay

FIXTURES = sorted(path for path in MALFORMED.iterdir() if path.is_dir())


def _error(fixture: Path, folder: Path) -> PackError:
    error = faults(overlay(fixture, folder / "pack"))
    assert error is not None, f"the pack {fixture.name} has no fault"
    return error


def test_every_message_has_a_broken_pack() -> None:
    assert {path.name for path in FIXTURES} == MESSAGES.keys()


def test_every_hint_belongs_to_a_message() -> None:
    assert HINTS.keys() <= MESSAGES.keys()


@pytest.mark.parametrize("fixture", FIXTURES, ids=lambda path: path.name)
def test_broken_pack(fixture: Path, tmp_path: Path) -> None:
    error = _error(fixture, tmp_path)
    assert str(error).splitlines() == (fixture / "expected.txt").read_text(encoding="utf-8").splitlines()
    assert error.problems[0].code == fixture.name


@pytest.mark.parametrize("fixture", FIXTURES, ids=lambda path: path.name)
def test_broken_pack_says_what_to_write(fixture: Path, tmp_path: Path) -> None:
    problem = _error(fixture, tmp_path).problems[0]
    assert problem.hint or ": " in problem.message or "must" in problem.message
    assert (fixture / "instead.txt").read_text(encoding="utf-8").strip()
