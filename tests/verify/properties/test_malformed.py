"""One malformed ``properties.yaml`` for each fault, and what its author reads: where, what, and what to write."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from pydantic import BaseModel, ConfigDict

from cds.pack import PackError, load_pack
from cds.pack.yaml_source import read_yaml
from cds.verify.properties import read_properties
from tests.pack.overlay import MINIMAL
from tests.verify.static.faulty_pack import Edit

WHOLE = Path(__file__).parent / "whole.yaml"
MALFORMED = Path(__file__).parent / "malformed"
NAMES = sorted(file.stem for file in MALFORMED.iterdir())
LINE = re.compile(r"properties\.yaml:[1-9]\d*:[1-9]\d*: (.+\. [A-Z].+|this must (be one of|not be) .+)")
"""File, line and column; what is wrong; what to do, which "must be" says by itself."""


class Malformed(BaseModel):
    """What is changed in the whole file (or in the pack), and all that is said."""

    model_config = ConfigDict(extra="forbid")
    edits: list[Edit]
    says: list[str]


def _case(name: str) -> Malformed:
    source = read_yaml(MALFORMED / f"{name}.yaml", name)
    assert not source.problems
    return Malformed.model_validate(source.data)


def _build(edits: list[Edit], folder: Path) -> Path:
    shutil.copytree(MINIMAL, folder)
    shutil.copy(WHOLE, folder / "properties.yaml")
    for edit in edits:
        text = (folder / edit.file).read_text(encoding="utf-8")
        assert text.count(edit.old) == 1, edit.old
        (folder / edit.file).write_text(text.replace(edit.old, edit.new), encoding="utf-8")
    return folder


@pytest.mark.parametrize("name", NAMES)
def test_malformed(name: str, tmp_path: Path) -> None:
    case = _case(name)
    pack = load_pack(_build(case.edits, tmp_path / "pack"))
    with pytest.raises(PackError) as caught:
        read_properties(pack)
    said = str(caught.value).splitlines()
    assert said == case.says
    assert all(LINE.fullmatch(line) for line in said)


def test_the_whole_file_is_read(tmp_path: Path) -> None:
    properties = read_properties(load_pack(_build([], tmp_path / "pack")))
    assert properties.declared
    assert properties.claimed == (
        "red-flags-raise",
        "urgency-is-monotone",
        "bounds-hold",
        "urgent-levels-do-not-wait",
        "complete-answers-have-an-outcome",
        "contraindications-block",
        "rules-can-fire",
        "rules-add-something",
        "unique-tables-are-exact",
    )
    assert properties.left_out == {
        "order-does-not-matter": "Looked at elsewhere.",
        "open-questions-are-exact": "Looked at elsewhere.",
    }
    assert [(one.finding.id, one.higher, one.low, one.high) for one in properties.worse] == [
        ("temperature", True, 365, 430)
    ]
    assert {name: len(against) for name, against in properties.contraindications.items()} == {"fever-medicine": 2}
    assert properties.may_wait_for == ("breathless",)
    (stated,) = properties.statements
    assert (stated.id, stated.title, stated.then.at_least) == ("blue-lips", "Blue lips are an emergency", "emergency")


def test_only_some_of_them(tmp_path: Path) -> None:
    properties = read_properties(load_pack(_build([], tmp_path / "pack")))
    one = properties.only(["bounds-hold"])
    assert (one.claimed, one.statements) == (("bounds-hold",), ())
    other = properties.only(["blue-lips"])
    assert (other.claimed, [stated.id for stated in other.statements]) == ((), ["blue-lips"])


def test_without_a_file_all_kinds_are_claimed() -> None:
    properties = read_properties(load_pack(MINIMAL))
    assert not properties.declared
    assert len(properties.claimed) == 11
