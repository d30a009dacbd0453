"""Cases are run the whole way, and a case that should fail does."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from cds import DecisionSupport
from cds.pack import PackError
from cds.verify import CaseRunner, load_cases, load_patients
from tests.pack.overlay import MINIMAL

CASE = """cases:
  - name: tried
    from: cold
    {body}
    expect: {expect}
"""


def _with_cases(tmp_path: Path, text: str) -> DecisionSupport:
    """The minimal pack with other cases."""
    folder = shutil.copytree(MINIMAL, tmp_path / "pack", dirs_exist_ok=True)
    (folder / "rules" / "danger.test.yaml").write_text(text, encoding="utf-8")
    return DecisionSupport.load(folder)


def _failures(tmp_path: Path, expect: str, body: str = "set: {}") -> tuple[str, ...]:
    support = _with_cases(tmp_path, CASE.format(body=body, expect=expect))
    (case,) = load_cases(support.pack)
    return CaseRunner(support).run(case).failures


@pytest.mark.parametrize(
    ("expect", "failure"),
    [
        ("{outcome: emergency}", "outcome is self-care, expected emergency"),
        ("{level: emergency}", "level is self-care, expected emergency"),
        ("{possible_level: emergency}", "possible_level is self-care, expected emergency"),
        ("{fires: [danger.emergency]}", "rule danger.emergency should fire"),
        ("{could_fire: [danger.emergency]}", "rule danger.emergency should be open (could fire)"),
        ("{does_not_fire: [cough.mild]}", None),
        ("{advice: [fluids]}", "advice fluids should be given"),
        ("{ask_first: [fluids]}", "advice fluids should be 'ask first'"),
        ("{open: [breathless]}", "breathless should be among the open questions"),
        ("{withholds: [breathless]}", "breathless should withhold a level"),
        ("{outcome: self-care, does_not_fire: [danger.emergency], not_open: [breathless], no_advice: [fluids]}", None),
    ],
)
def test_each_expectation_can_fail(tmp_path: Path, expect: str, failure: str | None) -> None:
    assert _failures(tmp_path, expect) == ((failure,) if failure else ())


def test_a_rule_that_fires_or_is_open_fails_does_not_fire(tmp_path: Path) -> None:
    expect = "{does_not_fire: [danger.emergency], no_advice: [fluids], not_open: [breathless]}"
    fires = _failures(tmp_path, expect, "set: {breathless: yes, temperature: 39.6}")
    assert fires == ("rule danger.emergency should not fire, and not be open",)
    is_open = _failures(tmp_path, expect, "leave_out: [breathless]\n    set: {temperature: 39.6}")
    assert "rule danger.emergency should not fire, and not be open" in is_open
    assert "breathless should not be among the open questions" in is_open


def test_a_missing_answer_withholds_a_level(tmp_path: Path) -> None:
    """With a high temperature the question about breath could bring an emergency; whether it may wait is the pack's."""
    expect = "{outcome: incomplete, open: [breathless], withholds: [breathless]}"
    assert _failures(tmp_path, expect, "leave_out: [breathless]\n    set: {temperature: 39.6}") == ()
    (failure,) = _failures(tmp_path, "{withholds: [cough]}", "leave_out: [breathless]\n    set: {temperature: 39.6}")
    assert failure == "cough should withhold a level"


def test_findings_that_cannot_be_answered_fail_the_case(tmp_path: Path) -> None:
    (failure,) = _failures(tmp_path, "{outcome: self-care}", "set: {bloody_phlegm: yes}")
    assert failure.startswith("could not be evaluated: bloody_phlegm cannot be answered: its question")


def test_a_case_may_name_a_response_file(tmp_path: Path) -> None:
    body = CASE.format(body="response: missing.json", expect="{outcome: self-care}").replace("    from: cold\n", "")
    support = _with_cases(tmp_path, body)
    (case,) = load_cases(support.pack)
    (failure,) = CaseRunner(support).run(case).failures
    assert "could not be evaluated" in failure


@pytest.mark.parametrize(
    ("body", "expect", "message"),
    [
        ("set: {brethless: yes}", "{}", "rules/danger.test.yaml:4:11: there is no finding 'brethless'. Did you mean"),
        ("set: {breathless: maybe}", "{}", "4:23: breathless is a boolean finding: write yes or no"),
        ("set: {temperature: 99}", "{}", "4:24: temperature must be between"),
        ("leave_out: [nothing]", "{}", "there is no finding 'nothing'"),
        ("set: {}", "{fires: [danger.emergancy]}", "no rule 'danger.emergancy'. Did you mean 'danger.emergency'?"),
        ("set: {}", "{outcome: soon}", "there is no level 'soon'"),
        ("set: {}", "{advice: [tea]}", "there is no advice 'tea'"),
        ("set: {}", "{fired: [danger.emergency]}", "unknown key 'fired'. Did you mean 'fires'?"),
    ],
)
def test_faults_of_a_case_name_the_place(tmp_path: Path, body: str, expect: str, message: str) -> None:
    support = _with_cases(tmp_path, CASE.format(body=body, expect=expect))
    with pytest.raises(PackError) as error:
        load_cases(support.pack)
    assert message in str(error.value)


def test_an_unknown_base_patient(tmp_path: Path) -> None:
    text = CASE.format(body="set: {}", expect="{}").replace("from: cold", "from: flu")
    support = _with_cases(tmp_path, text)
    with pytest.raises(PackError, match="there is no base patient 'flu'"):
        load_cases(support.pack)


def test_base_patients() -> None:
    support = DecisionSupport.load(MINIMAL)
    assert load_patients(support.pack)["cold"]["breathless"] is False
