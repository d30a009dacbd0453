"""Where z3 gives up, the comparison goes on, and what nobody knows counts as the worst."""

from __future__ import annotations

from pathlib import Path
from typing import NoReturn

import pytest

from cds import load_pack
from cds.verify.difference.compare import compare
from cds.verify.difference.pair import Pair
from cds.verify.proofs.prover import UndecidedError
from tests.verify.difference.tiny_pack import tiny_pack


def _gives_up(*_: object) -> NoReturn:
    raise UndecidedError("z3 gave up")


def test_what_is_not_decided_is_listed_and_major(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = tiny_pack(tmp_path / "old")
    new = tiny_pack(tmp_path / "new", ("rules/tiny.yaml", "days >= 2", "days >= 3"))
    monkeypatch.setattr(Pair, "exists", _gives_up)
    found = compare(load_pack(old), load_pack(new))
    assert "level: emergency -> self-care: z3 gave up" in found.undecided
    assert "outcome: incomplete -> self-care: z3 gave up" in found.undecided
    assert any(one.startswith("asked ") for one in found.undecided)
    assert (found.classes, found.version.weight) == ((), "major")
