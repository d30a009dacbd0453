"""The JSON result: conforms to its schema, is the same every time, and names no patient."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest

from cds.cards import result
from tests.decisions import CANCER, COMMENT, LANGUAGES, VARIETY, example, support
from tests.schemas import CARD, RESULT, ROOT, faults, read


def made(name: str, language: str = "en") -> dict[str, Any]:
    return result(support().cards, example(name), "responses/example.json", language)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", VARIETY)
def test_conforms_to_its_schema(name: str, language: str) -> None:
    assert faults(RESULT, json.loads(orjson.dumps(made(name, language)))) == []


@pytest.mark.parametrize("name", VARIETY)
def test_same_bytes_every_time(name: str) -> None:
    again = result(support().cards, VARIETY[name](), "responses/example.json", "en")
    assert orjson.dumps(made(name)) == orjson.dumps(again)


@pytest.mark.parametrize("name", VARIETY)
def test_neither_subject_nor_comment(name: str) -> None:
    found = made(name)
    del found["cards"]  # proposed requests name their subject
    text = orjson.dumps(found).decode()
    assert "Patient/" not in text
    assert COMMENT not in text
    assert "Maria" not in text


@pytest.mark.parametrize("name", VARIETY)
def test_says_what_the_assessment_says(name: str) -> None:
    found, assessment = made(name), example(name).assessment
    assert (found["outcome"], found["level"]) == (assessment.outcome, assessment.level)
    assert found["fired"] == [entry["rule"] for entry in found["trace"]] == [rule.id for rule in assessment.fired]
    assert {name for entry in found["open_questions"] for name in entry["findings"]} == {
        gap.finding for gap in assessment.open_findings
    }
    assert any(entry["withholds"] for entry in found["open_questions"]) == bool(assessment.withholding)
    assert found["findings"].keys() == support().pack.findings.keys()


def test_unknown_is_null() -> None:
    assert made("incomplete")["findings"]["saddle_numbness"] is None
    assert made("incomplete")["findings"]["suspected_cauda_equina"] is None
    assert made("self-care")["findings"]["saddle_numbness"] is False


def test_a_contradiction_names_both_sources() -> None:
    (entry,) = made("contradiction")["contradictions"]
    assert [reading["source"] for reading in entry["readings"]] == ["answer", "chart"]
    assert [reading["value"] for reading in entry["readings"]] == [False, True]
    assert entry["readings"][1]["resource"] == "Condition/condition-1"
    assert entry["readings"][1]["codes"] == [CANCER]


@pytest.mark.parametrize("name", ["emergency", "incomplete", "nothing-answered", "child"])
def test_no_advice_beside_what_is_urgent_or_open(name: str) -> None:
    assert made(name)["advice"] == []


def test_advice_with_its_blocks() -> None:
    blocked = {entry["id"]: entry for entry in made("self-care-instead")["advice"] if entry["status"] == "instead"}
    assert "nsaid" in blocked
    assert blocked["nsaid"]["blocked_by"]


@pytest.mark.parametrize("file", [RESULT, CARD], ids=lambda file: str(file.name))
def test_schemas_describe_every_property_and_allow_no_others(file: Path) -> None:
    for path, schema in objects(read(file.as_uri()).contents, "$"):
        assert "additionalProperties" in schema or path.endswith("resource"), path
        for name, entry in schema["properties"].items():
            assert "description" in entry, f"{path}.{name}"


CONDITIONS = {"if", "then", "else", "contains"}
"""What stands in these adds to the schema around it, which describes the members."""


def objects(schema: Any, path: str) -> Iterator[tuple[str, Any]]:
    """Every schema inside a schema that has properties, with its place."""
    if isinstance(schema, dict):
        if isinstance(schema.get("properties"), dict):
            yield path, schema
        for name, child in schema.items():
            if name not in CONDITIONS:
                yield from objects(child, f"{path}.{name}")
    elif isinstance(schema, list):
        for index, child in enumerate(schema):
            yield from objects(child, f"{path}[{index}]")


UNNAMED = {"id", "version", "chosen", "open"}
"""Members that the page shows in an example, or inside a phrase."""


def test_the_page_about_the_output_names_every_member() -> None:
    page = (ROOT / "docs/output.md").read_text(encoding="utf-8")
    for path, schema in objects(read(RESULT.as_uri()).contents, "$"):
        assert not [name for name in schema["properties"].keys() - UNNAMED if f"`{name}`" not in page], path


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("outcome",), None),
        (("surprise",), 1),
        (("level",), "Self care"),
        (("findings", "fever"), "Hello there"),
        (("cards",), []),
        (("cards", 0, "summary"), "x" * 140),
        (("cards", 0, "indicator"), "hard-stop"),
        (("cards", 0, "detail"), ""),
        (("cards", 0, "suggestions"), []),
        (("cards", 0, "selectionBehavior"), "all"),
        (("cards", 0, "surprise"), 1),
        (("cards", 0, "source", "icon"), "https://example.org/icon.png"),
        (("cards", 0, "uuid"), "00000000-0000-4000-8000-000000000000"),
        (("cards", 0, "suggestions", 0, "actions", 0, "type"), "update"),
        (("cards", 0, "links", 0, "type"), "smart"),
        (("cards", 0, "links", 0, "autolaunchable"), True),
        (("cards", 0, "suggestions", 0, "actions", 0, "resource", "intent"), "order"),
        (("trace", 0, "file"), "rules/x.yaml"),
    ],
)
def test_the_schema_refuses_what_is_wrong(path: tuple[str | int, ...], value: object) -> None:
    found = json.loads(orjson.dumps(made("emergency")))
    place = found
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    assert faults(RESULT, found)


@pytest.mark.parametrize("member", ["suggestions", "selectionBehavior", "source", "uuid", "indicator"])
def test_the_schema_misses_what_is_missing(member: str) -> None:
    found = json.loads(orjson.dumps(made("emergency")))
    del found["cards"][0][member]
    assert faults(RESULT, found)
