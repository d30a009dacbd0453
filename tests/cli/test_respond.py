"""``cds respond``: findings in, a QuestionnaireResponse out that can be evaluated."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.running import pipe, run


def test_what_it_gives_can_be_evaluated() -> None:
    findings = b"{age: 34, saddle_numbness: yes}"
    response = pipe("respond", "-", "--authored", "2026-11-22", data=findings)
    assert (response.returncode, response.stderr) == (0, b"")
    found = pipe("evaluate", "-", "--format", "json", data=response.stdout)
    result = json.loads(found.stdout)
    assert result["outcome"] == "emergency"
    assert result["findings"]["age"] == 34
    assert result["findings"]["fever"] is None


def test_options(tmp_path: Path) -> None:
    file = tmp_path / "patient.yaml"
    file.write_text("age: 34\nfever: no\n")
    options = ("--authored", "2026-11-22T10:00:00Z", "--lang", "es", "--id", "r-1", "--subject", "Patient/7")
    found = run("respond", file, *options)
    response = json.loads(found.stdout)
    assert response["authored"] == "2026-11-22T10:00:00Z"
    assert response["language"] == "es"
    assert response["id"] == "r-1"
    assert response["subject"] == {"reference": "Patient/7"}


def test_json_is_read_as_well(tmp_path: Path) -> None:
    file = tmp_path / "patient.json"
    file.write_text('{"age": 34, "pain_site": ["low-back"], "fever": false, "pain_hours": "2 d"}')
    found = run("respond", file)
    assert found.exit_code == 0
    links = [item["linkId"] for group in json.loads(found.stdout)["item"] for item in group["item"]]
    assert links == ["age", "pain-site", "pain-onset", "fever"]


def test_nothing_answered() -> None:
    found = run("respond", "-", data="{}")
    assert found.exit_code == 0
    assert "item" not in json.loads(found.stdout)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("age: 34\nfeverr: yes\n", "-:2:1: there is no finding 'feverr'. Did you mean 'fever'?"),
        ("fever: maybe\n", "-:1:8: fever is a boolean finding: write yes or no"),
        ("age: 340\n", "-:1:6: age must be between 0 and 120"),
        ("temperature: 39 kg\n", "the unit 'kg' does not fit"),
        ("pain_site: [knee]\n", "pain_site has no code 'knee'"),
        ("neuro_deficit: yes\n", "there is no finding 'neuro_deficit'"),
        ("{fever: no, rigors: yes}", "-: rigors cannot be answered"),
        ("[age, fever]", "write a mapping of findings to values"),
        ("age: [", "-:"),
        ("age: 3\nage: 4\n", "'age'"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(text: str, said: str) -> None:
    found = run("respond", "-", data=text)
    assert (found.exit_code, found.stdout) == (1, "")
    assert said in found.stderr


def test_all_that_is_wrong_is_said_at_once() -> None:
    found = run("respond", "-", data="agee: 3\nfever: maybe\n")
    assert len(found.stderr.splitlines()) == 2


def test_text_that_is_not_utf8(tmp_path: Path) -> None:
    file = tmp_path / "patient.yaml"
    file.write_bytes(b"age: \xff")
    found = run("respond", file)
    assert (found.exit_code, found.stdout) == (1, "")
    assert found.stderr == f"{file}: byte 6 is not UTF-8: save the file as UTF-8\n"


def test_an_identifier_that_is_not_fhir_is_refused() -> None:
    found = run("respond", "-", "--id", "a b", data="age: 34")
    assert (found.exit_code, found.stdout) == (1, "")
    assert "QuestionnaireResponse.id" in found.stderr


@pytest.mark.parametrize("option", [("--authored", "today"), ("--lang", "fr"), ("--pack", "absent")])
def test_wrong_usage(option: tuple[str, str]) -> None:
    assert run("respond", "-", *option, data="age: 34").exit_code == 2
    assert run("respond", "absent.yaml").exit_code == 2
