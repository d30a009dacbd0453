"""For each property a pack for which it does not hold: the sentence, the places, and a patient who shows it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from cds.assessment import Decision
from cds.verify.properties.model import KINDS
from tests.verify.proofs.faulty_pack import FAULTY, build, faulty, proved, said

NAMES = sorted(file.stem for file in FAULTY.glob("*.yaml"))
ELSEWHERE = {"order-does-not-matter"}
"""No pack can have this fault: ``test_order`` makes a faulty program."""
OF_RULES = {"rules-can-fire", "open-questions-are-exact", "rules-add-something"}
"""No patient shows what never happens."""

Shows = Callable[[Decision], bool]


def _gives(level: str) -> Shows:
    return lambda decision: decision.assessment.level == level


def _fires(name: str) -> Shows:
    return lambda decision: any(rule.id == name for rule in decision.assessment.fired)


def _is_ruled_out(name: str, decision: Decision) -> bool:
    assessment = decision.assessment
    return all(rule.id != name for rule in (*assessment.fired, *assessment.undecided))


def _advised(name: str, *statuses: str) -> Shows:
    return lambda decision: any(one.advice.id == name and one.status in statuses for one in decision.assessment.advice)


SHOWS: dict[str, list[Shows]] = {
    "red-flags-raise": [
        _gives("self-care"),
        _gives("self-care"),
        lambda decision: decision.assessment.outcome == "self-care" and "breathless" not in decision.patient.values,
    ],
    "red-flags-raise-by-number": [
        _gives("self-care"),
        lambda decision: "temperature" not in decision.assessment.withholding,
    ],
    "urgent-levels-do-not-wait": [
        lambda decision: decision.assessment.level == "self-care" and decision.assessment.possible_level == "emergency",
        lambda decision: decision.assessment.level == "self-care" and "breathless" not in decision.patient.values,
    ],
    "complete-answers-have-an-outcome": [
        lambda decision: not any(rule.then.level for rule in decision.assessment.fired),
        lambda decision: (decision.assessment.level, decision.assessment.possible_level) == ("self-care", "same-day"),
    ],
    "contraindications-block": [
        _advised("fever-medicine", "advised", "ask-first"),
        _advised("fever-medicine", "advised"),
    ],
    "rules-add-something-claimed": [
        lambda decision: _fires("frail.old_breathless")(decision) and not _fires("danger.emergency")(decision)
    ],
    "unique-tables-are-exact": [
        lambda decision: not _fires("cough.lungs")(decision) and not _fires("cough.mild")(decision)
    ],
    "statement-at-least": [lambda decision: decision.assessment.level != "emergency"],
    "statement-at-most": [lambda decision: decision.assessment.possible_level == "emergency"],
    "statement-fires": [lambda decision: not _fires("danger.long_fever")(decision)],
    "statement-does-not-fire": [lambda decision: not _is_ruled_out("advice.fluids", decision)],
    "statement-no-advice": [_advised("fever-medicine", "advised", "ask-first")],
    "statement-out-of-scope": [lambda decision: "under-1" not in decision.assessment.out_of_scope],
    "statement-never": [lambda decision: decision.patient.values["bloody_phlegm"] is True],
}
"""What is to be seen of the one patient for each failure; of a pair, the second is less urgent."""


def test_every_kind_has_a_faulty_pack() -> None:
    assert {faulty(name).prove for name in NAMES} == {*KINDS, "statement"} - ELSEWHERE


@pytest.mark.parametrize("name", NAMES)
def test_faulty_pack(name: str, tmp_path: Path) -> None:
    case = faulty(name)
    support, proof = proved(build(case, case.edits, tmp_path / "pack"))
    assert [said(failure) for failure in proof.failures] == case.says
    assert not proof.proved
    assert not proof.undecided
    for index, failure in enumerate(proof.failures):
        for place in failure.places:
            lines = (tmp_path / "pack" / place.file).read_text(encoding="utf-8").splitlines()
            assert place.name.split(".")[-1] in lines[place.line - 1]
        files = [
            witness.write(tmp_path / "patients", f"{index}-{which}") for which, witness in enumerate(failure.witnesses)
        ]
        decisions = [support.decide(*_read(paths)) for paths in files]
        if name in SHOWS:
            assert [SHOWS[name][index](decision) for decision in decisions] == [True]
        elif decisions:
            first, then = (support.pack.rank[decision.assessment.level] for decision in decisions)
            assert then > first
        else:
            assert case.prove in OF_RULES


def _read(paths: tuple[Path, ...]) -> tuple[bytes, bytes | None]:
    """A response, and a chart if there is one."""
    response, *chart = (path.read_bytes() for path in paths)
    return response, chart[0] if chart else None


@pytest.mark.parametrize("name", NAMES)
def test_the_sound_pack_is_proved(name: str, tmp_path: Path) -> None:
    case = faulty(name)
    _, proof = proved(build(case, [*case.edits, *case.sound], tmp_path / "pack"))
    assert [said(failure) for failure in proof.failures] == []
    assert proof.proved
    assert not proof.empty
