"""One synthetic patient: a response, and what the chart says."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, Final, NamedTuple

from cds.intake.chart_writer import ChartWriter
from cds.intake.enablement import SHOWN, Enablement
from cds.intake.response_writer import ResponseWriter
from cds.pack import Pack
from cds.sample.chart_plan import Charting
from cds.sample.draw import Circumstances, Given, Weighted
from cds.sample.population import DrawnProfile, Population

_MINUTES: Final = 28 * 24 * 60


class Sample(NamedTuple):
    """One patient: the profile it is of, the QuestionnaireResponse, and the resources of the chart, which may be none.

    A chart begins with its Patient, of the id that the response and all other resources refer to.
    """

    profile: str
    response: dict[str, Any]
    chart: list[dict[str, Any]]


class Sampler:
    """Draws the patients of one pack."""

    def __init__(self, pack: Pack, population: Population) -> None:
        self._pack = pack
        self._known = population.known_patient
        self._profiles: Weighted[DrawnProfile] = Weighted((one, one.share) for one in population.profiles.values())
        self._enablement = Enablement(pack.questionnaire)
        self._writer = ResponseWriter(pack.questionnaire)
        day = pack.header.effective
        self._until = datetime(day.year, day.month, day.day, tzinfo=UTC)

    def sample(self, seed: int, index: int) -> Sample:
        """Patient ``index`` of ``seed``: the same at any time, on any machine, whatever else is drawn.

        The response was given in the 28 days before the pack takes effect.
        """
        random = Random(f"{seed}/{index}")  # noqa: S311 - it must be repeatable, and nothing is kept secret by it
        languages = self._pack.header.languages
        language = languages[int(random.random() * len(languages))]
        profile = self._profiles.draw(random)
        at = self._until - timedelta(minutes=1 + int(random.random() * _MINUTES))
        now = Circumstances(random, at, language, {})
        skipped = set()
        for plan in profile.questions:
            if given := plan.answers(now):
                now.answers[plan.link_id] = given
            if random.random() < plan.skipped:
                skipped.add(plan.link_id)
        # A question that does not apply to the patient is not answered, even if one before it was skipped.
        applies = self._shown(now.answers)
        told = self._shown({link_id: given for link_id, given in applies.items() if link_id not in skipped})
        name = f"sample-{seed}-{index}"
        response = self._response(name, told, at, language)
        return Sample(profile.id, response, self._chart(name, profile, random, at, applies))

    def _shown(self, answers: dict[str, Given]) -> dict[str, Given]:
        """The answers to questions that are shown. What is hidden takes answers away that show or hide others."""
        gate, kept = self._enablement.gate, answers
        while True:
            states = self._enablement.read(kept)
            shown = {link_id: given for link_id, given in answers.items() if states[gate[link_id]] == SHOWN}
            if shown.keys() == kept.keys():
                return shown
            kept = shown

    def _response(self, name: str, answers: dict[str, Given], at: datetime, language: str) -> dict[str, Any]:
        written = self._writer.write(answers, at.strftime("%Y-%m-%dT%H:%M:%SZ"), language)
        kind = written.pop("resourceType")
        return {"resourceType": kind, "id": name, **written, "subject": {"reference": f"Patient/{name}"}}

    def _chart(
        self, name: str, profile: DrawnProfile, random: Random, at: datetime, answers: dict[str, Given]
    ) -> list[dict[str, Any]]:
        if random.random() >= self._known:
            return []
        person = {"resourceType": "Patient", "id": name}
        chart = Charting(random, at, answers, ChartWriter(self._pack, name), person, [])
        for plan in profile.chart:
            plan(chart)
        return [person, *chart.resources]
