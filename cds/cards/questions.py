"""Open findings as the questions that a person would now ask, most urgent first."""

from __future__ import annotations

from dataclasses import dataclass

from cds.assessment import Decision, OpenFinding
from cds.intake import Answers
from cds.intake.answer_source import NOT_SURE
from cds.intake.checked import Answer
from cds.pack import Pack
from cds.pack.questionnaire import Questionnaire
from cds.pack.text import text_in


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """A question to ask. ``link_id`` is ``None`` for a finding that only the chart can give.

    ``level`` is the most urgent level that an answer could lead to, ``findings`` what the question decides.
    """

    link_id: str | None
    text: str
    level: str
    findings: tuple[str, ...]


def open_questions(pack: Pack, decision: Decision, language: str) -> tuple[OpenQuestion, ...]:
    """The questions whose answers could change the result, each once, most urgent first."""
    asked: dict[str, tuple[str | None, str, str, list[str]]] = {}
    for gap in decision.assessment.open_findings:
        link_id = _question(pack, decision, gap)
        if link_id is None:
            key, text = f"finding {gap.finding}", text_in(pack.findings[gap.finding].title, language)
        else:
            key, text = link_id, text_in(pack.questionnaire.items[link_id].text, language)
        asked.setdefault(key, (link_id, text, gap.level, []))[3].append(gap.finding)
    return tuple(
        OpenQuestion(link_id, text, level, tuple(findings)) for link_id, text, level, findings in asked.values()
    )


def _question(pack: Pack, decision: Decision, gap: OpenFinding) -> str | None:
    """The question to ask for a finding: its own if it was shown, else the one that decides whether to ask it."""
    readings = [reading for reading in decision.patient.provenance.get(gap.finding, ()) if reading.link_id is not None]
    for state in ("unanswered", "not-sure", "answered", "gate-open"):
        for reading in readings:
            if reading.state == state and reading.link_id is not None:
                if state == "gate-open":
                    return _gate(pack.questionnaire, reading.link_id, decision.response.answers)
                return reading.link_id
    sources = pack.findings[gap.finding].answers
    return sources[0].link_id if sources else None


def _gate(questionnaire: Questionnaire, link_id: str, answers: Answers) -> str:
    """The outermost question that is not answered and decides about ``link_id``; else the last that decides."""
    gates = questionnaire.gates(link_id)
    for gate in gates:
        if gate.question not in answers:
            return _gate(questionnaire, gate.question, answers)
    unsure = [gate.question for gate in gates if any(_is_not_sure(answer) for answer in answers[gate.question])]
    # With no "not sure" before it, it was hidden by an answer that the chart contradicts: ask it straight away.
    return unsure[-1] if unsure else link_id


def _is_not_sure(answer: Answer) -> bool:
    return isinstance(answer, tuple) and answer[1] == NOT_SURE
