"""Which rules have the cases that each must have, and which statements were seen."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from cds import DecisionSupport
from cds.verify import CaseRunner, coverage, load_cases
from tests.pack.overlay import MINIMAL
from tests.verify.cases.tiny_pack import covered, tiny_pack


def test_coverage_counts_rules_and_statements() -> None:
    support = DecisionSupport.load(MINIMAL)
    runner = CaseRunner(support)
    cases = load_cases(support.pack)
    found = coverage(support.pack, [runner.run(case) for case in cases])
    assert "danger.emergency" not in (*found.without_firing_case, *found.without_near_miss)
    assert "cough.mild" in found.without_firing_case
    nothing = coverage(support.pack, [])
    assert nothing.without_firing_case == tuple(rule.id for rule in support.pack.rules)
    seen, possible = found.statement_counts()
    assert 0 < seen < possible
    assert nothing.statement_counts() == (0, possible)


def test_red_flag_rules_need_a_case_with_a_missing_answer() -> None:
    support = DecisionSupport.load(MINIMAL)
    flags: Any = [name for name, finding in support.pack.findings.items() if finding.red_flag]
    assert flags, "the minimal pack has a red flag"
    assert set(coverage(support.pack, []).without_unanswered_case) <= {
        rule.id for rule in support.pack.rules if rule.then.level
    }
    assert "danger.emergency" in coverage(support.pack, []).without_unanswered_case


def test_statements_are_the_clauses_about_one_finding(tmp_path: Path) -> None:
    found = covered(tiny_pack(tmp_path / "pack"))
    assert len(found.clauses) == 8
    assert len(found.statements) == 5
    assert found.statement_counts() == (12, 15)


def test_a_case_that_cannot_be_evaluated_covers_nothing(tmp_path: Path) -> None:
    folder = tiny_pack(tmp_path / "pack")
    cases = "cases:\n  - {name: age is missing, set: {hot: yes}, expect: {fires: [tiny.rash]}}\n"
    (folder / "rules" / "tiny.test.yaml").write_text(cases, encoding="utf-8")
    found = covered(folder)
    assert found.results[0].decision is None
    assert not any(seen.total() for seen in found.clauses.values())
    assert not any(question.answered or question.unanswered for question in found.questions.values())
