"""Two versions with other questions: who answers alike, and what an answer of one version is in the other."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from cds import DecisionSupport, load_pack
from cds.verify.difference.compare import Difference, compare
from cds.verify.difference.side import at_one_time
from tests.verify.difference.tiny_pack import Change, tiny_pack

RULES: Final = "rules/tiny.yaml"
STIFF: Final = """\
  - id: stiff
    type: boolean
    title: {en: Stiff neck, es: Cuello rígido}
    unanswered: escalate
    answers: [{link_id: stiff}]
  - id: lung_disease
"""
STIFF_RULE: Final = """\
  - id: tiny.stiff
    title: A stiff neck
    when: stiff
    then: {level: emergency, reason: {en: A stiff neck., es: Cuello rígido.}}
    rationale: An example.
    citations: [TEXTBOOK]
  - id: tiny.rash
"""


def _edit(folder: Path, version: str | None = "0.2.0", **items: dict[str, Any] | None) -> Path:
    """Change items of the questionnaire by link id (``None`` removes one), and its version."""
    file = folder / "questionnaire.json"
    resource = json.loads(file.read_text(encoding="utf-8"))
    if version:
        resource["version"] = version
    for link_id, changes in items.items():
        found = next((item for item in resource["item"] if item["linkId"] == link_id), None)
        if found is None:
            resource["item"].append({"linkId": link_id, **(changes or {})})
        elif changes is None:
            resource["item"].remove(found)
        else:
            found.update(changes)
    file.write_text(json.dumps(resource), encoding="utf-8")
    return folder


def _compared(old: Path, new: Path) -> Difference:
    """The difference; each patient is decided about again from its two files."""
    packs = load_pack(old), load_pack(new)
    found = compare(*packs)
    supports = DecisionSupport(at_one_time(*packs)), DecisionSupport(packs[1])
    for one in found.classes:
        decisions = one.patient.old.decide(supports[0]), one.patient.new.decide(supports[1])
        if one.change.kind == "level":
            assert tuple(decision.assessment.level for decision in decisions) == (one.change.old, one.change.new)
    return found


def _classes(found: Difference, kind: str) -> set[tuple[str, str]]:
    return {(one.change.old, one.change.new) for one in found.classes if one.change.kind == kind}


def test_a_new_version_alone_tells_nobody_apart_but_refuses_old_responses(tmp_path: Path) -> None:
    found = _compared(tiny_pack(tmp_path / "old"), _edit(tiny_pack(tmp_path / "new")))
    assert not found.classes
    assert found.version.weight == "major"
    assert "responses to the old version are refused" in found.version.reasons[0]


def test_a_new_question_is_free_in_the_old_version(tmp_path: Path) -> None:
    new = tiny_pack(
        tmp_path / "new", ("findings.yaml", "  - id: lung_disease\n", STIFF), (RULES, "  - id: tiny.rash\n", STIFF_RULE)
    )
    _edit(new, stiff={"type": "boolean", "text": "Is your neck stiff?"})
    found = _compared(tiny_pack(tmp_path / "old"), new)
    assert _classes(found, "level") == {("self-care", "emergency"), ("same-day", "emergency")}
    one = next(one for one in found.classes if one.change.kind == "level" and one.change.old == "self-care")
    assert not one.patient.one_response
    assert "stiff" not in json.dumps(one.patient.old.response)
    assert one.patient.words == ("new version: stiff: yes",)
    assert [rule.how for rule in one.rules] == ["added"]
    paths = one.patient.write(tmp_path / "out", one.change.name)
    assert [path.name for path in paths] == ["level.self-care.emergency.old.json", "level.self-care.emergency.new.json"]


def test_a_question_removed_lowers_what_it_told(tmp_path: Path) -> None:
    old = tiny_pack(
        tmp_path / "old", ("findings.yaml", "  - id: lung_disease\n", STIFF), (RULES, "  - id: tiny.rash\n", STIFF_RULE)
    )
    _edit(old, version=None, stiff={"type": "boolean", "text": "Is your neck stiff?"})
    found = _compared(old, _edit(tiny_pack(tmp_path / "new")))
    assert ("emergency", "self-care") in _classes(found, "level")
    assert found.lowered
    assert found.version.weight == "major"


def test_an_option_removed_may_be_answered_otherwise(tmp_path: Path) -> None:
    new = tiny_pack(tmp_path / "new")
    item = next(
        one
        for one in json.loads((new / "questionnaire.json").read_text(encoding="utf-8"))["item"]
        if one["linkId"] == "signs"
    )
    options = [one for one in item["answerOption"] if one["valueCoding"]["code"] != "cold"]
    found = _compared(tiny_pack(tmp_path / "old"), _edit(new, signs={"answerOption": options}))
    # Only "cold" was ticked, and in the new version nothing is: so the rash is open again.
    assert ("self-care", "incomplete") in _classes(found, "outcome")
    assert _classes(found, "level") == set()
    assert "question signs changed: option cold removed" in found.version.reasons


def test_a_question_that_is_shown_to_others(tmp_path: Path) -> None:
    new = _edit(tiny_pack(tmp_path / "new"), itch={"enableWhen": [{**_gate(), "operator": "!="}]})
    found = _compared(tiny_pack(tmp_path / "old"), new)
    told = {
        (one.change.subject, one.change.old, one.change.new) for one in found.classes if one.change.kind == "advice"
    }
    # Who has a rash is no longer asked whether it itches, and who has none is.
    assert ("fever-medicine", "instead", "ask-first") in told
    assert ("fever-medicine", "ask-first", "instead") in told


def _gate() -> dict[str, Any]:
    coding = {"system": "https://example.org/fhir/answers", "code": "rash"}
    return {"question": "signs", "answerCoding": coding}


def test_another_type_cannot_be_compared(tmp_path: Path) -> None:
    number = {"type": "quantity", "extension": []}
    new = tiny_pack(tmp_path / "new")
    resource = json.loads((new / "questionnaire.json").read_text(encoding="utf-8"))
    item = next(one for one in resource["item"] if one["linkId"] == "days")
    item.pop("extension")
    item["type"] = number["type"]
    (new / "questionnaire.json").write_text(json.dumps(resource), encoding="utf-8")
    found = _compared(tiny_pack(tmp_path / "old"), new)
    assert found.unclear == ("question days: its type or unit changed, so its answers are taken to be independent",)
    assert found.version.weight == "major"


def test_another_range_leaves_out_whom_one_version_refuses(tmp_path: Path) -> None:
    change: Change = ("findings.yaml", "range: [0, 4]", "range: [0, 3]")
    found = _compared(tiny_pack(tmp_path / "old"), tiny_pack(tmp_path / "new", change))
    assert found.left_out == (
        "finding days: its range changed (0 to 4 and 0 to 3); only numbers that both versions take are compared",
    )
    assert not found.classes
    assert found.version.weight == "major"


def test_numbers_in_finer_parts_are_the_same_numbers(tmp_path: Path) -> None:
    finer: list[Change] = [
        ("findings.yaml", "range: [0, 4]\n    unit: d", "range: [0, 40]\n    unit: d\n    scale: 10"),
    ]
    found = _compared(tiny_pack(tmp_path / "old"), tiny_pack(tmp_path / "new", *finer))
    assert {one.change.kind for one in found.classes} == set()
    assert found.version.weight == "major"


def test_a_code_less_in_the_value_set_is_seen_in_the_chart(tmp_path: Path) -> None:
    new = tiny_pack(tmp_path / "new")
    file = new / "codes" / "ValueSet-lung-disease.json"
    resource = json.loads(file.read_text(encoding="utf-8"))
    include = resource["compose"]["include"][0]
    include["concept"].append({"code": "13645005", "display": "COPD"})
    (tmp_path / "more.json").write_text(json.dumps(resource), encoding="utf-8")
    old = tiny_pack(tmp_path / "old")
    (old / "codes" / file.name).write_text((tmp_path / "more.json").read_text(encoding="utf-8"), encoding="utf-8")
    found = _compared(old, new)
    one = next(one for one in found.classes if one.change.kind == "level")
    assert (one.change.old, one.change.new) == ("same-day", "self-care")
    assert one.patient.new.chart is not None
    assert "13645005" in json.dumps(one.patient.new.chart)
    assert one.patient.new.chart == one.patient.old.chart
