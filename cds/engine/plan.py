"""The order in which the engine evaluates a pack: stages, each with few enough products for durable-rules.

A stage is one flat fact. A rule stands in a stage after those that conclude what it reads. The limits are those of
durable-rules 2.0.28 as measured (docs/durable-rules.md): at most 64 tests of one fact may be true at once, 253
properties, 4096 rules, 65535 priorities.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from cds.engine.normal_form import Normalizer, Product
from cds.pack import MESSAGES, Pack, PackError, Problem

STAGE_PRODUCTS: Final = 60
STAGE_PROPERTIES: Final = 240
MAX_PRODUCTS: Final = 4000
MAX_STAGES: Final = 500


@dataclass(frozen=True, slots=True)
class Conclusion:
    """One product of one rule or hidden finding. ``rule`` is ``None`` for a hidden finding."""

    key: str
    rule: str | None
    concludes: str | None
    terms: Product


@dataclass(frozen=True, slots=True)
class Stage:
    """Products that are evaluated on one fact; ``properties`` are all that the fact may carry."""

    number: int
    conclusions: tuple[Conclusion, ...]

    @property
    def properties(self) -> tuple[str, ...]:
        """The names of all properties that some product tests."""
        return tuple(sorted({literal.name for entry in self.conclusions for literal in entry.terms}))


@dataclass(frozen=True, slots=True)
class Plan:
    """All stages of a pack in order, and the names of all properties."""

    stages: tuple[Stage, ...]
    properties: frozenset[str]


def plan(pack: Pack) -> Plan:
    """The stages of a pack.

    Raises :class:`PackError` for what the engine cannot hold: too many products or properties, or two property
    names with the same 32-bit FNV-1a hash, which is all that durable-rules compares.
    """
    normalizer = Normalizer()
    entries = [
        Conclusion(f"{rule.id}-{index}", rule.id, rule.then.conclude, terms)
        for rule in pack.rules
        for index, terms in enumerate(normalizer.products(rule.when))
    ]
    entries += [
        Conclusion(f"{name}-{index}", None, name, terms)
        for name, products in normalizer.hidden.items()
        for index, terms in enumerate(products)
    ]
    derived = {name for name, finding in pack.findings.items() if finding.derived} | normalizer.hidden.keys()
    ranks = _ranks(entries, derived)
    stages = tuple(Stage(number, tuple(chunk)) for number, chunk in enumerate(_chunks(entries, ranks)))
    properties = frozenset(name for stage in stages for name in stage.properties)
    _check_limits(pack, stages, len(entries))
    _check_names(pack, properties | {"id", "sid", "End"}, [entry.key for entry in entries])
    return Plan(stages, properties)


def _ranks(entries: list[Conclusion], derived: set[str]) -> Mapping[str, int]:
    """Rank of each entry: one more than the highest rank of anything that concludes what it reads."""
    concluding: dict[str, list[Conclusion]] = {}
    for entry in entries:
        if entry.concludes:
            concluding.setdefault(entry.concludes, []).append(entry)
    of_finding: dict[str, int] = {}

    def finding_rank(name: str) -> int:
        if name not in of_finding:
            of_finding[name] = max((entry_rank(entry) for entry in concluding.get(name, ())), default=0)
        return of_finding[name]

    def entry_rank(entry: Conclusion) -> int:
        read = {literal.name.partition(".")[0] for literal in entry.terms} & derived
        return max((finding_rank(name) + 1 for name in read), default=0)

    return {entry.key: entry_rank(entry) for entry in entries}


def _chunks(entries: list[Conclusion], ranks: Mapping[str, int]) -> Iterator[list[Conclusion]]:
    """Stages in order: what concludes goes as early as its rank allows, the rest fills the room that is left."""
    waiting = [entry for entry in entries if not entry.concludes]
    for rank in range(max(ranks.values(), default=0) + 1):
        ready = [entry for entry in entries if entry.concludes and ranks[entry.key] == rank]
        while ready:
            chunk, ready = ready[:STAGE_PRODUCTS], ready[STAGE_PRODUCTS:]
            fill = [entry for entry in waiting if ranks[entry.key] <= rank][: STAGE_PRODUCTS - len(chunk)]
            placed = {entry.key for entry in fill}
            waiting = [entry for entry in waiting if entry.key not in placed]
            yield chunk + fill
    while waiting:
        yield waiting[:STAGE_PRODUCTS]
        waiting = waiting[STAGE_PRODUCTS:]


def _check_limits(pack: Pack, stages: tuple[Stage, ...], products: int) -> None:
    widest = max((len(stage.properties) for stage in stages), default=0)
    for what, count, limit in (
        ("products of conditions", products, MAX_PRODUCTS),
        ("stages", len(stages), MAX_STAGES),
        ("properties in one stage", widest, STAGE_PROPERTIES),
    ):
        if count > limit:
            message = MESSAGES["too-large"].format(what=what, count=count, limit=limit)
            raise PackError([Problem("rules", 1, 1, "too-large", message, "Split the pack, or simplify conditions")])


def _check_names(pack: Pack, properties: frozenset[str], rules: list[str]) -> None:
    for names in (sorted(properties), sorted(rules)):
        seen: dict[int, str] = {}
        for name in names:
            other = seen.setdefault(fnv1a(name), name)
            if other != name:
                message = MESSAGES["name-collision"].format(first=other, second=name)
                raise PackError([Problem("findings.yaml", 1, 1, "name-collision", message, "Rename one of them")])


def fnv1a(name: str) -> int:
    """The 32-bit FNV-1a hash, by which durable-rules tells names apart."""
    value = 2166136261
    for byte in name.encode():
        value = ((value ^ byte) * 16777619) & 0xFFFFFFFF
    return value
