"""Each gap has its place and says what is missing."""

from __future__ import annotations

from pathlib import Path

from cds.verify.cases import counts, gaps
from tests.verify.cases.tiny_pack import covered, tiny_pack

MORE_CASES = """\
  - name: a hot person
    set: {age: 4, rash: no}
    expect: {}
  - name: nothing
    set: {age: 40, hot: no, rash: no}
    expect: {}
  - name: only the age
    set: {age: 40}
    expect: {}
  - name: a rash that does not itch
    set: {age: 40, hot: no, rash: yes, itch: no}
    expect: {}
  - name: a rash, the itch not told
    set: {age: 40, hot: no, rash: yes}
    expect: {}
  - name: not sure, and a comment
    response: responses/not-sure.json
    expect: {}
"""
NOT_SURE = """\
{"resourceType": "QuestionnaireResponse", "status": "completed", "authored": "2026-11-22T12:00:00Z",
 "questionnaire": "https://example.org/fhir/fever-and-cough/Questionnaire/tiny|0.1.0",
 "item": [
  {"linkId": "age", "answer": [{"valueInteger": 40}]},
  {"linkId": "signs", "answer": [{"valueCoding":
    {"system": "http://terminology.hl7.org/CodeSystem/v3-NullFlavor", "code": "ASKU"}}]},
  {"linkId": "comment", "answer": [{"valueString": "It comes and goes."}]}]}
"""


def test_every_gap_with_its_place(tmp_path: Path) -> None:
    found = gaps(covered(tiny_pack(tmp_path / "pack")))
    assert [str(gap) for gap in found] == [
        "rules/tiny.yaml:5: tiny.hot_child: never seen undecided",
        "rules/tiny.yaml:11: tiny.rash: never seen undecided",
        "rules/tiny.yaml:17: tiny.neither: never seen to fire",
        "rules/tiny.yaml:17: tiny.neither: `hot or rash` never seen false",
        "rules/tiny.yaml:17: tiny.neither: `rash` never seen unknown",
        "questionnaire.json:14: signs: option `ASKU` never chosen",
        "questionnaire.json:14: signs: never left unanswered",
        "questionnaire.json:20: itch: option `N` never chosen",
        "questionnaire.json:20: itch: never left unanswered",
        "questionnaire.json:26: comment: never answered",
    ]


def test_without_cases_everything_is_missing(tmp_path: Path) -> None:
    folder = tiny_pack(tmp_path / "pack")
    (folder / "rules" / "tiny.test.yaml").write_text("cases: []\n", encoding="utf-8")
    found = covered(folder)
    assert not any(count.seen for count in counts(found))
    assert "rules/tiny.yaml:5: tiny.hot_child: `age < 5 a` never seen true, false, unknown" in map(str, gaps(found))


def test_more_cases_close_all_gaps(tmp_path: Path) -> None:
    folder = tiny_pack(tmp_path / "pack")
    file = folder / "rules" / "tiny.test.yaml"
    written = file.read_text(encoding="utf-8")
    file.write_text(written.replace("not_coverable:", MORE_CASES + "not_coverable:"), encoding="utf-8")
    (folder / "rules" / "responses").mkdir()
    (folder / "rules" / "responses" / "not-sure.json").write_text(NOT_SURE, encoding="utf-8")
    found = covered(folder)
    assert [result.failures for result in found.results if result.failures] == []
    assert gaps(found) == ()
    assert not any(count.missing for count in counts(found))
