"""The version number that a difference asks for."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from cds import load_pack
from cds.verify.difference.compare import compare
from cds.verify.difference.data_change import Weight
from cds.verify.difference.version import VersionAdvice, next_version
from tests.verify.difference.tiny_pack import Change, tiny_pack

RULES: Final = "rules/tiny.yaml"
WORDS: Final = "findings.yaml"
RASH: Final = ", reason: {en: A rash"
SOURCES: Final = "    rationale: An example.\n    citations: [TEXTBOOK]\n  - id: tiny.emergency"
CASES: Final[dict[str, tuple[list[Change], Weight]]] = {
    "a level lowered": ([(RULES, "level: emergency", "level: same-day")], "major"),
    "another scope": ([(RULES, "days < 1", "days < 2")], "major"),
    "a finding removed": (
        [
            (RULES, "any: [lung_disease, itch]", "any: [itch, rash]"),
            (RULES, "all: [hot, lung_disease]", "all: [hot, itch]"),
            ("findings.yaml", "  - id: lung_disease", "  - id: weak_lungs"),
        ],
        "major",
    ),
    "a level raised": ([(RULES, f"level: same-day{RASH}", f"level: emergency{RASH}")], "minor"),
    "other advice": ([(RULES, "when: days >= 1", "when: days >= 2")], "minor"),
    "other questions": ([(WORDS, "pulmonar}\n    unanswered: ask", "pulmonar}\n    unanswered: ignore")], "minor"),
    "another reason on the card": ([(RULES, "when: rash", "when: {any: [rash, {all: [hot, lung_disease]}]}")], "minor"),
    "texts": ([(RULES, "A rash should be seen.", "Have the rash seen.")], "patch"),
    "a rationale": ([(RULES, SOURCES, SOURCES.replace("An example", "Another"))], "patch"),
    "a title": ([("findings.yaml", "en: It itches", "en: Itching")], "patch"),
    "a review": ([("pack.yaml", "review: 2027-11-22", "review: 2028-11-22")], "patch"),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_what_a_change_weighs(name: str, tmp_path: Path) -> None:
    changes, weight = CASES[name]
    found = compare(load_pack(tiny_pack(tmp_path / "old")), load_pack(tiny_pack(tmp_path / "new", *changes)))
    assert found.version.weight == weight, found.version
    assert not found.version.raised_enough
    assert found.version.reasons


def test_the_same_pack_may_keep_its_version(tmp_path: Path) -> None:
    found = compare(load_pack(tiny_pack(tmp_path / "old")), load_pack(tiny_pack(tmp_path / "new")))
    assert (found.classes, found.changes) == ((), ())
    assert found.version == VersionAdvice(None, (), "0.1.0", "0.1.0", "0.1.0")
    assert found.version.raised_enough


@pytest.mark.parametrize(
    ("old", "weight", "least"),
    [
        ("1.2.3", "major", "2.0.0"),
        ("1.2.3", "minor", "1.3.0"),
        ("1.2.3", "patch", "1.2.4"),
        ("0.2.3", "major", "0.3.0"),
        ("0.2.3", "minor", "0.2.4"),
        ("0.2.3", "patch", "0.2.4"),
        ("2.0.0-rc.1", "major", "2.0.0"),
        ("1.2.3", None, "1.2.3"),
    ],
)
def test_the_next_version(old: str, weight: Weight | None, least: str) -> None:
    assert next_version(old, weight) == least


@pytest.mark.parametrize(
    ("new", "enough"), [("1.2.3", False), ("1.2.9", False), ("1.3.0", True), ("2.0.0", True), ("1.10.0", True)]
)
def test_whether_the_written_version_will_do(new: str, enough: bool) -> None:
    assert VersionAdvice("minor", (), "1.2.3", new, "1.3.0").raised_enough is enough
