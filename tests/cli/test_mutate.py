"""``cds mutate``: counts, survivors as cases, files, exit status."""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

import pytest

from cds import shipped_packs
from cds.pack import load_pack
from cds.verify import load_cases
from tests.cli.running import run
from tests.pack.overlay import MINIMAL

COUNTS = re.compile(r"^(\d+) mutants: (\d+) killed, (\d+) equivalent, (\d+) stillborn, (\d+) survived$")


@pytest.fixture
def weak(tmp_path: Path) -> Path:
    """A pack whose cases leave most faults unnoticed."""
    folder = tmp_path / "weak"
    shutil.copytree(MINIMAL, folder)
    return folder


def counts(text: str) -> list[int]:
    found = COUNTS.match(text.splitlines()[-1])
    assert found
    return list(map(int, found.groups()))


def test_survivors_fail_and_are_shown_as_cases(weak: Path) -> None:
    found = run("mutate", weak, "--show", "1")
    assert (found.exit_code, found.stderr) == (1, "")
    total, *parts, survived = counts(found.stdout)
    assert total == sum(parts) + survived
    assert survived > 50
    first, *rest = found.stdout.splitlines()
    assert first == "# rules/advice.test.yaml"
    assert rest[0] == "  # kills advice.fluids (rules/advice.yaml:5): the rule is deleted"
    assert sum(line.startswith("  - name: ") for line in rest) == 1
    assert re.match(r"# and \d+ more: cds mutate --show \d+, or --write FOLDER", rest[-2])


def test_equivalent_faults_are_listed_on_demand(weak: Path) -> None:
    found = run("mutate", weak, "--show", "0", "--equivalent")
    listed = [line for line in found.stdout.splitlines() if line.startswith("equivalent: ")]
    assert len(listed) == counts(found.stdout)[2]
    assert any(line.startswith("equivalent: kidney_disease (findings.yaml:") for line in listed)


def test_one_topic(weak: Path) -> None:
    found = run("mutate", weak, "--topic", "danger", "--show", "99")
    kills = re.findall(r"^  # kills (\w+)", found.stdout, re.MULTILINE)
    assert set(kills) == {"danger"}
    assert run("mutate", weak, "--topic", "nothing").exit_code == 2


def test_written_pieces_are_case_files(weak: Path, tmp_path: Path) -> None:
    found = run("mutate", weak, "--write", tmp_path / "drafts")
    assert "wrote" in found.stderr
    for file in (tmp_path / "drafts").glob("*.test.yaml"):
        shutil.copy(file, weak / "rules" / f"more-{file.name}")
    responses = tmp_path / "drafts" / "responses"
    if responses.exists():  # which of the patients need a file depends on the solver's process state
        shutil.copytree(responses, weak / "rules" / "responses", dirs_exist_ok=True)
    assert len(load_cases(load_pack(weak))) > 20
    again = run("mutate", weak)
    assert (again.exit_code, counts(again.stdout)[-1]) == (0, 0)


def test_cases_that_fail_are_told_and_nothing_is_judged(weak: Path) -> None:
    case = "cases:\n  - {name: wrong, from: cold, expect: {outcome: emergency}}\n"
    (weak / "rules" / "wrong.test.yaml").write_text(case)
    found = run("mutate", weak)
    assert (found.exit_code, found.stdout) == (1, "")
    assert "rules/wrong.test.yaml:2: wrong: outcome is self-care, expected emergency" in found.stderr
    assert "see cds test" in found.stderr


def test_without_z3_it_says_what_to_install(weak: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "z3", None)
    for name in [name for name in sys.modules if name.startswith(("cds.verify.mutation", "cds.verify.proofs"))]:
        monkeypatch.delitem(sys.modules, name)
    found = run("mutate", weak)
    assert found.exit_code == 1
    assert "cds-rules[verify]" in found.stderr


def test_the_small_shipped_pack_has_no_survivor() -> None:
    """The large one is held to it by ``make test``."""
    folder = min(shipped_packs(), key=lambda folder: len(load_pack(folder).rules))
    found = run("mutate", folder)
    assert (found.exit_code, counts(found.stdout)[-1]) == (0, 0)
