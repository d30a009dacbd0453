"""Advice, citations and card texts of a pack."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from cds.pack.finding import Coding, PackModel
from cds.pack.name import CitationKey, CodeName, Day
from cds.pack.text import Text, text_in

SUMMARY_MAX = 139
"""CDS Hooks 2.0.1: a card's summary has fewer than 140 characters."""


def _short(value: dict[str, str]) -> dict[str, str]:
    longest = max(map(len, value.values()), default=0)
    if longest > SUMMARY_MAX:
        raise PydanticCustomError("summary-long", "summary-long", {"length": longest})
    return value


Summary = Annotated[Text, AfterValidator(_short)]


class Advice(PackModel):
    """A piece of self-care advice; ``instead`` is said when it is blocked, ``ask_first`` when it may be."""

    id: CodeName
    title: Text
    text: Text
    evidence: Text
    citations: list[str] = []
    instead: CodeName | None = None
    ask_first: Text


class Instead(PackModel):
    """What to say in place of blocked advice."""

    id: CodeName
    text: Text


class AdviceFile(PackModel):
    """``advice.yaml``, in the order in which advice stands on the card."""

    advice: list[Advice]
    instead: list[Instead] = []


class Citation(PackModel):
    """A source, declared once: what it is, where it stands, how much of it was read, how strong it is."""

    key: CitationKey
    title: str
    address: str
    section: str | None = None
    accessed: Day
    read: Literal["full", "excerpt", "abstract", "secondary", "not-read"]
    strength: str


class CitationFile(PackModel):
    """``citations.yaml``."""

    citations: list[Citation]


class CardTexts(PackModel):
    """The texts of one card: a one-line summary, what to do, and what to watch for."""

    summary: Summary
    action: Text
    safety_net: Text | None = None

    def summary_in(self, language: str) -> str:
        """The summary as the card shows it: a fixed text, nothing is filled in."""
        return text_in(self.summary, language)


class Source(PackModel):
    """The CDS Hooks ``source`` of every card."""

    label: Text
    url: str | None = None


class CodeableConcept(PackModel):
    """A FHIR CodeableConcept for a proposed request."""

    text: Text
    coding: list[Coding] = []


class Suggestion(PackModel):
    """A request that a card proposes; ``levels`` are level ids, or ``incomplete``, or ``out-of-scope``."""

    id: CodeName
    levels: Annotated[list[CodeName], Field(min_length=1)]
    resource: Literal["ServiceRequest", "Task"]
    label: Text
    description: Text
    code: CodeableConcept


class OverrideReason(PackModel):
    """A reason that a clinician may give for not following a card."""

    code: CodeName
    display: Text


class CardFile(PackModel):
    """``cards.yaml``."""

    source: Source
    levels: dict[str, CardTexts]
    incomplete: CardTexts
    out_of_scope: dict[str, CardTexts] = {}
    open: CardTexts
    advice: CardTexts
    labels: dict[str, Text]
    suggestions: list[Suggestion] = []
    override_reasons: list[OverrideReason] = []
    templates: dict[str, str]


JsonObject = dict[str, Any]
"""A FHIR resource as plain JSON."""
