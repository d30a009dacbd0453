"""Whole packs: what loads, and that every fault of a pack is told in one run."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from cds.pack import PackError, load_pack
from tests.pack.overlay import HERE, MINIMAL

SHIPPED = sorted(file.parent for file in (HERE.parent.parent / "rules").glob("*/pack.yaml"))
Edit = Callable[[str, str, str], None]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the minimal pack."""
    return shutil.copytree(MINIMAL, tmp_path / "pack")


@pytest.fixture
def edit(folder: Path) -> Edit:
    """Replace the first occurrence of a text in a file of the copy."""

    def replace(name: str, old: str, new: str) -> None:
        text = (folder / name).read_text(encoding="utf-8")
        assert old in text
        (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")

    return replace


def codes_of(folder: Path) -> list[str]:
    with pytest.raises(PackError) as caught:
        load_pack(folder)
    return [problem.code for problem in caught.value.problems]


@pytest.mark.parametrize("pack", SHIPPED, ids=lambda path: path.name)
def test_shipped_pack_loads(pack: Path) -> None:
    loaded = load_pack(pack)
    assert loaded.id == pack.name
    assert loaded.rules


def test_minimal_pack() -> None:
    pack = load_pack(MINIMAL)
    assert (pack.id, pack.version, pack.default_level) == ("fever-and-cough", "0.1.0", "self-care")
    assert [level.id for level in pack.levels] == ["emergency", "same-day", "self-care"]
    assert len(pack.all_rules) - len(pack.rules) == 1
    assert "danger.smell" not in pack.rule
    assert [rule.id for rule in pack.concluding["seriously_ill"]] == ["danger.seriously_ill"]
    assert pack.value_sets["lung-disease"] == {("http://hl7.org/fhir/sid/icd-10-cm", "J44.9")}
    assert pack.most_urgent(["self-care", "same-day"]) == "same-day"
    rule = pack.rule["medicine.thinner"]
    assert (rule.file, rule.citations) == ("rules/advice.yaml", ("LEAFLET", "TEXTBOOK"))
    lines = (MINIMAL / rule.file).read_text(encoding="utf-8").splitlines()
    assert "id: thinner" in lines[rule.line - 1]


def test_tables_are_kept_beside_their_rows() -> None:
    pack = load_pack(MINIMAL)
    assert list(pack.tables) == ["medicine", "cough", "rash", "frail"]
    table = pack.tables["frail"]
    assert (table.id, table.title, table.hit, table.inputs) == (
        "frail",
        "The very old",
        "priority",
        ("age", "breathless"),
    )
    assert table.rows == ("frail.old", "frail.old_breathless")
    lines = (MINIMAL / table.file).read_text(encoding="utf-8").splitlines()
    assert "id: frail" in lines[table.line - 1]
    rows = [row for table in pack.tables.values() for row in table.rows]
    assert set(rows) <= {rule.id for rule in pack.all_rules}


def test_a_row_that_is_not_evaluated_is_kept(edit: Edit, folder: Path) -> None:
    edit("rules/advice.yaml", "    hit: priority", "    status: draft\n    hit: priority")
    pack = load_pack(folder)
    assert pack.tables["frail"].rows == ("frail.old", "frail.old_breathless")
    assert not set(pack.tables["frail"].rows) & pack.rule.keys()


def test_a_table_twice(edit: Edit, folder: Path) -> None:
    edit("rules/advice.yaml", "  - id: frail\n", "  - id: rash\n")
    assert codes_of(folder) == ["duplicate-id"]


def test_rules_say_what_they_add_nothing_to(edit: Edit, folder: Path) -> None:
    edit(
        "rules/danger.yaml",
        "    citations: [TEXTBOOK, LEAFLET]\n",
        "    citations: [TEXTBOOK]\n    subsumed_by: [rash.hot]\n",
    )
    edit("rules/advice.yaml", "      - id: hot\n", "      - id: hot\n        subsumed_by: [rash.warm, danger.smell]\n")
    pack = load_pack(folder)
    assert pack.rule["danger.long_fever"].subsumed_by == ("rash.hot",)
    assert pack.rule["rash.hot"].subsumed_by == ("rash.warm", "danger.smell")
    assert pack.rule["rash.warm"].subsumed_by == ()


def test_every_fault_is_found_in_one_run(folder: Path, edit: Edit) -> None:
    edit("pack.yaml", "indicator: warning", "indicator: critical")
    edit("findings.yaml", "link_id: smoker", "link_id: smokes")
    edit("rules/danger.yaml", "warning_signs includes drowsy", "warning_signs includes drowzy")
    edit("rules/danger.yaml", "citations: [TEXTBOOK, LEAFLET]", "citations: [TEXTBOK, LEAFLETT]")
    edit("rules/advice.yaml", "advise: [fluids, fever-medicine]", "advise: [fluid, fever-medicine]")
    edit("advice.yaml", "instead: ask-pharmacist", "instead: ask")
    edit("cards.yaml", "{{ t.why }}", "{{ t.reasons }}")
    assert codes_of(folder) == [
        "unknown-instead",
        "label-missing",
        "unread-question",
        "unknown-link-id",
        "critical-misused",
        "unknown-advice",
        "unknown-code",
        "unknown-citation",
        "unknown-citation",
    ]


def test_faults_of_form_in_every_file_are_found_in_one_run(folder: Path, edit: Edit) -> None:
    (folder / "citations.yaml").unlink()
    edit("pack.yaml", "es: El mismo día", "fr: Le jour même")
    edit("findings.yaml", "type: code\n", "type: word\n")
    edit("advice.yaml", "evidence: {en: Opinion", "proof: {en: Opinion")
    edit("cards.yaml", "  action: {en: Please go", "  what: {en: Please go")
    edit("questionnaire.json", '"smoker", "type": "boolean"', '"smoker", "type": "choice"')
    edit("codes/ValueSet-egfr.json", '"concept"', '"filter"')
    edit("rules/danger.yaml", "    rationale: A longer", "    reason: A longer")
    assert codes_of(folder) == [
        "missing-key",  # advice.yaml
        "unknown-key",
        "missing-key",  # cards.yaml
        "unknown-key",
        "missing-file",
        "value-set",
        "wrong-type",  # findings.yaml
        "language-missing",  # pack.yaml
        "questionnaire",
        "missing-key",  # rules/danger.yaml
        "unknown-key",
    ]


def test_wrong_types_are_told_in_plain_words(folder: Path, edit: Edit) -> None:
    edit("pack.yaml", "version: 0.1.0", "version: 0.1")
    edit("pack.yaml", "status: draft", "status: ready")
    edit("pack.yaml", "effective: 2026-11-22", "effective: 22.11.2026")
    edit("pack.yaml", "purpose: Shows", "purpose: [Shows]\nuse_: Shows")
    edit("pack.yaml", "given_with_gaps: true", "given_with_gaps: yes")
    edit("pack.yaml", "languages: [en, es]", "languages: en")
    with pytest.raises(PackError) as caught:
        load_pack(folder)
    said = [str(problem).partition(": ")[2] for problem in caught.value.problems if problem.file == "pack.yaml"]
    assert said == [
        "this must be text. Put it in quotes",
        "this must be one of 'draft', 'active', 'retired'",
        "write a date as YYYY-MM-DD",
        "this must be text",
        "unknown key 'use_'. Did you mean 'use'?",
        "this must be a list",
        "this must be true or false",
    ]


def test_alternatives_are_told_once(folder: Path, edit: Edit) -> None:
    edit("rules/advice.yaml", "{kidney_disease: yes}", "{kidney_disease: [yes]}")
    with pytest.raises(PackError, match="this must be text or a whole number or a number or true or false"):
        load_pack(folder)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("null", "it must be one JSON object"),
        ("[]", "it must be one JSON object"),
        ('{"title": "a", "title": "b"}', "the key 'title' stands twice"),
        ('{"version": NaN}', "NaN is not a number"),
        ("", "expecting value"),
        ("\xff", "it is not UTF-8"),
        ("[" * 100_000, "nested too deep"),
    ],
)
@pytest.mark.parametrize("name", ["questionnaire.json", "codes/ValueSet-egfr.json"])
def test_json_that_is_not_taken(folder: Path, name: str, text: str, said: str) -> None:
    (folder / name).write_text(text, encoding="latin-1")
    with pytest.raises(PackError, match=said) as caught:
        load_pack(folder)
    assert {problem.code for problem in caught.value.problems} == {"json-syntax"}


@pytest.mark.parametrize(
    "include",
    ['{"system": "http://loinc.org"}', '{"concept": [{"code": "1"}]}', '{"system": "s", "concept": "1"}', '"s"'],
)
def test_value_set_must_list_its_codes(folder: Path, include: str) -> None:
    """A whole code system, or codes that are not understood, would never match a chart."""
    text = f'{{"resourceType": "ValueSet", "compose": {{"include": [{include}]}}}}'
    (folder / "codes" / "ValueSet-egfr.json").write_text(text, encoding="utf-8")
    assert codes_of(folder) == ["value-set"]


def test_a_pack_without_rules_is_refused(folder: Path) -> None:
    """It would call everybody well."""
    shutil.rmtree(folder / "rules")
    assert codes_of(folder) == ["not-concluded", "missing-file"]


@pytest.mark.parametrize("name", ["rules/old/danger.yaml", "rules/danger2.yml", "rules/danger2.YAML"])
def test_a_rule_file_that_would_be_passed_over_is_refused(folder: Path, name: str) -> None:
    (folder / name).parent.mkdir(exist_ok=True)
    shutil.copy(folder / "rules" / "danger.yaml", folder / name)
    assert codes_of(folder) == ["unread-file"]


def test_a_fault_in_a_rule_does_not_hide_what_it_concludes(folder: Path, edit: Edit) -> None:
    edit("rules/danger.yaml", "of: [breathless,", "of: [breathles,")
    assert codes_of(folder) == ["unknown-finding"]


def test_a_wrong_citation_of_a_table_is_told_once_and_at_its_place(folder: Path, edit: Edit) -> None:
    edit("rules/advice.yaml", "    citations: [LEAFLET]\n    rows", "    citations: [LEAFLETT]\n    rows")
    edit("rules/advice.yaml", "        citations: [TEXTBOOK]", "        citations: [TEXTBOK]")
    with pytest.raises(PackError) as caught:
        load_pack(folder)
    lines = (folder / "rules" / "advice.yaml").read_text(encoding="utf-8").splitlines()
    for problem, key in zip(caught.value.problems, ["LEAFLETT", "TEXTBOK"], strict=True):
        assert lines[problem.line - 1][problem.column - 1 :].startswith(key)


def test_draft_rules_are_checked_but_not_evaluated(folder: Path, edit: Edit) -> None:
    edit("rules/danger.yaml", "status: draft\n    when: cough is wet", "status: draft\n    when: cough is loud")
    assert codes_of(folder) == ["unknown-code"]


def test_a_finding_that_only_a_draft_concludes_is_refused(folder: Path, edit: Edit) -> None:
    edit("rules/danger.yaml", "title: Several signs", "status: draft\n    title: Several signs")
    assert codes_of(folder) == ["not-concluded"]


def test_problems_are_told_once_and_in_order(folder: Path, edit: Edit) -> None:
    edit("rules/danger.yaml", "any: [ill_hours >= 3 d, lung_disease", "any: [lungs, lungs")
    with pytest.raises(PackError) as caught:
        load_pack(folder)
    assert list(caught.value.problems) == sorted(set(caught.value.problems))
    assert str(caught.value).splitlines() == [str(problem) for problem in caught.value.problems]
