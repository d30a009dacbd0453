"""The population of a pack, read: what is drawn, ready to be drawn from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cds.pack.condition import Condition
from cds.sample.chart_plan import ChartPlan
from cds.sample.question_plan import QuestionPlan


@dataclass(frozen=True, slots=True)
class DrawnProfile:
    """A kind of patient: ``share`` of all, the questions in the order of the form, and the chart by finding."""

    id: str
    share: float
    questions: tuple[QuestionPlan, ...]
    chart: tuple[ChartPlan, ...]


@dataclass(frozen=True, slots=True)
class StatedShare:
    """A share that samples must show: of patients for whom ``condition`` is true, or who are of ``profiles``."""

    statement: str
    condition: Condition | None
    profiles: frozenset[str]
    share: float
    within: float
    citation: str | None


@dataclass(frozen=True, slots=True)
class Population:
    """What a pack states of its patients. ``known_patient`` is the share that has a chart at all."""

    purpose: str
    known_patient: float
    profiles: Mapping[str, DrawnProfile]
    stated: tuple[StatedShare, ...]
