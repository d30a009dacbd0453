"""The evidence trace: every row leads somewhere, and to what the pack really uses."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from cds.pack import PackError, load_pack
from cds.verify.trace import NAME, load_trace
from tests.pack.overlay import MINIMAL


def faults_of(folder: Path, rows: str) -> list[str]:
    pack = load_pack(shutil.copytree(MINIMAL, folder))
    with (folder / NAME).open("a", encoding="utf-8") as file:
        file.write(rows)
    with pytest.raises(PackError) as caught:
        load_trace(pack)
    return [f"{problem.line}:{problem.code}" for problem in caught.value.problems]


def test_rows() -> None:
    rows = load_trace(load_pack(MINIMAL))
    assert [row.id for row in rows] == ["E1", "E2", "E3"]
    assert (rows[0].rules, rows[0].findings) == (["danger.emergency"], ["warning_signs"])
    assert rows[2].reason


def test_every_fault_is_found(tmp_path: Path) -> None:
    rows = """\
  - {id: E1, statement: The same id again., advice: [fluids]}
  - {id: E5, statement: Nothing is there., rules: [danger.none], advice: [honey], findings: [mood]}
  - {id: E6, statement: A draft carries nothing., rules: [danger.smell]}
"""
    unknown = ["13:trace-unknown"] * 3
    assert faults_of(tmp_path / "pack", rows) == ["12:duplicate-id", *unknown, "14:trace-unknown"]


@pytest.mark.parametrize("reason", ["", ", reason: ''", ", reason: ' '", ", rules: []"])
def test_a_row_that_leads_nowhere(tmp_path: Path, reason: str) -> None:
    assert faults_of(tmp_path / "pack", f"  - {{id: E4, statement: Rest{reason}}}\n") == ["12:trace-empty"]


def test_no_trace(tmp_path: Path) -> None:
    pack = load_pack(shutil.copytree(MINIMAL, tmp_path / "pack"))
    (tmp_path / "pack" / NAME).unlink()
    with pytest.raises(PackError, match="the pack has no evidence-trace"):
        load_trace(pack)
