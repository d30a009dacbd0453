"""One broken pack for each message, and what an author reads when it is loaded."""

from __future__ import annotations

from pathlib import Path

import pytest

from cds.pack import MESSAGES
from cds.pack.messages import HINTS
from tests.pack.overlay import MALFORMED, faults, overlay

FIXTURES = sorted(path for path in MALFORMED.iterdir() if path.is_dir())


def test_every_message_has_a_broken_pack() -> None:
    assert {path.name for path in FIXTURES} == MESSAGES.keys()


def test_every_hint_belongs_to_a_message() -> None:
    assert HINTS.keys() <= MESSAGES.keys()


@pytest.mark.parametrize("fixture", FIXTURES, ids=lambda path: path.name)
def test_broken_pack(fixture: Path, tmp_path: Path) -> None:
    error = faults(overlay(fixture, tmp_path / "pack"))
    assert error is not None
    assert str(error).splitlines() == (fixture / "expected.txt").read_text(encoding="utf-8").splitlines()
    first = error.problems[0]
    assert first.code == fixture.name
    assert first.hint or "must" in first.message or ": " in first.message, "it does not say what to write"
    assert (fixture / "instead.txt").read_text(encoding="utf-8").strip()
