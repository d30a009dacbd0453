"""A pack with every kind of question, source and gate that the encoding reads, also those of no shipped pack."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from cds.pack import Pack
from cds.pack.condition import Compare, Condition, Holds, Includes, IsCode
from cds.pack.finding import AnswerSource, ChartSource, Code, Finding
from cds.pack.questionnaire import EnableWhen, Item
from tests.engine.random_packs import TEXT
from tests.verify.proofs.tiny_pack import NULL, OWN, choice, given, item, option, tiny_pack, yes_no

YES_NO = {"when_true": ["Y"], "when_false": ["N"]}


def all_kinds() -> Pack:
    """The pack: a rule for each thing that can be said of a finding."""
    findings = _findings()
    rules = [
        given(f"{finding.id}.{index}", when, level=("emergency", "same-day", "self-care")[index % 3])
        for finding in findings
        for index, when in enumerate(_statements(finding))
    ]
    value_sets = {finding.id: frozenset({("http://loinc.org", f"{index}-0")}) for index, finding in enumerate(findings)}
    return replace(tiny_pack(findings, _items(), rules), value_sets=value_sets)


def _finding(name: str, kind: Any, *answers: AnswerSource, chart: tuple[Any, ...] = (), **elements: Any) -> Finding:
    recorded = [ChartSource(resource=resource, value_set=name) for resource in chart]
    return Finding(id=name, type=kind, title=TEXT, unanswered="ask", answers=list(answers), chart=recorded, **elements)


def _codes(*names: str) -> list[Code]:
    return [Code(code=name, title=TEXT) for name in names]


def _at(link_id: str, **elements: Any) -> AnswerSource:
    return AnswerSource(link_id=link_id, **elements)


def _findings() -> list[Finding]:
    several: dict[str, Any] = {"few": [0, 3], "some": 4, "many": [4, 20]}
    return [
        # numbers: of a quantity, in another unit, finer than the finding, with decimals
        _finding("weight", "integer", _at("weight"), range=[20, 2000], unit="kg", scale=10),
        _finding("days", "integer", _at("hours", unit="h"), range=[0, 10], unit="d"),
        _finding("fine", "integer", _at("fine"), range=[-50, 50], scale=10),
        # dates: days as hours, months, years, a time
        _finding("date_hours", "integer", _at("day", elapsed="d"), range=[0, 9000], unit="h"),
        _finding("months", "integer", _at("month", elapsed="mo"), range=[0, 100], unit="mo"),
        _finding("years", "integer", _at("birth", elapsed="a"), range=[0, 120], unit="a"),
        _finding("time_hours", "integer", _at("time", elapsed="h"), range=[0, 5000], unit="h"),
        # several sources of one number, and of each way in which they are made one
        *(
            _finding(
                f"count_{safer}".lower(),
                "integer",
                _at("count"),
                _at("about", values=several),
                range=[0, 20],
                safer=safer,
            )
            for safer in ("high", "low", None)
        ),
        *(
            _finding(
                f"level_{safer}".lower(),
                "integer",
                _at("level"),
                range=[0, 20],
                safer=safer,
                chart=("Observation",),
                not_applicable=hidden,
            )
            for safer, hidden in (("high", None), ("low", 3), (None, 20))
        ),
        # booleans
        _finding("plain", "boolean", _at("plain")),
        *(
            _finding(
                f"told_{safer}".lower(),
                "boolean",
                _at("told", unknown=["W"], **YES_NO),
                _at("again", when_true=["a"]),
                safer=safer,
                chart=("Condition", "Observation") if safer is None else ("Condition",),
            )
            for safer in (None, True, False)
        ),
        _finding("behind", "boolean", _at("behind", **YES_NO), not_applicable=False, chart=("Observation",)),
        _finding("farther", "boolean", _at("farther", **YES_NO), not_applicable=True),
        # codes
        _finding("place", "code", _at("place", map={"here": "a"}), _at("other_place"), codes=_codes("a", "b", "c")),
        _finding("signs", "codes", _at("again", map={"none": None}), _at("more"), codes=_codes("a", "b", "c", "d")),
        _finding(
            "hidden_signs", "codes", _at("deep", map={"none": None}), codes=_codes("a", "b"), not_applicable=["b"]
        ),
    ]


def _items() -> list[Item]:
    none, unsure = option("none", exclusive=True), option("ASKU", NULL)
    return [
        item("weight", "quantity"),
        item("hours", "integer", minimum=0, maximum=250),
        item("fine", "decimal", minimum=-5, maximum=5),
        item("day", "date"),
        item("month", "date"),
        item("birth", "date"),
        item("time", "dateTime"),
        item("count", "integer", minimum=0, maximum=20),
        choice("about", *map(option, ("few", "some", "many")), unsure),
        item(
            "level",
            "integer",
            minimum=0,
            maximum=20,
            **_if(EnableWhen("count", ">", 9), EnableWhen("plain", "!=", True)),
        ),
        item("plain", "boolean"),
        choice("told", *map(option, ("Y", "N", "W", "X")), unsure),
        choice("again", *map(option, "ab"), none, unsure, repeats=True),
        yes_no("behind", **_if(EnableWhen("told", "=", (OWN, "Y")))),
        yes_no("farther", **_if(EnableWhen("behind", "!=", (OWN, "N")), EnableWhen("fine", "<=", 0.5), any_of=True)),
        item("place", "open-choice", options={one.value: one for one in map(option, ("here", "b", "z"))}),
        choice("other_place", *map(option, "abc"), **_if(EnableWhen("place", "=", (OWN, "b")))),
        choice("more", *map(option, "bcd"), repeats=True, **_if(EnableWhen("again", "exists", answer=True))),
        item("group", "group", **_if(EnableWhen("plain", "=", True), EnableWhen("about", "exists", answer=False))),
        choice(
            "deep", *map(option, "ab"), none, parent="group", repeats=True, **_if(EnableWhen("again", "!=", (OWN, "a")))
        ),
        item("comment", "text", parent="group"),
    ]


def _if(*gates: EnableWhen, any_of: bool = False) -> dict[str, Any]:
    return {"enable_when": gates, "enable_any": any_of}


def _statements(finding: Finding) -> Iterator[Condition]:
    match finding.type:
        case "boolean":
            yield Holds(finding.id)
        case "integer":
            width = finding.high - finding.low
            for bound in {finding.low + 1, finding.low + width // 5, finding.low + width // 2, finding.high - 1}:
                yield Compare(finding.id, ">=", bound)
            yield Compare(finding.id, "<", finding.low + width // 5)
            yield Compare(finding.id, "=", finding.low + 4)
            yield Compare(finding.id, "!=", finding.high - 2)
        case "code":
            yield from (IsCode(finding.id, code) for code in sorted(finding.code_ids))
        case "codes":
            yield from (Includes(finding.id, code) for code in sorted(finding.code_ids))
