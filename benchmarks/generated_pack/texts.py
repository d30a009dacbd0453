"""What every pack has: ``pack.yaml``, ``cards.yaml``, ``citations.yaml`` and ``properties.yaml``."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from benchmarks.generated_pack.advice import ADVICE
from benchmarks.generated_pack.asking import URL, text, title
from benchmarks.generated_pack.signs import LEVELS
from benchmarks.generated_pack.vocabulary import AGE, TEMPERATURE, Vocabulary
from cds.verify.properties import KINDS

EFFECTIVE: Final = date(2026, 11, 22)
REVIEW: Final = date(2027, 11, 22)
_INDICATORS: Final = ("critical", "warning", "warning", "info", "info")
_PRIORITIES: Final = ("stat", "asap", "urgent", "routine", "routine")
_LABELS: Final = {
    "advice": "What you can do yourself",
    "ask_first": "Ask before you do this",
    "comment": "The patient wrote a comment",
    "contradictions": "Answers and record differ",
    "disclaimer": "This is not a diagnosis.",
    "evidence": "Evidence",
    "instead": "What to do instead",
    "level": "Urgency",
    "possible_level": "Could be as urgent as",
    "questions": "Questions still open",
    "why": "Why",
}
_QUESTIONS: Final = "{{ action }}\n\n{% for question in questions %}\n- {{ question.text }}\n{% endfor %}\n"
_TEMPLATES: Final = {
    "recommendation": (
        "**{{ level.title }}** ({{ level.timeframe }})\n\n{{ action }}\n\n"
        "{% for reason in reasons %}\n- {{ reason.text }}\n{% endfor %}\n\n{{ safety_net }}\n\n{{ t.disclaimer }}\n"
    ),
    "incomplete": f"{_QUESTIONS}\n{{{{ safety_net }}}}\n",
    "out_of_scope": "{{ action }}\n\n{% for item in out_of_scope %}\n- {{ item.text }}\n{% endfor %}\n",
    "open": _QUESTIONS,
    "advice": "{{ action }}\n\n{% for item in advice %}\n- **{{ item.title }}.** {{ item.text }}\n{% endfor %}\n",
}


def header() -> dict[str, Any]:
    """``pack.yaml``."""
    return {
        "id": "generated",
        "version": "0.1.0",
        "title": text("Generated"),
        "status": "draft",
        "effective": EFFECTIVE,
        "review": REVIEW,
        "url": URL,
        "purpose": "Shows how tools behave on a pack of many rules. All of it is made up.",
        "use": "For benchmarks.",
        "misuse": "Not for patients.",
        "reviewers": [{"role": "general practitioner", "signed": None}],
        "languages": ["en"],
        "comment_questions": ["comment"],
        "response_valid_days": 7,
        "levels": [_level(rank, name) for rank, name in enumerate(LEVELS)],
    }


def _level(rank: int, name: str) -> dict[str, Any]:
    return {
        "id": name,
        "title": text(title(name)),
        "timeframe": text(("now", "today", "within a week", "within weeks", "at home")[rank]),
        "indicator": _INDICATORS[rank],
        "priority": _PRIORITIES[rank],
        "given_with_gaps": rank < 2,
        "advice": rank > 1,
        "safety_net": rank > 0,
    }


def cards_file() -> dict[str, Any]:
    """``cards.yaml``."""
    return {
        "source": {"label": text("Generated")},
        "levels": {name: _card(f"{title(name)}.") for name in LEVELS},
        "incomplete": _card("Answers are missing, so this is no all-clear."),
        "out_of_scope": {
            "under-16": _card("These questions are for adults."),
            "no-exercise": _card("These questions are for pain after exercise."),
        },
        "open": {"summary": text("Questions are open."), "action": text("Please answer them.")},
        "advice": {"summary": text("What you can do."), "action": text("Stop if it makes you feel worse.")},
        "labels": {name: text(words) for name, words in _LABELS.items()},
        "templates": _TEMPLATES,
    }


def _card(summary: str) -> dict[str, Any]:
    return {
        "summary": text(summary),
        "action": text("Do what your clinic tells you."),
        "safety_net": text("Call for help at once if you get worse."),
    }


def citations_file() -> dict[str, Any]:
    """``citations.yaml``."""
    citation = {
        "key": "MADE-UP",
        "title": "Made up for benchmarks",
        "address": "https://example.org/made-up",
        "accessed": EFFECTIVE,
        "read": "full",
        "strength": "expert",
    }
    return {"citations": [citation]}


def properties_file(vocabulary: Vocabulary, tables: list[dict[str, Any]]) -> dict[str, Any]:
    """``properties.yaml``: all that is asked of every pack, and that what blocks advice in a row does block it."""
    blocked: dict[str, list[Any]] = {}
    for row in (row for table in tables for row in table["rows"] if list(row["if"].values()) == ["yes"]):
        for advice in row["then"]["block"]:
            blocked.setdefault(advice, []).extend(row["if"])
    without = [name for name in ADVICE if name not in blocked]
    worse: list[dict[str, Any]] = [{"finding": AGE, "is": "higher", "from": 16}]
    worse += [{"finding": name, "is": "higher"} for name in (TEMPERATURE, *vocabulary.severities, *vocabulary.hours)]
    details: dict[str, dict[str, Any]] = {
        "urgency-is-monotone": {"worse": worse},
        "contraindications-block": {"advice": blocked, "without": dict.fromkeys(without, "Made up for benchmarks.")},
    }
    return {"properties": [{"prove": kind, **details.get(kind, {})} for kind in KINDS]}
