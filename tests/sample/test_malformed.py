"""One malformed ``population.yaml`` for each fault, and what its author reads: where, what, and what to write."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pydantic import BaseModel, ConfigDict

from cds.pack import PackError, load_pack
from cds.pack.yaml_source import read_yaml
from cds.sample import read_population
from tests.pack.overlay import MINIMAL
from tests.sample.folder import pack_folder
from tests.verify.static.faulty_pack import Edit

MALFORMED = Path(__file__).parent / "malformed"
NAMES = sorted(file.stem for file in MALFORMED.iterdir())
LINE = re.compile(r"population\.yaml:[1-9]\d*:[1-9]\d*: (.+\. [A-Z].+|this (list )?must .+|input should .+)")
"""File, line and column; what is wrong; what to do, which "must be" says by itself."""


class Malformed(BaseModel):
    """What is changed in the whole file (or in the pack), and all that is said."""

    model_config = ConfigDict(extra="forbid")
    edits: list[Edit]
    says: list[str]


@pytest.mark.parametrize("name", NAMES)
def test_malformed(name: str, tmp_path: Path) -> None:
    source = read_yaml(MALFORMED / f"{name}.yaml", name)
    assert not source.problems
    case = Malformed.model_validate(source.data)
    pack = load_pack(pack_folder(tmp_path / "pack", case.edits))
    with pytest.raises(PackError) as caught:
        read_population(pack)
    said = str(caught.value).splitlines()
    assert said == case.says
    assert all(LINE.fullmatch(line) for line in said)


def test_a_pack_without_a_population() -> None:
    with pytest.raises(PackError, match=r"^population\.yaml:1:1: the pack has no population\.yaml\. Add it"):
        read_population(load_pack(MINIMAL))


def test_the_whole_file_is_read(tmp_path: Path) -> None:
    population = read_population(load_pack(pack_folder(tmp_path / "pack")))
    assert {name: one.share for name, one in population.profiles.items()} == {"usual": 0.7, "ill": 0.3}
    usual, ill = ({plan.link_id: plan for plan in one.questions} for one in population.profiles.values())
    assert list(usual) == list(ill)
    assert (usual["smoker"].skipped, ill["smoker"].skipped) == (0.1, 1)
    assert (usual["age"].skipped, ill["age"].skipped, usual["age"].unsure) == (0, 0, ())
    assert (usual["breathless"].not_sure, usual["signs"].not_sure) == (0.5, 0.1)
    assert usual["smoker"].draw == ill["smoker"].draw
    assert [one.share for one in population.stated] == [0.3, 0.3]
    assert population.stated[0].profiles == {"ill"}
    assert population.stated[1].condition is not None
