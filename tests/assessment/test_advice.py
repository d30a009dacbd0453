"""Advice less blocks: a block wins, a possible block means "ask first"."""

from __future__ import annotations

import pytest

from cds.assessment.advice import AdviceGiver
from cds.engine import ReferenceEvaluator
from cds.pack import Findings, Pack
from cds.pack.condition import Holds, Not
from cds.pack.content import Advice, Instead
from tests.engine.random_packs import TEXT, boolean, pack_of, rule_of


def _pack(default: str | None = None, own: str | None = None) -> Pack:
    rules = [
        rule_of("advise", Not(Holds("never")), advise=["nsaid"]),
        rule_of("block", Holds("ulcer"), block=["nsaid"], **({"instead": own} if own else {})),
        rule_of("block2", Holds("kidney"), block=["nsaid"]),
    ]
    pack = pack_of([boolean(name) for name in ("never", "ulcer", "kidney")], rules)
    advice = Advice(id="nsaid", title=TEXT, text=TEXT, evidence=TEXT, instead=default, ask_first=TEXT)
    object.__setattr__(pack, "advice", {"nsaid": advice})
    object.__setattr__(pack, "instead", {name: Instead(id=name, text=TEXT) for name in ("ask", "midwife")})
    return pack


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"never": False, "ulcer": False, "kidney": False}, [("advised", (), ())]),
        ({"never": False, "ulcer": True, "kidney": False}, [("instead", ("midwife",), ("block",))]),
        ({"never": False, "kidney": True}, [("instead", ("ask",), ("block2",))]),
        ({"never": False, "ulcer": True, "kidney": True}, [("instead", ("midwife", "ask"), ("block", "block2"))]),
        ({"never": False, "kidney": False}, [("ask-first", (), ("block",))]),
        ({"never": False}, [("ask-first", (), ("block", "block2"))]),
        ({"never": True, "ulcer": False, "kidney": False}, []),
        ({"ulcer": False, "kidney": False}, []),
    ],
)
def test_advice(values: Findings, expected: list[tuple[str, tuple[str, ...], tuple[str, ...]]]) -> None:
    pack = _pack(default="ask", own="midwife")
    given = AdviceGiver(pack).advice(ReferenceEvaluator(pack).evaluate(values))
    assert [(entry.status, entry.instead, entry.because) for entry in given] == expected


def test_blocked_advice_without_an_instead_text_is_left_out() -> None:
    pack = _pack()
    values = {"never": False, "ulcer": True, "kidney": False}
    assert AdviceGiver(pack).advice(ReferenceEvaluator(pack).evaluate(values)) == ()
