"""Answers given and questions left out, as counted by hand."""

from __future__ import annotations

from pathlib import Path

from tests.verify.cases.tiny_pack import covered, tiny_pack


def test_each_answer_of_the_three_cases(tmp_path: Path) -> None:
    questions = covered(tiny_pack(tmp_path / "pack")).questions
    seen = {
        link_id: {question.option_name(answer): number for answer, number in question.chosen.items()}
        for link_id, question in questions.items()
    }
    assert seen == {
        "age": {},
        "hot": {"yes": 1, "no": 1},
        "signs": {"rash": 1, "none": 2, "ASKU": 0},
        "itch": {"Y": 1, "N": 0},
        "comment": {},
    }
    counted = {link_id: (question.answered, question.unanswered) for link_id, question in questions.items()}
    assert counted == {"age": (3, 0), "hot": (2, 1), "signs": (3, 0), "itch": (1, 0), "comment": (0, 3)}


def test_a_required_question_need_not_be_left_out(tmp_path: Path) -> None:
    questions = covered(tiny_pack(tmp_path / "pack")).questions
    assert [name for name, question in questions.items() if not question.may_be_unanswered] == ["age"]
