"""The fast judgement is that of running every case the whole way with the mutant."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from random import Random

import pytest

from cds import DecisionSupport, default_pack, shipped_packs
from cds.pack import PackError
from cds.verify import Case, CaseRunner, load_cases
from cds.verify.mutation import Mutant, mutants
from cds.verify.mutation.assessors import Assessors
from cds.verify.mutation.judge import Judge
from cds.verify.mutation.kept_cases import keep
from tests.pack.overlay import MINIMAL
from tests.verify.cases.tiny_pack import tiny_pack

STILLBORN = "stillborn"


def judge_of(support: DecisionSupport, cases: Sequence[Case]) -> Judge:
    runner = CaseRunner(support)
    return Judge(Assessors(support.assessor), keep([runner.run(case) for case in cases]))


def fast(judge: Judge, mutant: Mutant) -> bool | str:
    try:
        return judge.killer(mutant) is not None
    except PackError:
        return STILLBORN


def slow(support: DecisionSupport, cases: Sequence[Case], mutant: Mutant) -> bool | str:
    """Whether some case fails, composed, read, and evaluated by both evaluators."""
    try:
        runner = CaseRunner(DecisionSupport(mutant.applied(support.pack)))
    except PackError:
        return STILLBORN
    return any(runner.run(case).failures for case in cases)


def agree(folder: Path, sample: int | None = None) -> int:
    """Compare all mutants of a pack, or so many; how many were killed."""
    support = DecisionSupport.load(folder)
    cases = load_cases(support.pack)
    judge = judge_of(support, cases)
    made = [mutant for mutant in mutants(support.pack) if not mutant.stillborn]
    chosen = made if sample is None else Random(folder.name).sample(made, sample)
    for mutant in chosen:
        whole = slow(support, cases, mutant)
        # What is too large for the engine may be seen to be killed before.
        assert fast(judge, mutant) in ((whole, True) if whole is STILLBORN else (whole,)), mutant.sentence
    return sum(fast(judge, mutant) is True for mutant in chosen)


def test_all_mutants_of_tiny_packs(tmp_path: Path) -> None:
    assert agree(tiny_pack(tmp_path / "tiny")) == 10
    assert agree(MINIMAL) > 30


@pytest.mark.parametrize("folder", shipped_packs(), ids=lambda folder: folder.name)
def test_a_sample_of_the_shipped_packs(folder: Path) -> None:
    agree(folder, 8 if folder == default_pack() else 60)


def test_survivors_of_fewer_cases_agree_as_well() -> None:
    """With few cases of the shipped pack most mutants survive, and are judged by their open questions as well."""
    support = DecisionSupport.load(default_pack())
    cases = load_cases(support.pack)[::40]
    judge = judge_of(support, cases)
    some = Random(7).sample([one for one in mutants(support.pack) if not one.stillborn], 20)
    survivors = [mutant for mutant in some if fast(judge, mutant) is False]
    assert len(survivors) > 5
    for mutant in survivors[:6]:
        assert slow(support, cases, mutant) is False, mutant.sentence


def test_a_case_that_fails_cannot_judge() -> None:
    support = DecisionSupport.load(MINIMAL)
    case = load_cases(support.pack)[0]
    wrong = CaseRunner(support).run(case)
    failed = type(wrong)(case, wrong.decision, ("outcome is self-care, expected emergency",))
    with pytest.raises(ValueError, match="expected emergency"):
        keep([failed])
