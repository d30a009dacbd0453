"""The shipped pack against copies of itself: nothing, and one threshold."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from cds import DecisionSupport, default_pack, load_pack
from cds.verify.difference.compare import Difference, compare
from tests.verify.difference.tiny_pack import change


@pytest.fixture(scope="module")
def edited(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("edited") / "pack"
    shutil.copytree(default_pack(), folder)
    change(
        folder, "rules/compartment.yaml", "[rapidly_worse, pain_severity >= 7]", "[rapidly_worse, pain_severity >= 6]"
    )
    return folder


@pytest.fixture(scope="module")
def found(edited: Path) -> Difference:
    return compare(load_pack(default_pack()), load_pack(edited))


def test_a_copy_is_the_same(tmp_path: Path) -> None:
    shutil.copytree(default_pack(), tmp_path / "copy")
    found = compare(load_pack(default_pack()), load_pack(tmp_path / "copy"))
    assert (found.classes, found.changes, found.unclear, found.undecided) == ((), (), (), ())
    assert found.version.weight is None


def test_a_lower_threshold_raises_the_level(found: Difference, edited: Path, tmp_path: Path) -> None:
    one = next(one for one in found.classes if one.change.kind == "level")
    assert (one.change.old, one.change.new, one.change.direction) == ("same-day", "emergency", "raised")
    assert "pain-severity: 6" in one.patient.words
    assert "rapidly-worse: Y" in one.patient.words
    assert len(one.patient.words) <= 4
    assert "compartment.rapid_severe" in [rule.rule for rule in one.rules]
    response = one.patient.write(tmp_path, one.change.name)[0].read_bytes()
    levels = [DecisionSupport.load(pack).decide(response).assessment.level for pack in (default_pack(), edited)]
    assert levels == ["same-day", "emergency"]


def test_nothing_else_is_raised_and_nothing_lowered(found: Difference) -> None:
    told = {(one.change.old, one.change.new) for one in found.classes if one.change.kind in ("level", "possible-level")}
    assert told == {("same-day", "emergency")}
    assert not found.lowered
    assert not found.undecided
    assert not [one for one in found.classes if one.change.kind == "advice"]
    # Who is an emergency is not asked any further.
    assert {"saddle_numbness", "fever"} <= {one.change.subject for one in found.classes if one.change.kind == "asked"}


def test_the_change_is_listed_with_its_place(found: Difference) -> None:
    (one,) = found.changes
    assert (one.kind, one.name, one.how) == ("rule", "compartment.rapid_severe", "changed")
    assert one.place.startswith("rules/compartment.yaml:")
    assert one.details == ("condition: rapidly_worse and pain_severity >= 7 -> rapidly_worse and pain_severity >= 6",)
    assert found.version.weight == "minor"  # it is raised, never lowered
