"""``cds evaluate``: inputs, formats, options, and what happens to a bad input among good ones."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.running import BROKEN, BULK, CHARTS, EMERGENCY, GOOD, RESPONSES, ROOT, inside, pipe, run, shell
from tests.fixtures.broken import COMMENT, NAME, SUBJECT

GOLDEN = Path(__file__).parent / "golden"
FORMATS = ("text", "json", "cards", "fhir")


def test_json_has_the_contract_fields() -> None:
    found = run("evaluate", EMERGENCY, "--format", "json")
    assert found.exit_code == 0
    assert found.stderr == ""
    (line,) = found.stdout.splitlines()
    result = json.loads(line)
    assert result["source"] == str(EMERGENCY)
    assert result["response"] == EMERGENCY.stem
    assert result["pack"]["id"] == "exercise-low-back-pain"
    assert result["outcome"] == result["level"] == "emergency"
    assert "ces.saddle_numbness" in result["fired"]
    assert {"possible_level", "findings", "open_questions", "cards", "trace"} <= result.keys()


def test_cards_are_a_cds_hooks_response() -> None:
    found = run("evaluate", EMERGENCY, "--format", "cards")
    cards = json.loads(found.stdout)["cards"]
    assert cards[0]["indicator"] == "critical"


def test_fhir_is_a_bundle() -> None:
    found = run("evaluate", EMERGENCY, "--format", "fhir")
    bundle = json.loads(found.stdout)
    assert bundle["resourceType"] == "Bundle"
    assert bundle["entry"][0]["resource"]["resourceType"] == "GuidanceResponse"


@pytest.mark.parametrize(
    "name",
    [
        "emergency-saddle-numbness",
        "incomplete-bladder-question-skipped",
        "out-of-scope-no-exercise",
        "same-day-cancer-in-chart",
        "self-care-ordinary-soreness",
    ],
)
def test_text(name: str, golden: Callable[[Path, str], None]) -> None:
    with inside(ROOT / "fixtures"):
        found = run("evaluate", f"responses/{name}.json", "--charts", "charts")
    assert (found.exit_code, found.stderr) == (0, "")
    golden(GOLDEN / f"evaluate-{name}.txt", found.stdout)


def test_folder_prints_all_and_a_summary() -> None:
    found = run("evaluate", RESPONSES)
    assert found.exit_code == 0
    for path in RESPONSES.glob("*.json"):
        assert path.name[-25:] in found.stdout
    assert "Patients" in found.stdout


def test_folder_is_in_a_stable_order() -> None:
    found = run("evaluate", RESPONSES, "--format", "json")
    sources = [json.loads(line)["source"] for line in found.stdout.splitlines()]
    assert sources == sorted(sources)
    assert len(sources) == len(list(RESPONSES.glob("*.json")))


def test_ndjson_names_file_and_line() -> None:
    found = run("evaluate", BULK, "--format", "json")
    results = [json.loads(line) for line in found.stdout.splitlines()]
    assert [result["source"] for result in results] == [f"{BULK}:{number}" for number in range(1, len(results) + 1)]
    assert results[1]["outcome"] == "emergency"


@pytest.mark.parametrize("form", FORMATS)
def test_same_input_gives_the_same_bytes(form: str) -> None:
    arguments = ("evaluate", "fixtures/responses", "--charts", "fixtures/charts", "--format", form)
    first, second = pipe(*arguments, seed=1), pipe(*arguments, seed=2)
    assert first.returncode == 0
    assert first.stderr == b""
    assert first.stdout == second.stdout
    assert first.stdout.strip()


def test_stdin_takes_one_response_over_several_lines() -> None:
    found = pipe("evaluate", "-", "--format", "json", data=GOOD.read_bytes())
    assert found.returncode == 0
    assert json.loads(found.stdout)["source"] == "-"


def test_stdin_takes_ndjson() -> None:
    found = pipe("evaluate", "-", "--format", "json", data=b"\n" + BULK.read_bytes())
    results = [json.loads(line) for line in found.stdout.splitlines()]
    assert len(results) == len(BULK.read_bytes().splitlines())
    assert results[0]["source"] == "-:2"


@pytest.mark.parametrize("broken", [0, 1, 2])
def test_stdin_loses_no_good_line_to_a_broken_one(broken: int) -> None:
    lines = BULK.read_bytes().splitlines()[:3]
    lines[broken] = lines[broken][:200]
    found = pipe("evaluate", "-", "--format", "json", data=b"\n".join(lines))
    assert found.returncode == 1
    assert len(found.stdout.splitlines()) == 2
    assert found.stderr.startswith(f"-:{broken + 1}: ".encode())


@pytest.mark.parametrize("data", [b"", b"\n \n", b"{", b"nothing"])
def test_stdin_without_a_response_is_refused(data: bytes) -> None:
    found = pipe("evaluate", "-", "--format", "json", data=data)
    assert (found.returncode, found.stdout) == (1, b"")
    assert found.stderr.startswith(b"-: input: ")


def test_several_paths() -> None:
    found = run("evaluate", GOOD, BULK, EMERGENCY, "--format", "cards")
    assert len(found.stdout.splitlines()) == 2 + len(BULK.read_bytes().splitlines())


def test_chart() -> None:
    name = "same-day-cancer-in-chart.json"
    without = json.loads(run("evaluate", RESPONSES / name, "--format", "json").stdout)
    found = run("evaluate", RESPONSES / name, "--chart", CHARTS / name, "--format", "json")
    with_chart = json.loads(found.stdout)
    assert without["outcome"] == "self-care"
    assert with_chart["outcome"] == "same-day"
    assert with_chart["contradictions"][0]["finding"] == "cancer_history"


def test_charts_beside_their_responses() -> None:
    found = run("evaluate", RESPONSES, "--charts", CHARTS, "--format", "json")
    outcomes = {result["response"]: result["outcome"] for result in map(json.loads, found.stdout.splitlines())}
    assert outcomes["same-day-cancer-in-chart"] == "same-day"
    assert outcomes["self-care-ordinary-soreness"] == "self-care"


def test_chart_of_somebody_else_is_refused() -> None:
    found = run("evaluate", GOOD, "--chart", CHARTS / "same-day-cancer-in-chart.json", "--format", "json")
    assert (found.exit_code, found.stdout) == (1, "")
    assert found.stderr.startswith(f"{GOOD}: QuestionnaireResponse.subject: ")
    assert "example-" not in found.stderr


def test_lang() -> None:
    spanish = run("evaluate", GOOD, "--lang", "es", "--format", "json")
    assert json.loads(spanish.stdout)["language"] == "es"
    assert json.loads(run("evaluate", GOOD, "--lang", "es-MX", "--format", "json").stdout)["language"] == "es"


def test_language_of_the_response_is_the_default() -> None:
    found = run("evaluate", RESPONSES / "same-day-fever.json", "--format", "json")
    assert json.loads(found.stdout)["language"] == "es"


def test_as_of() -> None:
    name = "self-care-onset-as-datetime.json"
    found = run("evaluate", RESPONSES / name, "--as-of", "2026-12-06T12:00:00+01:00", "--format", "json")
    result = json.loads(found.stdout)
    assert result["as_of"] == "2026-12-06T12:00:00+01:00"
    assert "persistence.over_a_week" in result["fired"]


@pytest.mark.parametrize("form", FORMATS)
def test_good_inputs_are_evaluated_beside_a_broken_one(form: str, tmp_path: Path) -> None:
    for number, path in enumerate([GOOD, BROKEN / "wrong-json-type.json", EMERGENCY]):
        shutil.copy(path, tmp_path / f"{number}.json")
    found = run("evaluate", tmp_path, "--format", form)
    alone = run("evaluate", tmp_path / "0.json", tmp_path / "2.json", "--format", form)
    assert found.exit_code == 1
    assert alone.exit_code == 0
    assert f"{tmp_path / '1.json'}: QuestionnaireResponse.item[0].item[0].answer[0].valueInteger" in found.stderr
    if form == "text":
        assert "Refused" in found.stdout
    else:
        assert found.stdout == alone.stdout


@pytest.mark.parametrize("path", sorted(BROKEN.iterdir()), ids=lambda path: path.name)
def test_messages_have_no_patient_data(path: Path) -> None:
    found = run("evaluate", path, "--format", "json")
    assert found.exit_code == 1
    assert found.stderr.startswith(str(path))
    for secret in (NAME, COMMENT, SUBJECT, "example-secret"):
        assert secret not in found.stderr


def test_one_broken_line_among_good_ones() -> None:
    path = BROKEN / "one-broken-line.ndjson"
    found = run("evaluate", path, "--format", "json")
    assert found.exit_code == 1
    assert [json.loads(line)["source"] for line in found.stdout.splitlines()] == [f"{path}:1", f"{path}:3"]
    assert found.stderr.startswith(f"{path}:2: input: this is not valid JSON")


def test_missing_file_is_reported_and_the_others_are_evaluated(tmp_path: Path) -> None:
    found = run("evaluate", tmp_path / "absent.json", GOOD, "--format", "json")
    assert found.exit_code == 1
    assert found.stderr == f"{tmp_path / 'absent.json'}: No such file or directory\n"
    assert len(found.stdout.splitlines()) == 1


@pytest.mark.parametrize("name", ["empty.ndjson", "folder"])
def test_input_without_a_response_is_not_success(name: str, tmp_path: Path) -> None:
    if name == "folder":
        (tmp_path / name).mkdir()
    else:
        (tmp_path / name).write_text("\n")
    found = run("evaluate", tmp_path / name, "--format", "json")
    assert (found.exit_code, found.stdout) == (1, "")
    assert found.stderr.startswith(str(tmp_path / name))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "Missing argument"),
        ((GOOD, "--format", "xml"), "is not one of"),
        ((GOOD, "--as-of", "yesterday"), "is not a FHIR dateTime"),
        ((GOOD, "--as-of", "2026-11-22T10:00:00"), "is not a FHIR dateTime"),
        ((GOOD, "--lang", "fr"), "it has: en, es"),
        ((GOOD, "--chart", "absent.json"), "does not exist"),
        ((GOOD, EMERGENCY, "--chart", GOOD), "a single response"),
        ((BULK, "--charts", CHARTS), "by the file name"),
        (("-", "--charts", CHARTS), "by the file name"),
        ((GOOD, "--chart", GOOD, "--charts", CHARTS), "give one of them"),
        ((GOOD, "--pack", "no-such-pack"), "there is no pack"),
    ],
)
def test_wrong_usage(arguments: tuple[str | Path, ...], said: str) -> None:
    found = run("evaluate", *arguments)
    assert found.exit_code == 2
    assert said in " ".join(found.stderr.split())
    assert found.stdout == ""


def test_pack_by_name_and_by_folder() -> None:
    by_name = run("evaluate", GOOD, "--format", "json", "--pack", "exercise-low-back-pain")
    by_folder = run("evaluate", GOOD, "--format", "json", "--pack", ROOT / "rules" / "exercise-low-back-pain")
    assert by_name.stdout == by_folder.stdout == run("evaluate", GOOD, "--format", "json").stdout


def test_pack_that_cannot_be_used_is_reported(tmp_path: Path) -> None:
    found = run("evaluate", GOOD, "--pack", tmp_path)
    assert (found.exit_code, found.stdout) == (1, "")
    assert "pack.yaml" in found.stderr


def test_closed_pipe_is_not_taken_for_a_fault_of_the_input() -> None:
    found = shell("cds evaluate fixtures/responses --format json | head -c 1")
    assert found.stdout == b"{"
    assert found.stderr == b""
