"""One patient: repeatable, within what the population says, and the chart of the same person as the answers."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cds.decision_support import DecisionSupport
from cds.intake.chart_writer import bundle
from cds.pack import load_pack
from cds.pack.value import Interval
from cds.sample import Sample, Sampler, read_population
from tests.cli.running import ROOT
from tests.sample.folder import pack_folder
from tests.verify.static.faulty_pack import Edit

BACK = ROOT / "rules" / "exercise-low-back-pain"
BACK_SUPPORT = DecisionSupport.load(BACK)
BACK_PACK = BACK_SUPPORT.pack
BACK_SAMPLER = Sampler(BACK_PACK, read_population(BACK_PACK))


def _sampler(folder: Path) -> Sampler:
    pack = load_pack(pack_folder(folder / "pack"))
    return Sampler(pack, read_population(pack))


def _answers(sample: Sample) -> dict[str, list[Any]]:
    """Link id to the codes or plain values, whatever group the question is in."""
    found: dict[str, list[Any]] = {}
    waiting = list(sample.response.get("item", ()))
    for item in waiting:
        waiting += item.get("item", ())
        if "answer" in item:
            values = [next(iter(answer.values())) for answer in item["answer"]]
            found[item["linkId"]] = [value["code"] if isinstance(value, dict) else value for value in values]
    return found


@given(seed=st.integers(-(2**40), 2**40), index=st.integers(0, 2**40))
@settings(max_examples=60, deadline=None)
def test_every_patient_is_accepted_and_repeatable(seed: int, index: int) -> None:
    sample = BACK_SAMPLER.sample(seed, index)
    assert sample == Sampler(BACK_PACK, read_population(BACK_PACK)).sample(seed, index)
    checked = BACK_SUPPORT.check(sample.response)
    assert checked.id == f"sample-{seed}-{index}"
    assert checked.subject == f"Patient/{checked.id}"
    authored = datetime.fromisoformat(sample.response["authored"]).date()
    assert 0 < (BACK_PACK.header.effective - authored).days <= 28
    for resource in sample.chart:
        assert (resource.get("subject") or {"reference": f"Patient/{resource['id']}"})["reference"] == checked.subject


def test_a_patient_does_not_depend_on_the_others() -> None:
    forwards = [BACK_SAMPLER.sample(3, index) for index in range(40)]
    backwards = [BACK_SAMPLER.sample(3, index) for index in reversed(range(40))]
    assert forwards == backwards[::-1]
    assert forwards[5] != BACK_SAMPLER.sample(4, 5)
    assert len({sample.response["authored"] for sample in forwards}) > 30
    assert {sample.response["language"] for sample in forwards} == {"en", "es"}


def test_a_patient_stays_the_same_from_version_to_version() -> None:
    """Written down once: whoever changes the order of the draws changes everybody's patients."""
    sample = Sampler(BACK_PACK, read_population(BACK_PACK)).sample(0, 0)
    assert (sample.response["authored"], sample.response["language"]) == ("2026-10-29T17:43:00Z", "en")


def test_the_chart_is_of_the_same_person() -> None:
    charted = agreeing = 0
    for index in range(300):
        sample = BACK_SAMPLER.sample(11, index)
        if not sample.chart:
            continue
        person, *others = sample.chart
        assert set(person) <= {"resourceType", "id", "birthDate", "gender"}
        assert len({resource["id"] for resource in others}) == len(others)
        read = BACK_SUPPORT.read_chart(bundle(sample.chart), sample.response["authored"]).readings
        answers = _answers(sample)
        charted += 1
        if "age" in answers and "birthDate" in person:
            assert [one.value for one in read["age"]] == [Interval(answers["age"][0], answers["age"][0])]
            agreeing += 1
        if "sex" in answers and "gender" in person:
            assert answers["sex"] == [person["gender"]]
        if "pregnant" in read:
            assert answers.get("sex") != ["male"]
    assert charted > 200
    assert agreeing > 0.9 * charted


def test_shares_of_the_file_are_met(tmp_path: Path) -> None:
    sampler = _sampler(tmp_path)
    samples = [sampler.sample(0, index) for index in range(3000)]
    answers = [_answers(sample) for sample in samples]
    ill = [given for sample, given in zip(samples, answers, strict=True) if sample.profile == "ill"]
    count = Counter(code for given in answers for code in given.get("breathless", ["skipped"]))
    assert len(ill) == pytest.approx(900, abs=90)
    assert sum(bool(sample.chart) for sample in samples) == pytest.approx(1500, abs=120)
    assert count["skipped"] == pytest.approx(300, abs=60)
    assert count["ASKU"] == pytest.approx(1350, abs=120)
    assert all(60 <= given["age"][0] <= 70 and "smoker" not in given for given in ill)
    told = [given["signs"] for given in ill if given.get("signs") not in (None, ["ASKU"])]
    assert all("drowsy" in codes for codes in told)
    assert sum("rash" in codes for codes in told) == pytest.approx(len(told) * 0.1, abs=40)


def test_hidden_questions_are_not_answered_and_dates_agree(tmp_path: Path) -> None:
    sampler = _sampler(tmp_path)
    shown = agreeing = 0
    for index in range(600):
        sample = sampler.sample(1, index)
        given = _answers(sample)
        shown += "bloody-phlegm" in given
        assert given.get("cough") == ["wet"] or "bloody-phlegm" not in given
        if given.get("since") == ["under-three-days"] and "began" in given:
            authored = date.fromisoformat(sample.response["authored"][:10])
            assert 0 <= (authored - date.fromisoformat(given["began"][0])).days <= 3
            agreeing += 1
        if given.get("since") in (["three-days-or-more"], ["ASKU"]):
            assert "began" not in given
    assert shown > 100
    assert agreeing > 100


def test_numbers_do_not_pass_another_answer() -> None:
    ages = [_answers(BACK_SAMPLER.sample(2, index)) for index in range(2500)]
    both = [(given["onset-age"][0], given["age"][0]) for given in ages if given.keys() >= {"onset-age", "age"}]
    assert len(both) > 100
    assert all(onset <= age for onset, age in both)
    assert any(onset == age for onset, age in both)


def test_a_question_that_must_be_answered_is_never_skipped(tmp_path: Path) -> None:
    edit = Edit(file="questionnaire.json", old='"linkId": "smoker",', new='"linkId": "smoker", "required": true,')
    pack = load_pack(pack_folder(tmp_path / "pack", [edit]))
    sampler = Sampler(pack, read_population(pack))
    assert all("smoker" in _answers(sampler.sample(0, index)) for index in range(100))
