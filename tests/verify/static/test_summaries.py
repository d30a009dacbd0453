"""Summaries as the cards show them."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest

from cds import DecisionSupport
from cds.pack import load_pack
from cds.pack.content import SUMMARY_MAX
from cds.verify.static import static_issues
from tests.pack.overlay import MINIMAL
from tests.verify.static.faulty_pack import TODAY, said

PACK = load_pack(MINIMAL)


@pytest.mark.parametrize(("length", "caught"), [(SUMMARY_MAX, False), (SUMMARY_MAX + 1, True)])
def test_a_summary_that_is_too_long_when_shown(length: int, caught: bool) -> None:
    """As if values had been filled in after loading: the loader refuses such a text in a file."""
    long = PACK.cards.incomplete.model_copy(update={"summary": {"en": "Not an all-clear.", "es": "x" * length}})
    pack = replace(PACK, cards=PACK.cards.model_copy(update={"incomplete": long}))
    found = [said(issue) for issue in static_issues(pack, TODAY) if issue.check == "summary-too-long"]
    expected = (
        "cards.yaml:15: incomplete | the 'es' summary of 'incomplete' has 140 characters as shown, 139 is the most."
        " Shorten it; details belong in 'action'"
    )
    assert found == ([expected] if caught else [])


def test_what_is_measured_is_what_a_card_shows() -> None:
    support = DecisionSupport.load(MINIMAL)
    texts = [*PACK.cards.levels.values(), *PACK.cards.out_of_scope.values()]
    texts += [PACK.cards.incomplete, PACK.cards.open, PACK.cards.advice]
    measured = {entry.summary_in(language) for entry, language in product(texts, PACK.header.languages)}
    response = {
        "resourceType": "QuestionnaireResponse",
        "status": "completed",
        "questionnaire": f"{PACK.questionnaire.url}|{PACK.questionnaire.version}",
        "authored": "2026-11-22T12:00:00Z",
        "item": [{"linkId": "age", "answer": [{"valueInteger": 40}]}],
    }
    decision = support.decide_parsed(response)
    for language in PACK.header.languages:
        assert {card["summary"] for card in support.make_cards(decision, language)} <= measured
