"""Codes: systems that are known, codes of the right form, options that the pack's own code system has.

Whether a code exists is not asked: that takes the terminologies, which no pack carries. For ICD-10-CM a test does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple

from cds.pack.finding import Coding
from cds.verify.issue import Issue, Place
from cds.verify.static.code_forms import form_of
from cds.verify.static.inspection import Inspection, issue, names


class _Codes(NamedTuple):
    """Codes of one system that stand together; ``place`` says where one of them stands, or the system."""

    place: Callable[[str], Place]
    system: str
    codes: tuple[str, ...]


def terminology_issues(inspection: Inspection) -> Iterator[Issue]:
    """Unknown systems, malformed codes, codes without a display, options outside the pack's code system."""
    for place, system, codes in _all_codes(inspection):
        form = form_of(system, inspection.pack.header.url)
        if form is None:
            yield issue("unknown-system", [place(system)], system=system)
            continue
        malformed = [code for code in codes if not form.fullmatch(code)]
        if malformed:
            yield issue("malformed-code", map(place, malformed), system=system, codes=names(malformed))
    for place, name, coding in _written(inspection):
        if not coding.display.strip():
            yield issue("code-without-display", [place(name)], code=coding.code, name=name)
    yield from _own_codes(inspection)


def _written(inspection: Inspection) -> Iterator[tuple[Callable[[str], Place], str, Coding]]:
    """The codings of ``findings.yaml`` and ``cards.yaml``, with the name of what has them and where it stands."""
    pack, sources = inspection.pack, inspection.sources
    for finding in pack.findings.values():
        for coding in finding.coding:
            yield _always(sources.finding, finding.id), finding.id, coding
    for suggestion in pack.cards.suggestions:
        for coding in suggestion.code.coding:
            place = _always(sources.listed, "cards.yaml", ("suggestions",), suggestion.id)
            yield place, suggestion.id, coding


def _always(place: Callable[..., Place], *arguments: object) -> Callable[[str], Place]:
    """A place that is looked up when it is asked for, and the same for all codes."""
    return lambda _: place(*arguments)


def _all_codes(inspection: Inspection) -> Iterator[_Codes]:
    for place, _, coding in _written(inspection):
        yield _Codes(place, coding.system, (coding.code,))
    for name, pairs in inspection.pack.value_sets.items():
        by_system: dict[str, list[str]] = {}
        for system, code in sorted(pairs):
            by_system.setdefault(system, []).append(code)
        for system, codes in by_system.items():
            place = partial(inspection.sources.word, f"codes/ValueSet-{name}.json")
            yield _Codes(place, system, tuple(codes))
    for link_id, by_system in _options(inspection):
        for system, codes in by_system.items():
            yield _Codes(_always(inspection.sources.question, link_id), system, tuple(codes))


def _options(inspection: Inspection) -> Iterator[tuple[str, dict[str, list[str]]]]:
    """The codes that each question offers, by system."""
    for item in inspection.pack.questionnaire.items.values():
        by_system: dict[str, list[str]] = {}
        for option in item.options.values():
            if isinstance(option.value, tuple):
                by_system.setdefault(option.value[0], []).append(option.value[1])
        yield item.link_id, by_system


def _own_codes(inspection: Inspection) -> Iterator[Issue]:
    """Options of a code system that the pack has, and which that system lacks."""
    own = {
        resource.get("url"): {concept.get("code") for concept in resource.get("concept", ())}
        for _, resource in inspection.sources.code_systems()
        if resource is not None
    }
    for name, resource in inspection.sources.code_systems():
        if resource is None:
            yield issue("unreadable-code-system", [Place(name, 1)])
    for link_id, by_system in _options(inspection):
        for system, codes in by_system.items():
            lacking = [code for code in codes if system in own and code not in own[system]]
            if lacking:
                place = inspection.sources.question(link_id)
                yield issue("own-code-missing", [place], name=link_id, system=system, codes=names(lacking))
