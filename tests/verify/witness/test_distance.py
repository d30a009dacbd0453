"""The patient who is shown differs in as little from the ordinary one as can be, against trying them all."""

from __future__ import annotations

from random import Random

import pytest

from cds.engine.reference import reading
from cds.intake import IntakeError
from cds.pack import FindingValue, Pack
from cds.verify.proofs import Prover
from cds.verify.proofs.prover import MOST_DIFFERENCES
from cds.verify.witness import Facts, WitnessMaker
from cds.verify.witness.distance import RECORD
from tests.verify.proofs.random_tiny import all_facts, condition, random_tiny
from tests.verify.proofs.tiny_pack import TinySupport


def _distance(pack: Pack, facts: Facts, ordinary: Facts, shown: set[str]) -> int:
    """How far a patient is from the ordinary one: answers that differ, ticks that differ, records of the chart."""
    found = RECORD * len(facts.chart)
    for link_id in shown:
        item = pack.questionnaire.items[link_id]
        mine, usual = set(facts.answers.get(link_id, ())), set(ordinary.answers.get(link_id, ()))
        if not item.repeats:
            found += mine != usual
            continue
        # "None of these" goes by itself when something is ticked.
        gone = {value for value in usual - mine if not item.options[value].exclusive}  # type: ignore[index]
        found += len(mine - usual) + len(gone) + (bool(mine) is not bool(usual))
    return found


@pytest.mark.parametrize("seed", range(12))
def test_no_patient_is_nearer(seed: int) -> None:
    tiny = random_tiny(seed)
    support, random = TinySupport(tiny.pack), Random(seed)
    prover, maker = Prover(support), WitnessMaker(support)
    patients: list[tuple[Facts, dict[str, FindingValue | None], set[str]]] = []
    for facts in all_facts(tiny.pack):
        witness = maker.make(facts)
        try:
            read = support.read(witness.response, witness.chart)
        except IntakeError:
            continue
        shown = {
            one.link_id
            for readings in read.provenance.values()
            for one in readings
            if one.link_id is not None and one.state not in ("hidden", "gate-open")
        }
        patients.append((facts, dict(read.values), shown))
    ordinary = random.choice(patients)[0]
    prover.__dict__["ordinary"] = Facts(ordinary.answers)
    asked = 0
    for _ in range(12):
        wanted = condition(random, [one for one in tiny.pack.findings.values() if not one.derived])
        truth = reading(wanted)
        far = {
            _distance(tiny.pack, facts, prover.ordinary, shown) for facts, values, shown in patients if truth(values)
        }
        found = prover.facts(prover.condition(wanted).yes)
        assert (found is None) is (not far)
        if found is None or min(far) > MOST_DIFFERENCES:
            continue
        asked += 1
        (values, shown) = next((values, shown) for facts, values, shown in patients if _same(facts, found))
        assert truth(values) is True
        assert _distance(tiny.pack, found, prover.ordinary, shown) == min(far)
    assert asked > 3


def _same(one: Facts, other: Facts) -> bool:
    if one.answers.keys() != other.answers.keys() or one.chart != other.chart:
        return False
    return all(set(given) == set(other.answers[link_id]) for link_id, given in one.answers.items())
