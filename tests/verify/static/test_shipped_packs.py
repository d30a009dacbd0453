"""What ships has no errors, and its warnings are those that only a clinician can settle."""

from __future__ import annotations

from pathlib import Path

import pytest

from cds import shipped_packs
from tests.verify.static.faulty_pack import issues_of, said

FOR_CLINICIANS = {"unverified-rule", "weak-sources", "unused-citation"}


@pytest.mark.parametrize("folder", shipped_packs(), ids=lambda folder: folder.name)
def test_shipped_pack(folder: Path) -> None:
    found = issues_of(folder)
    assert [said(issue) for issue in found if issue.severity == "error"] == []
    assert {issue.check for issue in found} <= FOR_CLINICIANS
    assert found == issues_of(folder)
