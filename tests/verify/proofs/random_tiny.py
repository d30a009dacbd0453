"""Random tiny packs, and all their patients."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from random import Random
from typing import Any

from cds.intake.checked import Answer
from cds.pack import Pack, Rule
from cds.pack.condition import All, AnyOf, AtLeast, Compare, Condition, Holds, Includes, IsCode, Not
from cds.pack.finding import AnswerSource, Finding
from cds.pack.questionnaire import Item
from cds.verify.properties import Properties
from cds.verify.properties.model import KINDS, Consequent
from cds.verify.properties.stated import StatedProperty, WorseNumber
from cds.verify.witness import ChartFact, Facts
from tests.verify.proofs.tiny_pack import (
    LEVELS,
    NULL,
    asked,
    choice,
    coded,
    derived,
    given,
    item,
    number,
    option,
    shown_if,
    tiny_pack,
    yes_no,
)

CLAIMED = tuple(kind for kind in KINDS if kind not in ("order-does-not-matter", "open-questions-are-exact"))


@dataclass(frozen=True)
class Tiny:
    """A pack, and what is claimed of it."""

    pack: Pack
    properties: Properties


def random_tiny(seed: int) -> Tiny:
    """A random pack: two booleans, one of which may hang on the other and may stand in the chart, and two more."""
    random = Random(seed)
    findings, items = _booleans(random)
    for kind in random.sample(("number", "code", "codes"), 2):
        finding, question = _other(random, kind)
        findings.append(finding)
        items.append(question)
    findings.append(derived("d"))
    rules = _rules(random, findings)
    pack = tiny_pack(findings, items, rules, unique=any(rule.id.startswith("t.") for rule in rules))
    return Tiny(pack, _claimed(random, pack))


def _booleans(random: Random) -> tuple[list[Finding], list[Item]]:
    gate: dict[str, Any] = {}
    if random.random() < 0.4:
        gate = shown_if("b0", random.choice(("=", "!=")), random.choice("YN"))
    hidden = random.choice((None, False, True)) if gate else None
    findings = [
        asked("b0", red_flag=random.random() < 0.5),
        asked(
            "b1",
            chart=random.random() < 0.5,
            red_flag=random.random() < 0.5,
            safer=random.choice((None, True, False)),
            not_applicable=hidden,
        ),
    ]
    required = [random.random() < 0.15 for _ in findings]
    return findings, [yes_no("b0", required=required[0]), yes_no("b1", required=required[1], **gate)]


def _other(random: Random, kind: str) -> tuple[Finding, Item]:
    unsure = option("ASKU", NULL, exclusive=kind == "codes" and random.random() < 0.5)
    if kind == "number" and random.random() < 0.5:
        return number("i"), item("i", "integer", minimum=0, maximum=3)
    if kind == "number":
        values: dict[str, Any] = {"few": [0, 1], "two": 2, "many": [2, 3]}
        return number("i", AnswerSource(link_id="i", values=values)), choice("i", *map(option, values), unsure)
    if kind == "code":
        return coded("c", "code", "abc", red_flag=random.random() < 0.2), choice("c", *map(option, "abc"), unsure)
    none = option("none", exclusive=True)
    question = choice("m", option("a"), option("b"), none, unsure, repeats=True)
    return coded("m", "codes", "ab", red_flag=random.random() < 0.5), question


def _rules(random: Random, findings: list[Finding]) -> list[Rule]:
    base = findings[:-1]
    rules = [given("r.d", condition(random, base), conclude="d")]
    for index in range(random.randint(2, 4)):
        when = condition(random, findings)
        if random.random() < 0.25:
            then: dict[str, Any] = {random.choice(("advise", "block")): ["rest"]}
        elif random.random() < 0.15:
            then = {"out_of_scope": "elsewhere"}
        else:
            then = {"level": random.choice(LEVELS)}
        rules.append(given(f"r.{index}", when, **then))
    rules.append(given("r.advice", condition(random, findings), advise=["rest"]))
    if random.random() < 0.5:
        split = condition(random, base, 0)
        second = Not(split) if random.random() < 0.6 else condition(random, base, 0)
        rules += [given("t.one", split, level="self-care"), given("t.two", second, level="self-care")]
    return rules


def condition(random: Random, findings: Sequence[Finding], depth: int = 2) -> Condition:
    """A random condition over these findings."""
    if depth == 0 or random.random() < 0.3:
        return _atom(random, random.choice(findings))
    shape = random.choice(("all", "any", "not", "count"))
    if shape == "not":
        return Not(condition(random, findings, depth - 1))
    parts = tuple(condition(random, findings, depth - 1) for _ in range(random.randint(2, 3)))
    if shape == "count":
        return AtLeast(random.randint(1, len(parts)), parts)
    return All(parts) if shape == "all" else AnyOf(parts)


def _atom(random: Random, finding: Finding) -> Condition:
    match finding.type:
        case "boolean":
            return Holds(finding.id)
        case "integer":
            operator, value = random.choice(((">=", 1), (">=", 2), (">", 2), ("<=", 1), ("<", 2), ("=", 2), ("!=", 1)))
            return Compare(finding.id, operator, value)  # type: ignore[arg-type]  # one of the operators
        case "code":
            return IsCode(finding.id, random.choice("abc"))
        case _:
            return Includes(finding.id, random.choice("ab"))


def _claimed(random: Random, pack: Pack) -> Properties:
    findings = list(pack.findings.values())
    rules = [rule.id for rule in pack.rules]
    consequents = (
        Consequent(at_least=random.choice(LEVELS[:2])),
        Consequent(at_most=random.choice(LEVELS)),
        Consequent(fires=[random.choice(rules)]),
        Consequent(does_not_fire=[random.choice(rules)]),
        Consequent(no_advice=["rest"]),
        Consequent(out_of_scope="elsewhere"),
        Consequent(never=True),
    )
    statements = tuple(
        StatedProperty(
            f"s{index}",
            f"statement {index}",
            condition(random, findings, 1) if random.random() < 0.7 else None,
            condition(random, findings, 1) if random.random() < 0.5 else None,
            then,
        )
        for index, then in enumerate(consequents)
    )
    worse = [WorseNumber(pack.findings["i"], random.random() < 0.5, 0, 3)] if "i" in pack.findings else []
    return Properties(
        claimed=CLAIMED,
        worse=tuple(worse),
        contraindications={"rest": [condition(random, findings, 1)]},
        statements=statements,
    )


def all_facts(pack: Pack) -> Iterator[Facts]:
    """Everything that somebody could fill in, and each chart; whether the intake takes it is for the intake to say."""
    items = pack.questionnaire.items
    ways = [[(), *_ways(question)] for question in items.values()]
    charts: list[dict[str, ChartFact]] = [{}]
    charts += [{name: ChartFact(yes=True)} for name, finding in pack.findings.items() if finding.chart]
    for answers, chart in product(product(*ways), charts):
        yield Facts({link_id: one for link_id, one in zip(items, answers, strict=True) if one}, chart)


def _ways(question: Item) -> Iterator[tuple[Answer, ...]]:
    if question.type == "integer":
        yield from ((value,) for value in range(4))
        return
    alone = [one.value for one in question.options.values() if one.exclusive or not question.repeats]
    yield from ((value,) for value in alone)
    if question.repeats:
        others = [value for value in question.options if value not in alone]
        for chosen in product((False, True), repeat=len(others)):
            if any(chosen):
                yield tuple(value for value, ticked in zip(others, chosen, strict=True) if ticked)
