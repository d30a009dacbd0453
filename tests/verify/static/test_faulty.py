"""One faulty pack for each static check, and what an author reads of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from cds.verify.static import CHECKS
from tests.pack.overlay import MINIMAL
from tests.verify.static.faulty_pack import FAULTY, build, faulty, issues_of, said

NAMES = sorted(file.stem for file in FAULTY.iterdir())
REFUSED_BY_THE_LOADER = {"summary-too-long"}
"""No file can have this fault: ``test_summaries`` makes it from a loaded pack."""


def test_every_check_has_a_faulty_pack() -> None:
    assert set(NAMES) | REFUSED_BY_THE_LOADER == CHECKS.keys()


@pytest.mark.parametrize("name", NAMES)
def test_faulty_pack(name: str, tmp_path: Path) -> None:
    case = faulty(name)
    found = issues_of(build(case, tmp_path / "pack"))
    assert [said(issue) for issue in found if issue.check == name] == case.says
    ordinary = {issue.message for issue in issues_of(MINIMAL)}
    others = {issue.check for issue in found if issue.check != name and issue.message not in ordinary}
    assert others == set(case.also), "it has another fault as well"
    for issue in found:
        assert issue.severity == CHECKS[issue.check].severity
        assert issue.hint
        assert all((tmp_path / "pack" / place.file).exists() and place.line >= 1 for place in issue.places)


def test_the_minimal_pack_has_nothing_but_rules_without_evidence() -> None:
    assert {issue.check for issue in issues_of(MINIMAL)} == {"untraced-rule"}


def test_ids_and_severities() -> None:
    for name, check in CHECKS.items():
        assert name == name.lower().replace("_", "-")
        assert check.severity in ("error", "warning")
        assert check.meaning.endswith(".")
        assert not check.message.endswith(".")
