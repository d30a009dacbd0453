"""Findings: the closed vocabulary of a pack, and where each finding comes from."""

from __future__ import annotations

from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from cds.pack.name import CodeName, FindingName
from cds.pack.text import Text

FindingType = Literal["boolean", "integer", "code", "codes"]
Unanswered = Literal["escalate", "ask", "ignore"]


class PackModel(BaseModel):
    """Base of all that is read from a pack's YAML: strict types, no unknown keys, immutable."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, populate_by_name=True, allow_inf_nan=False)


class Coding(PackModel):
    """A FHIR Coding: ``system`` URI, ``code`` and ``display``."""

    system: str
    code: str
    display: str = ""


class Code(PackModel):
    """One code of a closed answer set; ``informational``: no rule reads it, and none has to."""

    code: CodeName
    title: Text
    informational: bool = False


class AnswerSource(PackModel):
    """How an answer of the questionnaire gives a finding; docs/pack-format.md has the table of forms."""

    link_id: str
    when_true: list[str] | None = Field(default=None, alias="true")
    when_false: list[str] | None = Field(default=None, alias="false")
    unknown: list[str] = []
    values: dict[str, int | float | Annotated[list[int | float], Field(min_length=2, max_length=2)]] | None = None
    map: dict[str, str | None] | None = None
    elapsed: str | None = None
    unit: str | None = None


class ChartSource(PackModel):
    """How a resource of the chart gives a finding; docs/pack-format.md has the table of forms."""

    resource: Literal["Patient", "Condition", "MedicationRequest", "MedicationStatement", "Observation"]
    value_set: str | None = None
    ever: bool = False
    element: Literal["birthDate", "gender"] | None = None
    elapsed: str | None = None
    map: dict[str, str] | None = None
    when_true: list[str] | None = Field(default=None, alias="true")
    within_days: int | None = None
    below: float | int | None = None
    above: float | int | None = None
    unit: str | None = None


class Finding(PackModel):
    """A typed, coded statement about the patient.

    ``range`` and every stored number are in ``unit`` times ``scale`` (a temperature of 37.8 Cel with scale 10
    is 378). ``not_applicable`` is the value when the question was hidden; ``None`` means unknown.
    """

    id: FindingName
    type: FindingType
    title: Text
    unit: str | None = None
    range: Annotated[list[int], Field(min_length=2, max_length=2)] | None = None
    scale: Annotated[int, Field(ge=1)] = 1
    codes: list[Code] = []
    unanswered: Unanswered | None = None
    red_flag: bool = False
    derived: bool = False
    informational: bool = False
    not_applicable: Any = None
    safer: bool | Literal["high", "low"] | None = None
    answers: list[AnswerSource] = []
    chart: list[ChartSource] = []
    coding: list[Coding] = []

    @cached_property
    def code_ids(self) -> frozenset[str]:
        """The closed answer set; empty for booleans and integers."""
        return frozenset(entry.code for entry in self.codes)

    @property
    def low(self) -> int:
        """The smallest value an integer finding can have."""
        return self.range[0] if self.range else 0

    @property
    def high(self) -> int:
        """The largest value an integer finding can have."""
        return self.range[1] if self.range else 0
