"""What the pack declares and nothing uses: levels, advice, texts, suggestions, labels, sources, value sets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from cds.cards.words import WORDS
from cds.pack.card_checks import LABELS, labels_of
from cds.verify.issue import Issue, Place
from cds.verify.static.inspection import Inspection, issue
from cds.verify.static.sources import QUESTIONNAIRE


def unused_issues(inspection: Inspection) -> Iterator[Issue]:
    """Everything that is declared and leads nowhere. Only what evaluated rules use counts, save for sources."""
    pack, sources = inspection.pack, inspection.sources
    thens = [rule.then for rule in pack.rules]
    yield from _levels(inspection)
    advised = {name for then in thens for name in then.advise}
    for name in _without(pack.advice, advised):
        yield issue("unused-advice", [sources.listed("advice.yaml", ("advice",), name)], name=name)
    instead = {then.instead for then in thens} | {advice.instead for advice in pack.advice.values()}
    for name in _without(pack.instead, instead):
        yield issue("unused-instead", [sources.listed("advice.yaml", ("instead",), name)], name=name)
    for name in _without(pack.cards.out_of_scope, {then.out_of_scope for then in thens}):
        yield issue("unused-out-of-scope", [sources.place("cards.yaml", ("out_of_scope", name), name)], name=name)
    shown = LABELS | WORDS.keys() | labels_of(pack.cards.templates)
    for name in _without(pack.cards.labels, shown):
        yield issue("unused-label", [sources.place("cards.yaml", ("labels", name), name)], name=name)
    cited = {key for rule in pack.all_rules for key in rule.citations}
    cited |= {key for advice in pack.advice.values() for key in advice.citations}
    for name in _without(pack.citations, cited):
        place = sources.listed("citations.yaml", ("citations",), name, key="key")
        yield issue("unused-citation", [place], name=name)
    for name in _without(pack.value_sets, _value_sets(inspection)):
        yield issue("unused-value-set", [Place(f"codes/ValueSet-{name}.json", 1, name)], name=name)


def _without(declared: Iterable[str], used: Iterable[str | None]) -> Iterator[str]:
    found = set(used)
    return (name for name in declared if name not in found)


def _levels(inspection: Inspection) -> Iterator[Issue]:
    """Levels that no rule gives, and suggestions that wait for them."""
    pack, sources = inspection.pack, inspection.sources
    possible = {rule.then.level for rule in pack.rules} | {pack.default_level, "incomplete"}
    if any(rule.then.out_of_scope for rule in pack.rules):
        possible.add("out-of-scope")
    for level in _without(pack.rank, possible):
        yield issue("level-without-rule", [sources.listed("pack.yaml", ("levels",), level)], name=level)
    for suggestion in pack.cards.suggestions:
        for level in _without(suggestion.levels, possible):
            place = sources.listed("cards.yaml", ("suggestions",), suggestion.id)
            yield issue("unused-suggestion", [place], name=suggestion.id, level=level)


def _value_sets(inspection: Inspection) -> set[str | None]:
    """The value sets that chart sources and questions name."""
    found = {chart.value_set for finding in inspection.pack.findings.values() for chart in finding.chart}
    return found | set(_offered(inspection.sources.resource(QUESTIONNAIRE)))


def _offered(value: Any) -> Iterator[str]:
    """The ids of all value sets under ``answerValueSet``: the last part of their canonical URLs."""
    if isinstance(value, dict):
        canonical = value.get("answerValueSet")
        if isinstance(canonical, str):
            yield canonical.partition("|")[0].rpartition("/")[2]
        for entry in value.values():
            yield from _offered(entry)
    elif isinstance(value, list):
        for entry in value:
            yield from _offered(entry)
