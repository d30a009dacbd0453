"""``cds check``: exit status, both formats, patients that ``cds evaluate`` reproduces, and what to install for it."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import z3
from click.testing import Result

from cds.cli.solver import NO_Z3
from cds.engine import CheckedEvaluator
from cds.shipped import shipped_packs
from tests.cli.running import ROOT, run
from tests.pack.overlay import MINIMAL
from tests.verify.proofs.faulty_pack import build, faulty

TODAY = ("--today", "2026-11-26")
REPRODUCED = ("red-flags-raise", "complete-answers-have-an-outcome", "bounds-hold", "urgency-is-monotone-in-chart")


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    case = faulty("red-flags-raise")
    return build(case, case.sound, tmp_path / "sound")


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    return build(faulty("red-flags-raise"), [], tmp_path / "broken")


def _check(folder: Path, *arguments: str, out: Path | None = None) -> Result:
    return run("check", folder, *TODAY, "--out", out or folder / "counterexamples", *arguments)


def test_a_sound_pack(sound: Path) -> None:
    result = _check(sound)
    assert result.exit_code == 0, result.output
    lines = result.stdout.splitlines()
    assert lines[0] == "fever-and-cough 0.1.0: 13 rules, 12 findings"
    assert "warning  untraced-rule: 12 (cds check --warnings lists them)" in lines
    assert any(line.startswith("proved   red-flags-raise: No red flag, present or unanswered, ") for line in lines)
    assert lines[-1].startswith("1 of 1 properties proved, ")
    assert lines[-1].endswith(" statements about all patients")
    assert not (sound / "counterexamples").exists()


def test_a_property_that_does_not_hold(broken: Path) -> None:
    result = _check(broken)
    assert result.exit_code == 1
    assert "NOT SO   red-flags-raise: " in result.stdout
    first = result.stdout.index(
        "           the red flag warning_signs (rash) is present, and no rule asks for more than"
    )
    rest = result.stdout[first:].splitlines()
    assert rest[1] == "             rules/advice.yaml:56: rash.warm"
    assert "             patient: signs: rash" in rest
    assert any(line.startswith("             cds evaluate ") for line in rest)
    assert (
        "             Add a rule that gives a level for warning_signs (rash) alone, or take 'red_flag' from"
        in "".join(rest)
    )
    assert rest[-1].startswith("0 of 1 properties proved")


@pytest.mark.parametrize("name", REPRODUCED)
def test_the_patients_are_reproduced_by_evaluate(name: str, tmp_path: Path) -> None:
    """The commands as they are printed, and what they give: the level that the failure speaks of."""
    case = faulty(name)
    folder = build(case, case.edits, tmp_path / "a pack")
    result = _check(folder, out=tmp_path / "found patients")
    commands = [line.strip() for line in result.stdout.splitlines() if line.strip().startswith("cds evaluate ")]
    assert len(commands) >= len(case.says)
    told = [json.loads(_evaluated(command)) for command in commands]
    if name == "red-flags-raise":
        assert [one["level"] for one in told] == ["self-care"] * 3
    elif name == "complete-answers-have-an-outcome":
        assert told[0]["fired"] == []
        assert told[1]["level"] != told[1]["possible_level"]
    else:
        levels = [one["level"] for one in told]
        assert levels == ["same-day", "self-care"] * (len(levels) // 2)


def _evaluated(command: str) -> str:
    _, *arguments = shlex.split(command)
    result = run(*arguments, "--format", "json")
    assert result.exit_code == 0, result.output
    return result.stdout


def test_json(broken: Path, tmp_path: Path) -> None:
    result = _check(broken, "--format", "json", out=tmp_path / "out")
    assert result.exit_code == 1
    told = json.loads(result.stdout)
    assert told["pack"] == {"id": "fever-and-cough", "version": "0.1.0"}
    assert {issue["check"] for issue in told["issues"]} == {"untraced-rule"}
    assert {*told["issues"][0]} == {"check", "severity", "message", "places", "hint"}
    (proof,) = told["properties"]
    assert (proof["id"], proof["proved"], proof["undecided"]) == ("red-flags-raise", False, [])
    assert proof["statements"] >= 8
    assert proof["seconds"] > 0
    first = proof["failures"][0]
    assert first["sentence"] == "the red flag warning_signs (rash) is present, and no rule asks for more than self-care"
    assert first["places"][0] == "rules/advice.yaml:56: rash.warm"
    assert first["patient"] == ["signs: rash"]
    assert first["hint"]
    assert [Path(file).parent for file in first["files"]] == [tmp_path / "out"]
    assert json.loads(Path(first["files"][0]).read_bytes())["resourceType"] == "QuestionnaireResponse"


def test_json_of_a_sound_pack_lists_every_warning(sound: Path) -> None:
    told = json.loads(_check(sound, "--format", "json").stdout)
    assert [proof["proved"] for proof in told["properties"]] == [True]
    assert len([issue for issue in told["issues"] if issue["check"] == "untraced-rule"]) == 12


def test_warnings_are_listed_on_request(sound: Path) -> None:
    result = _check(sound, "--warnings", "--no-proofs")
    assert result.exit_code == 0
    assert result.stdout.count("warning  untraced-rule: ") == 12
    assert "           rules/danger.yaml:26: danger.long_fever" in result.stdout
    assert "lists them" not in result.stdout


def test_without_proofs_nothing_is_proved(broken: Path) -> None:
    result = _check(broken, "--no-proofs")
    assert result.exit_code == 0
    assert "red-flags-raise" not in result.stdout


def test_an_error_of_the_static_checks_fails(sound: Path) -> None:
    result = run("check", sound, "--no-proofs", "--today", "2027-11-23")
    assert result.exit_code == 1
    assert "error    pack-review-overdue: " in result.stdout
    assert run("check", sound, "--no-proofs", "--today", "2027-11-22").exit_code == 0


def test_one_property_alone(tmp_path: Path) -> None:
    result = _check(MINIMAL, "--property", "rules-can-fire", "--property", "bounds-hold", out=tmp_path)
    assert result.exit_code == 0, result.output
    proved = [line.split()[1].rstrip(":") for line in result.stdout.splitlines() if line.startswith("proved ")]
    assert proved == ["bounds-hold", "rules-can-fire"]
    assert "untraced-rule" not in result.stdout, "the checks of the whole pack are not asked for"


def test_a_property_that_is_not_claimed_is_wrong_usage(sound: Path) -> None:
    result = _check(sound, "--property", "bounds-hold")
    assert result.exit_code == 2
    assert "this pack claims no property 'bounds-hold'; it claims: red-flags-raise" in result.stderr


@pytest.mark.parametrize("arguments", [("--today", "tomorrow"), ("--format", "xml"), ("--seconds", "0"), ("nowhere",)])
def test_wrong_usage(arguments: tuple[str, ...]) -> None:
    assert run("check", *arguments).exit_code == 2


def test_a_pack_without_properties_is_held_to_those_of_all(tmp_path: Path) -> None:
    result = _check(MINIMAL, "--no-proofs", "--warnings", out=tmp_path)
    assert result.exit_code == 0
    assert "warning  no-properties: the pack has no properties.yaml: what is asked of every pack is " in result.stdout


def test_faults_of_the_properties_are_told_with_their_places(sound: Path) -> None:
    with (sound / "properties.yaml").open("a", encoding="utf-8") as file:
        file.write("  - {prove: red-flags-raise, reason: Twice.}\n")
    result = _check(sound)
    assert result.exit_code == 1
    assert "properties.yaml:15:5: red-flags-raise is claimed above" in result.output


class _GivesUp:
    """A solver that never knows."""

    def __init__(self, solver: z3.Solver) -> None:
        self._solver = solver

    def check(self, *formulas: object) -> z3.CheckSatResult:
        return z3.unknown

    def __getattr__(self, name: str) -> object:
        return getattr(self._solver, name)


def test_what_z3_gives_up_on_fails(sound: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = z3.SolverFor
    monkeypatch.setattr(z3, "SolverFor", lambda logic: _GivesUp(made(logic)))
    result = _check(sound, "--seconds", "0.1")
    assert result.exit_code == 1
    assert "OPEN     red-flags-raise: " in result.stdout
    assert "           not decided: " in result.stdout
    assert "z3 gave up after 0.1 s" in result.stdout
    assert "NOT SO" not in result.stdout
    assert result.stdout.splitlines()[-1].startswith("0 of 1 properties proved")


@pytest.mark.parametrize("form", ["text", "json"])
def test_evaluators_that_disagree_with_z3_are_a_fault_of_the_program(
    broken: Path, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    evaluate = CheckedEvaluator.evaluate
    monkeypatch.setattr(CheckedEvaluator, "evaluate", lambda self, findings: evaluate(self, {}))
    result = _check(broken, "--format", form)
    assert result.exit_code == 1
    assert "This is a fault of the program, not of the pack: nothing is proved. Report it" in result.stderr
    assert "proved   " not in result.stdout
    assert "NOT SO" not in result.stdout


def _without_z3(*arguments: str) -> subprocess.CompletedProcess[str]:
    program = "import sys; sys.modules['z3'] = None; from cds.cli import main; main(sys.argv[1:], prog_name='cds')"
    command = [sys.executable, "-c", program, *arguments]
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=60, check=False)


def test_without_z3(sound: Path) -> None:
    result = _without_z3("check", str(sound), *TODAY)
    assert result.returncode == 1
    assert NO_Z3 in result.stderr
    assert "pip install 'cds-rules[verify]'" in result.stderr
    assert "Traceback" not in result.stderr
    assert _without_z3("check", str(sound), *TODAY, "--no-proofs").returncode == 0
    assert _without_z3("rules", "--pack", str(sound)).returncode == 0, "no other command needs it"


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Result]]:
    out = tmp_path_factory.mktemp("patients")
    yield {folder.name: run("check", folder, *TODAY, "--out", out) for folder in shipped_packs()}
    assert not any(out.iterdir()), "no patient was written"


@pytest.mark.parametrize("name", [folder.name for folder in shipped_packs()])
def test_the_shipped_packs_pass(name: str, shipped: dict[str, Result]) -> None:
    result = shipped[name]
    assert result.exit_code == 0, result.output
    proved = [line for line in result.stdout.splitlines() if line.startswith("proved ")]
    assert result.stdout.splitlines()[-1].startswith(f"{len(proved)} of {len(proved)} properties proved")
    assert len(proved) >= 10
