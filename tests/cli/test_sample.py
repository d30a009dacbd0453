"""``cds sample``: to standard output, to files, and what is refused."""

from __future__ import annotations

import gzip
from pathlib import Path

import orjson

from tests.cli.running import run
from tests.pack.overlay import MINIMAL


def test_responses_one_a_line() -> None:
    found = run("sample", "5", "--seed", "2")
    assert (found.exit_code, found.stderr) == (0, "")
    responses = [orjson.loads(line) for line in found.stdout.splitlines()]
    assert [one["id"] for one in responses] == [f"sample-2-{number}" for number in range(5)]
    assert {one["resourceType"] for one in responses} == {"QuestionnaireResponse"}


def test_part_of_a_population_is_the_same_part() -> None:
    whole = run("sample", "8", "--pack", "ottawa-ankle").stdout.splitlines()
    assert run("sample", "3", "--start", "5", "--pack", "ottawa-ankle").stdout.splitlines() == whole[5:]
    assert run("sample", "8", "--seed", "1", "--pack", "ottawa-ankle").stdout.splitlines() != whole


def test_responses_are_evaluated() -> None:
    drawn = run("sample", "4").stdout
    found = run("evaluate", "-", "--format", "json", data=drawn)
    assert (found.exit_code, len(found.stdout.splitlines())) == (0, 4)


def test_files_by_resource_type(tmp_path: Path) -> None:
    found = run("sample", "30", "--out", tmp_path / "plain", "--lines-per-file", "20")
    assert (found.exit_code, found.output) == (0, "")
    assert run("sample", "30", "--out", tmp_path / "packed", "--lines-per-file", "20", "--gzip").exit_code == 0
    plain = {file.name: file.read_bytes() for file in (tmp_path / "plain").iterdir()}
    packed = {file.name: gzip.decompress(file.read_bytes()) for file in (tmp_path / "packed").iterdir()}
    assert packed == {f"{name}.gz": data for name, data in plain.items()}
    assert plain.keys() >= {
        "QuestionnaireResponse.000.ndjson",
        "QuestionnaireResponse.001.ndjson",
        "Patient.000.ndjson",
    }
    responses = b"".join(plain[f"QuestionnaireResponse.00{number}.ndjson"] for number in range(2))
    assert responses.decode() == run("sample", "30").stdout
    known = {orjson.loads(line)["id"] for name in plain if "Patient" in name for line in plain[name].splitlines()}
    referring = [
        orjson.loads(line)["subject"]["reference"]
        for name in plain
        if not name.startswith(("Patient", "QuestionnaireResponse"))
        for line in plain[name].splitlines()
    ]
    assert referring
    assert {reference.removeprefix("Patient/") for reference in referring} <= known


def test_a_folder_with_such_files_is_refused(tmp_path: Path) -> None:
    (tmp_path / "Patient.000.ndjson").write_text("mine\n")
    found = run("sample", "3", "--out", tmp_path)
    assert found.exit_code == 2
    assert "holds NDJSON files already" in found.stderr
    assert (tmp_path / "Patient.000.ndjson").read_text() == "mine\n"


def test_compression_needs_files() -> None:
    found = run("sample", "3", "--gzip")
    assert found.exit_code == 2
    assert "give --out FOLDER" in found.stderr


def test_a_pack_without_a_population() -> None:
    found = run("sample", "3", "--pack", MINIMAL)
    assert (found.exit_code, found.stdout) == (1, "")
    assert found.stderr.startswith("population.yaml:1:1: the pack has no population.yaml. Add it")
