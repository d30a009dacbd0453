"""``population.yaml``: who is drawn, as its author writes it."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from cds.pack.finding import PackModel
from cds.pack.name import CitationKey, CodeName, FindingName
from cds.pack.text import Text

Share = Annotated[float, Field(ge=0, le=1)]
Weight = Annotated[float, Field(ge=0)]
Ranges = Annotated[list[Annotated[list[int | float], Field(min_length=3, max_length=3)]], Field(min_length=1)]
"""``[low, high, weight]``: a number of the range with this weight, each number of it alike."""


class Follows(PackModel):
    """A date that agrees with an option of an earlier question: so many hours ago, from least to most."""

    question: str
    ago: dict[str, Annotated[list[int | float], Field(min_length=2, max_length=2)]]


class Phrases(PackModel):
    """Free text: how many write some, and what."""

    share: Share
    phrases: Annotated[list[Text], Field(min_length=1)]


class AnswerEntry(PackModel):
    """How one question is answered; one of ``options`` to ``text``, and how many skip it or are not sure."""

    options: dict[str, Weight] | None = None
    each: dict[str, Share] | None = None
    otherwise: str | None = None
    numbers: Ranges | None = None
    at_most: str | None = None
    yes: Share | None = None
    ago: Ranges | None = None
    follows: Follows | None = None
    text: Phrases | None = None
    skipped: Share | None = None
    not_sure: Share | None = None


class ChartEntry(PackModel):
    """How many charts say a finding: of those whose answer says it, of the others; or a number, whoever it is."""

    told: Share | None = None
    untold: Share | None = None
    share: Share | None = None
    numbers: Ranges | None = None


class Sourced(PackModel):
    """A share with the source that it is from, or the word that it is assumed."""

    citation: CitationKey | None = None
    assumed: bool = False


class Profile(Sourced):
    """A kind of patient: how many there are, and in what they differ."""

    id: CodeName
    title: Annotated[str, Field(min_length=1)]
    share: Share
    answers: dict[str, AnswerEntry] = {}
    chart: dict[FindingName, ChartEntry] = {}


class Stated(Sourced):
    """A share that samples must show, give or take ``within``: of a condition, or of profiles."""

    statement: Annotated[str, Field(min_length=1)]
    when: Any = None
    profiles: list[CodeName] = []
    share: Share
    within: Share


class PopulationFile(PackModel):
    """``population.yaml``."""

    purpose: Annotated[str, Field(min_length=1)]
    skipped: Share
    not_sure: Share
    known_patient: Share
    profiles: Annotated[list[Profile], Field(min_length=1)]
    answers: dict[str, AnswerEntry]
    chart: dict[FindingName, ChartEntry] = {}
    stated: list[Stated] = []
