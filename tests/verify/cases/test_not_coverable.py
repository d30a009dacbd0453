"""What authors list as not coverable: it must be there, and it must be true."""

from __future__ import annotations

from pathlib import Path

import pytest

from cds.pack import PackError, load_pack
from cds.verify.cases import gaps, load_not_coverable
from tests.verify.cases.tiny_pack import covered, tiny_pack


def _with(folder: Path, entry: str) -> Path:
    """The tiny pack with this one entry under ``not_coverable``."""
    file = tiny_pack(folder) / "rules" / "tiny.test.yaml"
    cases, _, _ = file.read_text(encoding="utf-8").partition("not_coverable:")
    file.write_text(f"{cases}not_coverable:\n  - {entry}\n", encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("entry", "closed"),
    [
        ("{rule: tiny.rash, never: unknown, reason: x}", "tiny.rash: never seen undecided"),
        ("{rule: tiny.neither, never: true, reason: x}", "tiny.neither: never seen to fire"),
        ("{rule: tiny.neither, clause: {any: [hot, rash]}, never: false, reason: x}", "`hot or rash` never seen false"),
    ],
)
def test_a_reason_closes_a_gap(tmp_path: Path, entry: str, closed: str) -> None:
    before = gaps(covered(tiny_pack(tmp_path / "before")))
    after = gaps(covered(_with(tmp_path / "after", entry)))
    assert any(closed in str(gap) for gap in before)
    assert not any(closed in str(gap) for gap in after)


def test_what_is_seen_all_the_same_is_reported(tmp_path: Path) -> None:
    found = gaps(covered(_with(tmp_path / "pack", "{rule: tiny.hot_child, clause: hot, never: true, reason: x}")))
    assert str(found[-1]) == (
        "rules/tiny.test.yaml:12: tiny.hot_child: `hot` is listed as not coverable, and was seen true in 1 case: "
        "take the entry out"
    )


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ("{rule: tiny.rush, never: true, reason: x}", "12:12: there is no rule 'tiny.rush'. Did you mean 'tiny.rash'?"),
        ("{rule: tiny.rash, clause: hot, never: true, reason: x}", "the rule 'tiny.rash' has no clause 'hot'. Its"),
        ("{rule: tiny.rash, clause: cold, never: true, reason: x}", "12:31: there is no finding 'cold'"),
        ("{rule: tiny.rash, never: sometimes, reason: x}", "wrong-type"),
        ("{rule: tiny.rash, never: true}", "'reason'"),
    ],
)
def test_faults_name_the_place(tmp_path: Path, entry: str, message: str) -> None:
    pack = load_pack(_with(tmp_path / "pack", entry))
    with pytest.raises(PackError) as error:
        load_not_coverable(pack)
    assert message in str(error.value) or message in {problem.code for problem in error.value.problems}
