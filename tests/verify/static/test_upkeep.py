"""Reviews and signatures: what depends on the day of the check."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from cds.pack import load_pack
from cds.verify.static import static_issues
from tests.pack.overlay import MINIMAL
from tests.verify.static.faulty_pack import Edit, Faulty, build, faulty

REVIEW = date(2027, 11, 22)


def checks_on(folder: Path, day: date) -> set[str]:
    return {issue.check for issue in static_issues(load_pack(folder), day)} - {"untraced-rule"}


def test_a_review_is_due_on_its_day_and_overdue_on_the_next() -> None:
    assert checks_on(MINIMAL, REVIEW) == set()
    overdue = {"pack-review-overdue", "rule-review-overdue", "draft-review-overdue"}
    assert checks_on(MINIMAL, REVIEW + timedelta(days=1)) == overdue


def test_a_retired_pack_needs_no_review(tmp_path: Path) -> None:
    retired = Faulty(edits=[Edit(file="pack.yaml", old="status: draft", new="status: retired")], says=[])
    assert checks_on(build(retired, tmp_path / "pack"), date(2040, 1, 1)) == set()


@pytest.mark.parametrize(
    ("signed", "found"),
    [("null", {"weak-sources"}), ("2026-11-26", set()), ("2026-11-27", {"weak-sources", "signed-in-future"})],
)
def test_weak_evidence_is_listed_until_all_have_signed(tmp_path: Path, signed: str, found: set[str]) -> None:
    weak = faulty("weak-sources")
    weak.edits.append(Edit(file="pack.yaml", old="signed: null", new=f"signed: {signed}"))
    assert checks_on(build(weak, tmp_path / "pack"), date(2026, 11, 26)) == found
