"""Rules checked against each other, once all files are read: what they conclude, and what they say of each other."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from cds.pack.condition import findings_of
from cds.pack.finding import Finding
from cds.pack.problem import Problem, did_you_mean
from cds.pack.rule import Rule
from cds.pack.yaml_source import KeyPath, YamlSource

Places = Mapping[str, tuple[YamlSource, KeyPath]]
"""Rule id to where the rule stands, those included whose condition cannot be read."""


def check_subsumed(rules: Sequence[Rule], places: Places, problems: list[Problem]) -> None:
    """Each rule that ``subsumed_by`` names is another rule of the pack."""
    for rule in rules:
        others = places.keys() - {rule.id}
        source, path = places[rule.id]
        for index, name in enumerate(rule.subsumed_by):
            if name not in others:
                hint = did_you_mean(name, others)
                problems.append(source.problem((*path, "subsumed_by", index), "unknown-rule", hint, name=name))


def check_conclusions(
    rules: Sequence[Rule],
    places: Places,
    concluded: Collection[str],
    findings: Mapping[str, Finding],
    findings_source: YamlSource,
    problems: list[Problem],
) -> None:
    """Every derived finding is concluded by some evaluated rule, and no finding depends on itself.

    ``concluded`` are those that a rule concludes, be its condition readable or not.
    """
    needs: dict[str, set[str]] = {name: set() for name, finding in findings.items() if finding.derived}
    for rule in rules:
        if rule.evaluated and rule.then.conclude in needs:
            needs[rule.then.conclude] |= findings_of(rule.when) & needs.keys()
    for index, name in enumerate(findings):
        if name in needs and name not in concluded:
            problems.append(findings_source.problem(("findings", index, "id"), "not-concluded", name=name))
    cycle = _cycle(needs)
    if cycle:
        first, second = cycle[:2]
        rule = next(
            rule
            for rule in rules
            if rule.evaluated and rule.then.conclude == first and second in findings_of(rule.when)
        )
        source, path = places[rule.id]
        problems.append(source.problem(path, "cycle", path=" -> ".join(cycle)))


def _cycle(needs: Mapping[str, set[str]]) -> list[str] | None:
    """A cycle of the graph, as a path that ends where it began, or ``None``."""
    done: set[str] = set()

    def visit(name: str, path: list[str]) -> list[str] | None:
        if name in path:
            return [*path[path.index(name) :], name]
        if name in done:
            return None
        for other in sorted(needs[name]):
            found = visit(other, [*path, name])
            if found:
                return found
        done.add(name)
        return None

    for name in sorted(needs):
        found = visit(name, [])
        if found:
            return found
    return None
