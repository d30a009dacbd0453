"""Tiny packs with a questionnaire, built without files: few enough patients to try them all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final, cast

from cds.assessment import Assessor
from cds.decision_support import DecisionSupport
from cds.intake import ChartReader, FindingReader, PieceReader, PlainReader, ResponseChecker
from cds.pack import Pack, Rule
from cds.pack.condition import Condition
from cds.pack.finding import AnswerSource, ChartSource, Code, Finding
from cds.pack.questionnaire import EnableWhen, Item, Option, Questionnaire
from cds.pack.rule import Table
from tests.engine.random_packs import TEXT, pack_of, rule_of

LEVELS: Final = ("emergency", "same-day", "self-care")
OWN: Final = "https://example.org/fhir/tiny/CodeSystem/answers"
NULL: Final = "http://terminology.hl7.org/CodeSystem/v3-NullFlavor"
RECORDED: Final = ("http://snomed.info/sct", "1234567")
_URL: Final = "https://example.org/fhir/tiny/Questionnaire/tiny"


class TinySupport(DecisionSupport):
    """Decisions without cards, for which a tiny pack has no texts."""

    def __init__(self, pack: Pack) -> None:
        self.pack = pack
        self.assessor = Assessor(pack)
        self._plain = PlainReader(pack.questionnaire)
        self._pieces = PieceReader(self._plain)
        self._checker = ResponseChecker(pack.questionnaire)
        self._findings = FindingReader(pack.findings, pack.questionnaire)
        self._charts = ChartReader(pack.findings, pack.value_sets)


def tiny_pack(findings: Sequence[Finding], items: Sequence[Item], rules: Sequence[Rule], unique: bool = False) -> Pack:
    """A pack of these; if ``unique``, the rules ``t.*`` are the rows of a unique table."""
    pack = pack_of(list(findings), [placed(rule, 10 + index) for index, rule in enumerate(rules)], LEVELS)
    header = SimpleNamespace(
        levels=pack.header.levels, id="tiny", version="0.1.0", effective=date(2026, 11, 22), comment_questions=[]
    )
    rows = tuple(rule.id for rule in rules if rule.id.startswith("t."))
    table = Table("t", "t", "unique", (), rows, "rules/tiny.yaml", 5)
    return replace(
        pack,
        folder=Path("nowhere"),
        header=cast(Any, header),
        questionnaire=Questionnaire(_URL, "0.1.0", TEXT, {item.link_id: item for item in items}),
        value_sets={"recorded": frozenset({RECORDED})},
        advice=cast(Any, {"rest": SimpleNamespace(id="rest", instead=None, ask_first=None, title=TEXT, text=TEXT)}),
        tables={"t": table} if unique else {},
    )


def placed(rule: Rule, line: int) -> Rule:
    """The rule as if it stood at this line."""
    return replace(rule, file="rules/tiny.yaml", line=line)


def given(name: str, when: Condition, **then: Any) -> Rule:
    """A rule with the reason that a level needs."""
    if "out_of_scope" in then:
        then["reason"] = TEXT
    return rule_of(name, when, **then)


def option(code: str, system: str = OWN, exclusive: bool = False) -> Option:
    return Option((system, code), TEXT, exclusive)


def choice(link_id: str, *options: Option, repeats: bool = False, **elements: Any) -> Item:
    return item(link_id, "choice", options={one.value: one for one in options}, repeats=repeats, **elements)


def item(link_id: str, kind: str, **elements: Any) -> Item:
    plain: dict[str, Any] = {
        "parent": None,
        "order": 0,
        "repeats": False,
        "required": False,
        "options": {},
        "enable_when": (),
        "enable_any": False,
        "minimum": None,
        "maximum": None,
        "max_length": None,
    }
    return Item(link_id=link_id, type=kind, text=TEXT, **{**plain, **elements})


def yes_no(name: str, **elements: Any) -> Item:
    """A question with yes, no and "not sure"."""
    return choice(name, option("Y"), option("N"), option("ASKU", NULL), **elements)


def asked(name: str, *, chart: bool = False, **elements: Any) -> Finding:
    """A boolean that such a question gives, and if need be a Condition of the chart."""
    source = AnswerSource(link_id=name, when_true=["Y"], when_false=["N"])
    recorded = [ChartSource(resource="Condition", value_set="recorded")] if chart else []
    return Finding(
        id=name, type="boolean", title=TEXT, answers=[source], chart=recorded, unanswered="escalate", **elements
    )


def derived(name: str) -> Finding:
    return Finding(id=name, type="boolean", title=TEXT, derived=True)


def number(name: str, source: AnswerSource | None = None) -> Finding:
    """A number from 0 to 3."""
    return Finding(
        id=name,
        type="integer",
        title=TEXT,
        range=[0, 3],
        unanswered="escalate",
        answers=[source or AnswerSource(link_id=name)],
    )


def coded(name: str, kind: Any, codes: Sequence[str], **elements: Any) -> Finding:
    """A finding with codes; "none" of a tick-list adds nothing."""
    source = AnswerSource(link_id=name, map={"none": None} if kind == "codes" else None)
    return Finding(
        id=name,
        type=kind,
        title=TEXT,
        unanswered="escalate",
        codes=[Code(code=code, title=TEXT) for code in codes],
        answers=[source],
        **elements,
    )


def shown_if(question: str, operator: str, code: str) -> dict[str, Any]:
    """The elements of an item that depends on a question with options."""
    return {"enable_when": (EnableWhen(question, operator, (OWN, code)),)}
