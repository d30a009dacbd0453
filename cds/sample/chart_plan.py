"""What charts say of one finding, for the patients of one profile."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import Any, Protocol, cast

from cds.intake.chart_writer import ChartWriter, gender_of, plainest, value_of_number, value_that_holds
from cds.intake.checked import Answer
from cds.pack import Pack
from cds.pack.finding import ChartSource, Finding
from cds.pack.units import WORDS
from cds.sample.draw import Given, Numbers
from cds.sample.model import ChartEntry

Answered = Mapping[str, Given]
_TIME = "%Y-%m-%dT%H:%M:%SZ"


@dataclass(slots=True)
class Charting:
    """The chart of one patient while it is drawn: ``person`` is the Patient, ``resources`` are all others."""

    random: Random
    at: datetime
    answers: Answered
    writer: ChartWriter
    person: dict[str, Any]
    resources: list[dict[str, Any]]

    def next_id(self) -> str:
        """The id of the next resource."""
        return f"{self.person['id']}-{len(self.resources) + 1}"


class ChartPlan(Protocol):
    """Adds what a chart says of one finding, if it says anything."""

    def __call__(self, chart: Charting, /) -> None:
        """Draw, and add."""


@dataclass(frozen=True, slots=True)
class Truth:
    """A finding that is true by some code or result."""

    told: float
    untold: float
    saying: tuple[tuple[str, frozenset[Answer]], ...]
    sources: tuple[tuple[ChartSource, tuple[tuple[str, str], ...]], ...]

    def __call__(self, chart: Charting, /) -> None:
        """Add a resource if the patient's chart says it."""
        random, answers = chart.random, chart.answers
        says = any(not saying.isdisjoint(answers.get(link_id, ())) for link_id, saying in self.saying)
        if random.random() >= (self.told if says else self.untold):
            return
        source, codes = self.sources[int(random.random() * len(self.sources))]
        coding = codes[int(random.random() * len(codes))]
        if source.resource == "Observation":
            value = value_that_holds(source)
            chart.resources.append(
                chart.writer.observation(source, chart.next_id(), _lately(chart, source), value, coding)
            )
        else:
            chart.resources.append(chart.writer.record(source, chart.next_id(), coding))


@dataclass(frozen=True, slots=True)
class Measured:
    """A number by an Observation."""

    finding: Finding
    share: float
    numbers: Numbers
    source: ChartSource

    def __call__(self, chart: Charting, /) -> None:
        """Add an Observation if there is one."""
        number = self.numbers.draw(chart.random)
        if chart.random.random() < self.share:
            value = value_of_number(self.finding, parts(self.finding, number))
            when = _lately(chart, self.source)
            chart.resources.append(chart.writer.observation(self.source, chart.next_id(), when, value))


@dataclass(frozen=True, slots=True)
class Born:
    """The day of birth, which agrees with the age that the patient gave."""

    told: float
    link_id: str
    months: int

    def __call__(self, chart: Charting, /) -> None:
        """Add the day of birth."""
        early = int(chart.random.random() * (365 if self.months == 12 else 28))
        given = chart.answers.get(self.link_id)
        if given is None or chart.random.random() >= self.told:
            return
        age = cast("int", given[0])  # by the reader's check
        chart.person["birthDate"] = (_months_before(chart.at.date(), age * self.months) - timedelta(early)).isoformat()


@dataclass(frozen=True, slots=True)
class Gender:
    """The gender, which agrees with the patient's answer."""

    told: float
    link_id: str
    genders: Mapping[Answer, str]

    def __call__(self, chart: Charting, /) -> None:
        """Add the gender."""
        told = chart.random.random() < self.told
        for answer in chart.answers.get(self.link_id, ()):
            if told and answer in self.genders:
                chart.person["gender"] = self.genders[answer]


def chart_plan(pack: Pack, finding: Finding, entry: ChartEntry) -> ChartPlan:
    """The plan of a faultless entry."""
    told = entry.told or 0.0
    person = next((source for source in finding.chart if source.resource == "Patient"), None)
    if person is not None:
        link_id = finding.answers[0].link_id
        if person.element == "gender":
            return Gender(told, link_id, _genders(pack, finding))
        unit = person.elapsed or "a"
        return Born(told, link_id, 12 if WORDS.get(unit, unit) == "a" else 1)
    if entry.numbers is not None:
        observed = next(source for source in finding.chart if source.resource == "Observation")
        return Measured(finding, entry.share or 0.0, Numbers(entry.numbers), observed)
    sources = tuple((source, tuple(plainest(pack, source))) for source in finding.chart)
    return Truth(told, entry.untold or 0.0, saying(pack, finding), sources)


def saying(pack: Pack, finding: Finding) -> tuple[tuple[str, frozenset[Answer]], ...]:
    """The answers that make a boolean finding true, by link id."""
    found = []
    for source in finding.answers:
        codes = pack.questionnaire.items[source.link_id].option_codes
        truths = {codes[code].value for code in source.when_true or ()}
        found.append((source.link_id, frozenset(truths or {True})))
    return tuple(found)


def parts(finding: Finding, number: int | Decimal) -> int:
    """A number in the parts in which the finding holds it."""
    return int(Fraction(number) * finding.scale)


def _genders(pack: Pack, finding: Finding) -> dict[Answer, str]:
    source = finding.answers[0]
    found: dict[Answer, str] = {}
    for code, option in pack.questionnaire.items[source.link_id].option_codes.items():
        meaning = (source.map or {}).get(code, code)
        if meaning in finding.code_ids:
            found[option.value] = gender_of(finding, str(meaning))
    return found


def _lately(chart: Charting, source: ChartSource) -> str:
    """Some hours ago, as late as the source asks for."""
    hours = 12 if source.within_days else 1
    return (chart.at - timedelta(hours=hours * chart.random.random())).strftime(_TIME)


def _months_before(day: date, months: int) -> date:
    """The same day so many months earlier, or the last of that month."""
    count = day.year * 12 + day.month - 1 - months
    for last in range(day.day, 0, -1):
        try:
            return date(count // 12, count % 12 + 1, last)
        except ValueError:
            continue
    raise AssertionError("every month has a first day")
