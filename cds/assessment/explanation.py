"""Why a rule fired, and what kept another from firing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cds.assessment.base_products import Way, finding_of, holds
from cds.engine.facts import Fact
from cds.engine.normal_form import Literal
from cds.pack import Pack, Rule


@dataclass(frozen=True, slots=True)
class NearMiss:
    """A rule that one known answer kept from firing: ``held`` spoke for it, ``blocked_by`` against."""

    rule: Rule
    held: tuple[str, ...]
    blocked_by: str


def near_misses(
    pack: Pack, ways_of: Mapping[str, tuple[Way, ...]], possible_rules: frozenset[str], known: Fact, possible: Fact
) -> tuple[NearMiss, ...]:
    """The rules above the default level that would have fired but for one finding whose answer is known."""
    misses = []
    for rule in pack.rules:
        if rule.id in possible_rules or rule.then.level in (None, pack.default_level):
            continue
        for way in ways_of.get(rule.id, ()):
            failing = [literal for literal in way.literals if not holds(literal, possible)]
            if len(way.literals) > 1 and _one_finding(failing) and _rest_holds(way, failing, known):
                held = {finding_of(literal) for literal in way.literals} - {finding_of(failing[0])}
                if held:
                    names = tuple(name for name in pack.findings if name in held)
                    misses.append(NearMiss(rule, names, finding_of(failing[0])))
                    break
    return tuple(misses)


def _one_finding(literals: list[Literal]) -> bool:
    return len({finding_of(literal) for literal in literals}) == 1


def _rest_holds(way: Way, failing: list[Literal], known: Fact) -> bool:
    return all(holds(literal, known) for literal in way.literals if literal not in failing)
