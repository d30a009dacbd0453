"""Random patients of a pack: answers and charts, mostly such as the intake takes, some as it must not."""

from __future__ import annotations

from random import Random
from typing import Any, Final

from cds.intake.checked import Answer
from cds.intake.enablement import SHOWN, Enablement
from cds.verify.encoding import SymbolicPatient
from cds.verify.encoding.chart import ChartVariables
from cds.verify.encoding.kleene import is_false
from cds.verify.encoding.question import QuestionVariables
from cds.verify.witness import ChartFact, Facts
from cds.verify.witness.facts import FREE_TEXT, number_answer

LONG_AGO: Final = {"date": (10, 370, 50_000), "dateTime": (100, 9_000, 1_300_000)}
"""How long ago dates are: some days, a year, more than any finding holds (in days, in hours)."""


class Drawing:
    """Draws patients of one pack: each with its own share of questions left out, of ticks, and of records."""

    def __init__(self, patient: SymbolicPatient, seed: int) -> None:
        self._patient = patient
        self._random = Random(seed)
        self._enablement = Enablement(patient.pack.questionnaire)
        self._ticks = 0.1

    def draw(self) -> Facts:
        """A patient; of eight, one has something that the intake may refuse."""
        random = self._random
        left_out, records = random.choice((0.0, 0.1, 0.5, 0.9)), random.choice((0.0, 0.0, 0.05, 0.4))
        self._ticks = random.choice((0.02, 0.1, 0.4))
        careless = random.random() < 0.125
        answers: dict[str, tuple[Answer, ...]] = {}
        for link_id, asked in self._patient.questions.items():
            shown = self._enablement.state(link_id, answers) == SHOWN
            if (shown or (careless and random.random() < 0.02)) and random.random() >= left_out:
                given = self._answer(asked, careless and random.random() < 0.1)
                if given:
                    answers[link_id] = given
        chart = {
            name: fact
            for name, recorded in self._patient.chart.items()
            if random.random() < records and (fact := self._fact(recorded, careless)) != ChartFact()
        }
        return Facts(answers, chart)

    def _answer(self, asked: QuestionVariables, careless: bool) -> tuple[Answer, ...]:
        random, item = self._random, asked.item
        if asked.options:
            return self._chosen(asked, careless)
        if item.type == "boolean":
            return (random.random() < 0.5,)
        if not is_false(asked.text):
            return (FREE_TEXT,)
        if item.type in LONG_AGO:
            most = random.choice(LONG_AGO[item.type][: 3 if careless else 2])
            return (number_answer(self._patient.pack, asked, random.randint(0, most)),)
        low, high = self._bounds(asked)
        if careless:
            low, high = low - 5, high + 5
        number = random.randint(low * asked.divisor, high * asked.divisor)
        return (number_answer(self._patient.pack, asked, number),)

    def _bounds(self, asked: QuestionVariables) -> tuple[int, int]:
        """What the question takes, or else what the findings can have that read it."""
        if asked.item.minimum is not None and asked.item.maximum is not None:
            return int(asked.item.minimum), int(asked.item.maximum)
        readers = (
            finding
            for finding in self._patient.findings.values()
            if any(source.link_id == asked.item.link_id for source in finding.answers)
        )
        return min((finding.low // finding.scale, finding.high // finding.scale) for finding in readers)

    def _chosen(self, asked: QuestionVariables, careless: bool) -> tuple[Answer, ...]:
        """Options: one, or ticks with or without "not sure"; carelessly two of one, or "none" beside ticks."""
        random, options = self._random, list(asked.item.option_codes.values())
        if careless:
            chosen = random.sample(options, min(2, len(options)))
        elif asked.item.repeats:
            chosen = [option for option in options if not option.exclusive and random.random() < self._ticks]
            chosen = chosen or [random.choice([option for option in options if option.exclusive] or options)]
        else:
            chosen = [random.choice(options)]
        text = (FREE_TEXT,) if asked.item.type == "open-choice" and random.random() < 0.2 else ()
        return text or tuple(option.value for option in chosen)

    def _fact(self, recorded: ChartVariables, careless: bool) -> ChartFact:
        random, finding = self._random, recorded.finding
        observed = any(source.resource == "Observation" for source in finding.chart)
        doubt = observed and random.random() < 0.4
        if finding.type == "boolean":
            return ChartFact(yes=random.random() < 0.7, doubt=doubt)
        if finding.type == "code":
            return ChartFact(code=random.choice(sorted(recorded.codes)))
        if random.random() < 0.3:
            return ChartFact(doubt=doubt)
        beyond = 30 if careless else 0
        number = random.randint(max(finding.low - beyond, 0), finding.high + beyond)
        if random.random() < 0.7:
            return ChartFact(number=number, doubt=doubt)
        # Of a range the part counts that somebody can have; so it is written as that part.
        number = min(max(number, finding.low), finding.high - 1)
        if not observed:
            # A year of birth.
            return ChartFact(number=number, high=number + 1)
        # A comparator: at most so much, or at least.
        low, high = random.choice(((finding.low, number), (number, finding.high)))
        return ChartFact(number=low, high=None if low == high else high, doubt=doubt)


def values(assigned: Any) -> dict[int, bool | int]:
    """An assignment as numbers and truths, by the ids of the variables."""
    return {
        variable.get_id(): value.as_long() if hasattr(value, "as_long") else bool(value) for variable, value in assigned
    }
