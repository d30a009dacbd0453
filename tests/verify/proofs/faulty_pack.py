"""Packs for which a property does not hold: the minimal pack changed, as ``faulty/<property>.yaml`` says."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, Field

from cds import DecisionSupport
from cds.pack.yaml_source import read_yaml
from cds.verify.proofs import Counterexample, Proof, Proofs
from cds.verify.properties import read_properties
from cds.verify.properties.model import KINDS
from tests.pack.overlay import MINIMAL
from tests.verify.static.faulty_pack import Edit

FAULTY: Final = Path(__file__).parent / "faulty"


class Faulty(BaseModel):
    """What is changed, what is claimed, and which failures there are: sentence and places.

    ``with`` continues the claim; with the ``sound`` edits on top, it is proved.
    """

    model_config = ConfigDict(extra="forbid")
    prove: str
    with_: str = Field(default="", alias="with")
    edits: list[Edit] = []
    says: list[str]
    sound: list[Edit]

    @property
    def claim(self) -> str:
        """``properties.yaml`` that claims this and nothing else."""
        claimed = f"properties:\n  - prove: {self.prove}\n{self.with_}\n"
        others = (f"  - {{prove: {kind}, reason: Not looked at here.}}\n" for kind in KINDS if kind != self.prove)
        return claimed + "left_out:\n" + "".join(others)


def faulty(name: str) -> Faulty:
    """The description of a faulty pack."""
    source = read_yaml(FAULTY / f"{name}.yaml", name)
    assert not source.problems
    return Faulty.model_validate(source.data)


def build(case: Faulty, edits: Sequence[Edit], folder: Path) -> Path:
    """Make the pack in ``folder``."""
    shutil.copytree(MINIMAL, folder)
    for edit in edits:
        text = (folder / edit.file).read_text(encoding="utf-8")
        assert text.count(edit.old) == 1, f"{edit.file} has {text.count(edit.old)} times: {edit.old}"
        (folder / edit.file).write_text(text.replace(edit.old, edit.new), encoding="utf-8")
    (folder / "properties.yaml").write_text(case.claim, encoding="utf-8")
    return folder


def proved(folder: Path) -> tuple[DecisionSupport, Proof]:
    """The pack in ``folder``, and what comes of the one thing that it claims."""
    support = DecisionSupport.load(folder)
    (proof,) = Proofs(support, read_properties(support.pack)).run()
    return support, proof


def said(failure: Counterexample) -> str:
    """A failure as one line: sentence and places."""
    return f"{failure.sentence} | {', '.join(map(str, failure.places))}"
