"""The verdicts of the proofs are those of trying every patient, on random tiny packs."""

from __future__ import annotations

from collections import Counter

import pytest

from cds.verify.proofs import Proof, Proofs
from cds.verify.properties import Properties
from tests.verify.proofs.brute_force import BruteForce
from tests.verify.proofs.random_tiny import CLAIMED, random_tiny
from tests.verify.proofs.tiny_pack import TinySupport

BLOCK, BLOCKS = 20, 8
RARELY_FAILING = ("bounds-hold", "urgent-levels-do-not-wait")


@pytest.mark.parametrize("block", range(BLOCKS))
def test_proofs_say_what_brute_force_says(block: int) -> None:
    holding: Counter[str] = Counter()
    failing: Counter[str] = Counter()
    for seed in range(block * BLOCK, (block + 1) * BLOCK):
        tiny = random_tiny(seed)
        support = TinySupport(tiny.pack)
        expected = BruteForce(support, tiny.properties).failures()
        for proof in Proofs(support, tiny.properties).run():
            found = _failures(proof)
            if proof.undecided:
                # What is not decided is never called proved, and nothing else is said than what is so.
                assert (proof.name, proof.proved) == ("red-flags-raise", False)
                assert found <= expected[proof.name]
            else:
                assert found == expected[proof.name], (seed, proof.name)
                (holding if proof.proved else failing)[proof.name] += 1
    assert min(holding[name] for name in CLAIMED) > 0
    assert min(failing[name] for name in CLAIMED if name not in RARELY_FAILING) > 0
    assert holding.total() + failing.total() >= BLOCK * (len(CLAIMED) + 7) - BLOCK // 4, "few are not decided"


@pytest.mark.parametrize("name", RARELY_FAILING)
def test_what_rarely_fails_does_for_some(name: str) -> None:
    verdicts = set()
    for seed in range(BLOCK * 2):
        (proof,) = Proofs(TinySupport(random_tiny(seed).pack), Properties(claimed=(name,))).run()
        verdicts.add(proof.proved)
    assert verdicts == {True, False}


def _failures(proof: Proof) -> set[str]:
    """The sentences, or the rules at fault, or that a statement is violated."""
    if proof.name in ("rules-can-fire", "rules-add-something"):
        return {failure.places[0].name for failure in proof.failures}
    if proof.name.startswith("s") and proof.name[1:].isdigit():
        return {"violated" for _ in proof.failures}
    return {failure.sentence for failure in proof.failures}
