"""Random packs and random patients, built without files: what the evaluators see, and nothing else."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from hypothesis import strategies as st

from cds.pack import Findings, Interval, Pack, Rule, Selection
from cds.pack.condition import All, AnyOf, AtLeast, Compare, Condition, Holds, Includes, IsCode, Not
from cds.pack.finding import Code, Finding
from cds.pack.header import Level
from cds.pack.rule import Consequence

LEVELS = ("emergency", "same-day", "routine", "self-care")
TEXT = {"en": "x"}
CODES = ("a", "b", "c-d")


def pack_of(findings: list[Finding], rules: list[Rule], levels: tuple[str, ...] = LEVELS) -> Pack:
    """A pack with only these findings and rules."""
    declared = [
        Level(
            id=name,
            title=TEXT,
            timeframe=TEXT,
            indicator="critical" if index == 0 else "info",
            priority="routine",
            given_with_gaps=index < 2,
            advice=True,
            safety_net=False,
        )
        for index, name in enumerate(levels)
    ]
    nothing = cast(Any, None)
    header = cast(Any, SimpleNamespace(levels=declared, id="random", version="0.0.0"))
    by_name = {finding.id: finding for finding in findings}
    return Pack(Path(), header, by_name, tuple(rules), {}, {}, nothing, {}, nothing, {})


def rule_of(name: str, when: Condition, **then: Any) -> Rule:
    """A rule with this condition and consequence."""
    if "level" in then:
        then["reason"] = TEXT
    day = date(2026, 1, 1)
    return Rule(name, name, "topic", "active", day, day, when, Consequence(**then), "", (), True, "f.yaml", 1)


def boolean(name: str, *, derived: bool = False) -> Finding:
    return Finding(id=name, type="boolean", title=TEXT, derived=derived)


def integer(name: str, low: int = 0, high: int = 9) -> Finding:
    return Finding(id=name, type="integer", title=TEXT, range=[low, high])


def coded(name: str, kind: Any = "code") -> Finding:
    return Finding(id=name, type=kind, title=TEXT, codes=[Code(code=code, title=TEXT) for code in CODES])


@st.composite
def packs(draw: st.DrawFn, max_rules: int = 12) -> Pack:
    """A random pack: up to ten base findings of all types, up to four derived ones in layers, and rules over them."""
    base = [boolean(f"b{index}") for index in range(draw(st.integers(1, 4)))]
    base += [integer(f"i{index}") for index in range(draw(st.integers(0, 2)))]
    base += [coded(f"c{index}") for index in range(draw(st.integers(0, 2)))]
    base += [coded(f"m{index}", "codes") for index in range(draw(st.integers(0, 1)))]
    derived = [boolean(f"d{index}", derived=True) for index in range(draw(st.integers(0, 4)))]
    rules = []
    for index, finding in enumerate(derived):
        for number in range(draw(st.integers(1, 2))):
            then: dict[str, Any] = {"conclude": finding.id}
            if draw(st.booleans()):
                then["level"] = draw(st.sampled_from(LEVELS))
            rules.append(rule_of(f"r.d{index}_{number}", draw(conditions(base + derived[:index])), **then))
    for index in range(draw(st.integers(1, max_rules))):
        level = draw(st.sampled_from(LEVELS))
        rules.append(rule_of(f"r{index}", draw(conditions(base + derived)), level=level))
    order = draw(st.permutations(rules))
    return pack_of(base + derived, list(order))


def conditions(findings: list[Finding], depth: int = 3) -> st.SearchStrategy[Condition]:
    """A random condition over these findings, nested up to ``depth``."""
    atoms = st.sampled_from(findings).flatmap(_atoms)
    if depth == 0:
        return atoms
    smaller = conditions(findings, depth - 1)
    several = st.lists(smaller, min_size=1, max_size=4).map(tuple)
    many = st.lists(atoms, min_size=2, max_size=8).map(tuple)
    return st.one_of(
        atoms,
        smaller.map(Not),
        several.map(All),
        several.map(AnyOf),
        st.one_of(several, many).flatmap(lambda parts: st.integers(1, len(parts)).map(lambda n: AtLeast(n, parts))),
    )


def _atoms(finding: Finding) -> st.SearchStrategy[Condition]:
    match finding.type:
        case "boolean":
            return st.just(Holds(finding.id))
        case "integer":
            ends = {">=": (1, 9), ">": (0, 8), "<=": (0, 8), "<": (1, 9), "=": (0, 9), "!=": (0, 9)}
            return st.sampled_from(sorted(ends)).flatmap(
                lambda op: st.integers(*ends[op]).map(lambda value: Compare(finding.id, cast(Any, op), value))
            )
        case "code":
            return st.sampled_from(CODES).map(lambda code: IsCode(finding.id, code))
        case "codes":
            return st.sampled_from(CODES).map(lambda code: Includes(finding.id, code))


def patients(pack: Pack) -> st.SearchStrategy[Findings]:
    """A random patient: each base finding known, partly known or unknown."""
    optional = {name: _values(finding) for name, finding in pack.findings.items() if not finding.derived}
    return st.fixed_dictionaries({}, optional=optional)


def _values(finding: Finding) -> st.SearchStrategy[Any]:
    match finding.type:
        case "boolean":
            return st.booleans()
        case "integer":
            ends = st.tuples(st.integers(0, 9), st.integers(0, 9))
            return st.one_of(
                st.integers(0, 9).map(lambda value: Interval(value, value)),
                ends.map(lambda pair: Interval(min(pair), max(pair))),
            )
        case "code":
            return st.sampled_from(CODES)
        case "codes":
            state = st.sampled_from(("chosen", "open", "not"))
            return st.fixed_dictionaries(dict.fromkeys(CODES, state)).map(
                lambda states: Selection(
                    frozenset(code for code, is_ in states.items() if is_ == "chosen"),
                    frozenset(code for code, is_ in states.items() if is_ == "open"),
                )
            )
