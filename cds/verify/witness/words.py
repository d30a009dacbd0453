"""What is not ordinary about a patient, in words."""

from __future__ import annotations

from collections.abc import Iterator

from cds.intake.checked import Answer, Quantity
from cds.intake.enablement import SHOWN, Enablement
from cds.pack import Pack
from cds.pack.expression import written
from cds.verify.witness.facts import Facts


def in_words(pack: Pack, facts: Facts, ordinary: Facts) -> tuple[str, ...]:
    """Each answer and record in which the patient differs from the ordinary one, as ``question: answer``."""
    return tuple(_differences(pack, facts, ordinary))


def _differences(pack: Pack, facts: Facts, ordinary: Facts) -> Iterator[str]:
    enablement = Enablement(pack.questionnaire)
    for link_id in pack.questionnaire.items:
        if enablement.state(link_id, facts.answers) != SHOWN:
            continue
        mine, usual = facts.answers.get(link_id, ()), ordinary.answers.get(link_id, ())
        if set(mine) != set(usual):
            told = ", ".join(_text(answer) for answer in mine)
            yield f"{link_id}: {told}" if told else f"{link_id}: not answered"
    for name, fact in facts.chart.items():
        finding = pack.findings[name]
        if fact.yes:
            yield f"chart: {name}"
        if fact.doubt:
            yield f"chart: a result for {name} that cannot be read"
        if fact.number is not None:
            to = f" to {written(finding, fact.high)}" if fact.high is not None else ""
            unit = f" {finding.unit}" if finding.unit else ""
            yield f"chart: {name} {written(finding, fact.number)}{to}{unit}"
        if fact.code is not None:
            yield f"chart: {name} {fact.code}"


def _text(answer: Answer) -> str:
    if isinstance(answer, Quantity):
        return f"{answer.value} {answer.code}"
    if isinstance(answer, tuple):
        return answer[1]
    return {True: "yes", False: "no"}[answer] if isinstance(answer, bool) else str(answer)
