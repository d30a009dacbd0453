"""An assessment as CDS Hooks cards, as text, as FHIR, as JSON."""

from cds.cards.cds_hooks import CARD_KINDS, Card, CardMaker
from cds.cards.questions import OpenQuestion, open_questions
from cds.cards.result import result, trace

__all__ = ["CARD_KINDS", "Card", "CardMaker", "OpenQuestion", "open_questions", "result", "trace"]
