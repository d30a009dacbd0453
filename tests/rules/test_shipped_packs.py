"""Every shipped pack: its cases, their coverage, its trace, and what must hold for any patient."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cds import DecisionSupport, shipped_packs
from cds.assessment import INCOMPLETE
from cds.intake import Composer
from cds.pack import Findings, FindingValue, Interval, Selection
from cds.pack.finding import Finding
from cds.verify import CaseRunner, coverage, load_cases, load_patients
from cds.verify.cases import gaps, load_not_coverable
from cds.verify.trace import load_trace

PACKS = shipped_packs()
AUTHORED = "2026-11-22T12:00:00Z"
pytestmark = pytest.mark.parametrize("folder", PACKS, ids=lambda folder: folder.name)
PROPERTY = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@cache
def _support(folder: Path) -> DecisionSupport:
    return DecisionSupport.load(folder)


@cache
def _patients_read(folder: Path) -> dict[str, dict[str, FindingValue]]:
    """The base patients as their answers are read: with what the hidden questions stand for."""
    support = _support(folder)
    composer = Composer(support.pack.questionnaire, support.pack.findings)
    return {
        name: dict(support.decide_parsed(composer.compose(values, AUTHORED)).patient.values)
        for name, values in load_patients(support.pack).items()
    }


def test_all_cases_pass_and_cover_every_clause_and_answer(folder: Path) -> None:
    support = _support(folder)
    runner = CaseRunner(support)
    results = [runner.run(case) for case in load_cases(support.pack)]
    failed = [f"{entry.case.file}:{entry.case.line}: {entry.failures}" for entry in results if entry.failures]
    assert failed == []
    found = coverage(support.pack, results, load_not_coverable(support.pack))
    assert gaps(found) == ()
    assert found.without_firing_case == ()
    assert found.without_near_miss == ()
    assert found.without_unanswered_case == ()


def test_every_row_of_the_evidence_leads_somewhere(folder: Path) -> None:
    rows = {row.id for row in load_trace(_support(folder).pack)}
    if folder.name == "exercise-low-back-pain":
        article = {f"R{number:02d}" for number in range(1, 29)}
        further = {f"2.{number}" for number in range(1, 20)} | {"2.1a", "2.1b", "2.4a"}
        assert article | further <= rows
        assert any(row.startswith("2A.") for row in rows)
        assert {f"2B.{number}" for number in range(1, 15)} <= rows
        assert {f"2C.{number}" for number in range(1, 7)} <= rows


def test_every_rule_is_named_in_the_trace(folder: Path) -> None:
    pack = _support(folder).pack
    traced = {name for row in load_trace(pack) for name in row.rules}
    assert {rule.id for rule in pack.rules if rule.then.level} - traced == set()


def test_nothing_answered_is_incomplete_and_asks_for_every_red_flag_that_matters(folder: Path) -> None:
    assessment = _support(folder).assessor.assess({})
    assert assessment.outcome == INCOMPLETE
    assert assessment.possible_level == _support(folder).pack.levels[0].id
    assert assessment.open_findings[0].level == _support(folder).pack.levels[0].id


def test_base_patients_are_complete(folder: Path) -> None:
    """The base patients answer everything that is asked, so each is decided."""
    for name, values in _patients_read(folder).items():
        assert _support(folder).assessor.assess(values).outcome != INCOMPLETE, name


def test_each_red_flag_skipped_withholds_or_is_already_urgent(folder: Path) -> None:
    """Skipping one red flag that would raise a benign patient's level never leaves that patient with self-care."""
    support = _support(folder)
    pack = support.pack
    checked: set[str] = set()
    for base, values in _patients_read(folder).items():
        before = support.assessor.assess(values).level
        for name in values:
            finding = pack.findings[name]
            if finding.unanswered != "escalate" or finding.type != "boolean":
                continue
            if support.assessor.assess({**values, name: True}).level == before:
                continue
            rest = {key: value for key, value in values.items() if key != name}
            skipped = support.assessor.assess(rest)
            level = pack.levels[pack.rank[skipped.level]]
            assert skipped.outcome == INCOMPLETE or level.given_with_gaps, (base, name)
            assert name in {gap.finding for gap in skipped.open_findings}, (base, name)
            checked.add(name)
    assert len(checked) > 5


def _values(finding: Finding) -> st.SearchStrategy[FindingValue]:
    match finding.type:
        case "boolean":
            return st.booleans()
        case "integer":
            return st.integers(finding.low, finding.high).map(lambda number: Interval(number, number))
        case "code":
            return st.sampled_from(sorted(finding.code_ids))
        case "codes":
            return st.frozensets(st.sampled_from(sorted(finding.code_ids)), max_size=2).map(Selection)


def _patients(folder: Path) -> st.SearchStrategy[dict[str, Any]]:
    """A base patient with some findings changed and some left out: urgent and benign patients alike."""
    pack = _support(folder).pack
    names = sorted(name for name, finding in pack.findings.items() if not finding.derived)
    changes = st.lists(st.sampled_from(names), max_size=6).flatmap(
        lambda chosen: st.fixed_dictionaries({name: _values(pack.findings[name]) for name in chosen})
    )
    bases = st.sampled_from(sorted(_patients_read(folder).items())).map(lambda entry: dict(entry[1]))
    left_out = st.lists(st.sampled_from(names), max_size=4)
    return st.tuples(bases, changes, left_out).map(
        lambda parts: {name: value for name, value in {**parts[0], **parts[1]}.items() if name not in parts[2]}
    )


@PROPERTY
@given(st.data())
def test_yes_to_a_red_flag_never_lowers_the_level(folder: Path, data: st.DataObject) -> None:
    support = _support(folder)
    pack = support.pack
    values: Findings = data.draw(_patients(folder))
    flags = sorted(name for name, finding in pack.findings.items() if finding.red_flag and finding.type == "boolean")
    before = support.assessor.assess({**values, (flag := data.draw(st.sampled_from(flags))): False})
    after = support.assessor.assess({**values, flag: True})
    assert pack.rank[after.level] <= pack.rank[before.level]
    assert pack.rank[after.possible_level] <= pack.rank[before.possible_level]


@PROPERTY
@given(st.data())
def test_leaving_an_answer_out_never_reassures(folder: Path, data: st.DataObject) -> None:
    """A level given with an answer missing is one that the full answers would have given or raised with a warning."""
    support = _support(folder)
    pack = support.pack
    values = data.draw(_patients(folder))
    name = data.draw(st.sampled_from(sorted(values)))
    rest = {key: value for key, value in values.items() if key != name}
    full, fewer = support.assessor.assess(values), support.assessor.assess(rest)
    assert pack.rank[fewer.possible_level] <= pack.rank[full.level]
    raised = pack.rank[full.level] < pack.rank[fewer.level]
    if raised and pack.findings[name].unanswered == "escalate":
        given = pack.levels[pack.rank[fewer.level]].given_with_gaps
        assert fewer.outcome == INCOMPLETE or given
        assert name in {gap.finding for gap in fewer.open_findings}


@PROPERTY
@given(st.data())
def test_advice_is_never_given_against_a_block(folder: Path, data: st.DataObject) -> None:
    support = _support(folder)
    assessment = support.assessor.assess(data.draw(_patients(folder)))
    fired = {rule.id for rule in assessment.fired}
    possible = fired | {rule.id for rule in assessment.undecided}
    blocked = {name for rule in support.pack.rules if rule.id in possible for name in rule.then.block}
    assert not blocked & {given.advice.id for given in assessment.advice if given.status == "advised"}


@PROPERTY
@given(st.data())
def test_every_patient_gets_one_to_three_cards_in_every_language(folder: Path, data: st.DataObject) -> None:
    support = _support(folder)
    runner = CaseRunner(support)
    case = data.draw(st.sampled_from(load_cases(support.pack)))
    result = runner.run(case)
    assert result.decision is not None
    for language in support.pack.header.languages:
        cards = support.make_cards(result.decision, language)
        assert 1 <= len(cards) <= 3
        critical = [card for card in cards if card["indicator"] == "critical"]
        assert bool(critical) == (result.decision.assessment.level == support.pack.levels[0].id)
