"""What depends on the order of rules or answers is found, though only a faulty program can make it so."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from cds import DecisionSupport
from cds.pack import Pack
from cds.verify.proofs import Proof, Proofs, order
from cds.verify.properties import Properties
from tests.pack.overlay import MINIMAL


def _proof() -> Proof:
    support = DecisionSupport.load(MINIMAL)
    (proof,) = Proofs(support, Properties(claimed=("order-does-not-matter",))).run()
    return proof


def test_the_minimal_pack_has_no_order() -> None:
    proof = _proof()
    assert proof.proved
    assert proof.statements > 2 * 2 + 1 + 3 * 2, "levels, scope, advice, and then patients who are turned round"


def test_rules_that_depend_on_their_order(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the last rule were not read when it comes first."""

    def turned(pack: Pack) -> Pack:
        return replace(
            pack, all_rules=tuple(rule for rule in reversed(pack.all_rules) if rule.id != "danger.emergency")
        )

    monkeypatch.setattr(order, "_turned", turned)
    sentences = [failure.sentence for failure in _proof().failures]
    assert "whether the level is emergency depends on the order of the rules" in sentences
    assert "whether the level may be emergency depends on the order of the rules" in sentences
    assert "whether fluids is advised depends on the order of the rules" not in sentences


def test_answers_that_depend_on_their_order(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the answer to a question were lost with the order."""
    turned_answers = order.turned_answers

    def losing(element: Any) -> Any:
        found = turned_answers(element)
        if not isinstance(found, dict) or "item" not in found:
            return found
        kept = [item for item in found["item"] if item["linkId"] != "breathless"]
        return {**found, "item": kept} if kept else {key: value for key, value in found.items() if key != "item"}

    monkeypatch.setattr(order, "turned_answers", losing)
    proof = _proof()
    assert {failure.sentence for failure in proof.failures} == {
        "the result depends on the order of the rules or of the answers: a fault of this program"
    }
    assert all(
        any(item["linkId"] == "breathless" for item in one.witnesses[0].response["item"]) for one in proof.failures
    )


def test_items_and_answers_are_turned_round() -> None:
    first, second = {"valueInteger": 1}, {"valueInteger": 2}
    given = {"item": [{"linkId": "a", "answer": [first, second]}, {"linkId": "b"}]}
    turned = {"item": [{"linkId": "b"}, {"linkId": "a", "answer": [second, first]}]}
    assert order.turned_answers(given) == turned
