"""``pack.yaml``: what a pack is, for whom, and its levels of urgency."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from cds.pack.finding import PackModel
from cds.pack.name import CodeName, Day, Language, Version
from cds.pack.text import Text

Indicator = Literal["critical", "warning", "info"]
Priority = Literal["stat", "asap", "urgent", "routine"]


class Level(PackModel):
    """A level of urgency.

    ``indicator`` is the CDS Hooks card's, ``priority`` the FHIR request priority. A level with
    ``given_with_gaps: false`` is withheld while an unanswered ``escalate`` finding could raise it.
    """

    id: CodeName
    title: Text
    timeframe: Text
    indicator: Indicator
    priority: Priority
    given_with_gaps: bool
    advice: bool
    safety_net: bool


def _several(levels: list[Level]) -> list[Level]:
    if len(levels) < 2:
        raise PydanticCustomError("levels-few", "levels-few")
    return levels


class Reviewer(PackModel):
    """A role that must sign the pack off, and the day it did (``None`` until then). Never a person's name."""

    role: str
    signed: Day | None = None


class Header(PackModel):
    """``pack.yaml``. Field names follow the metadata of FHIR's CRMI profiles.

    ``response_valid_days``: a response that was given longer ago says nothing about the patient of today. A service
    that looks for the newest one takes it for none.
    """

    id: CodeName
    version: Version
    title: Text
    status: Literal["draft", "active", "retired"]
    effective: Day
    review: Day
    url: str
    purpose: str
    use: str
    misuse: str
    reviewers: Annotated[list[Reviewer], Field(min_length=1)]
    languages: Annotated[list[Language], Field(min_length=1)]
    comment_questions: list[str] = []
    response_valid_days: Annotated[int, Field(ge=1, le=366)]
    levels: Annotated[list[Level], AfterValidator(_several)]
