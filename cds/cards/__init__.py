"""An assessment as CDS Hooks cards, as text, as FHIR, as JSON."""

from cds.cards.cds_hooks import Card, CardMaker
from cds.cards.questions import OpenQuestion, open_questions
from cds.cards.result import result, trace

__all__ = ["Card", "CardMaker", "OpenQuestion", "open_questions", "result", "trace"]
