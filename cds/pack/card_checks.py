"""``pack.yaml``, ``advice.yaml`` and ``cards.yaml`` checked against each other; templates against their data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from jinja2 import TemplateSyntaxError, meta, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from cds.pack.content import AdviceFile, CardFile
from cds.pack.header import Header
from cds.pack.problem import Problem, did_you_mean
from cds.pack.yaml_source import KeyPath, YamlSource

TEMPLATES: Final = ("recommendation", "incomplete", "out_of_scope", "open", "advice")
"""The card templates that every pack has."""

TEMPLATE_VARIABLES: Final = frozenset(
    {
        *("t", "pack", "level", "floor", "action", "safety_net", "reasons", "questions", "contradictions"),
        *("advice", "comment_present", "out_of_scope"),
    }
)
"""What a template may use; docs/pack-format.md says what each is."""

LABELS: Final = frozenset(
    {
        *("disclaimer", "why", "questions", "contradictions", "advice", "instead", "ask_first", "evidence"),
        *("comment", "level", "possible_level"),
    }
)
"""Labels that the text output needs, besides those that the templates name."""


def check_header(header: Header, source: YamlSource, problems: list[Problem]) -> None:
    """Levels: different names, ``critical`` only for the first, none given with gaps that reassures.

    A level that is given with gaps although a more urgent one is not, or although it is the last, would be given
    while an unanswered question could call for more.
    """
    seen: set[str] = set()
    withheld = False
    for index, level in enumerate(header.levels):
        path: KeyPath = ("levels", index)
        if level.id in seen:
            problems.append(source.problem((*path, "id"), "duplicate-id", kind="level", name=level.id))
        seen.add(level.id)
        if level.indicator == "critical" and index:
            problems.append(source.problem((*path, "indicator"), "critical-misused"))
        withheld = withheld or index == len(header.levels) - 1
        if level.given_with_gaps and withheld:
            problems.append(source.problem((*path, "given_with_gaps"), "given-with-gaps", name=level.id))
        withheld = withheld or not level.given_with_gaps


def check_advice(
    file: AdviceFile, citations: Mapping[str, object], source: YamlSource, problems: list[Problem]
) -> None:
    """Advice: different names, known citations and instead texts."""
    instead = {entry.id for entry in file.instead}
    for key, entries in (("advice", file.advice), ("instead", file.instead)):
        problems.extend(_repeats(source, key, [entry.id for entry in entries]))
    for index, advice in enumerate(file.advice):
        path: KeyPath = ("advice", index)
        if advice.instead is not None and advice.instead not in instead:
            hint = did_you_mean(advice.instead, instead)
            problems.append(source.problem((*path, "instead"), "unknown-instead", hint, name=advice.instead))
        for number, key in enumerate(advice.citations):
            if key not in citations:
                hint = did_you_mean(key, citations)
                problems.append(source.problem((*path, "citations", number), "unknown-citation", hint, name=key))


def check_cards(file: CardFile, header: Header, source: YamlSource, problems: list[Problem]) -> None:
    """Card texts for every level, safety nets where they must be, templates that parse and find their labels."""
    levels = {level.id: level for level in header.levels}
    for name, level in levels.items():
        if name not in file.levels:
            problems.append(source.problem(("levels",), "level-text-missing", name=name))
        elif level.safety_net and file.levels[name].safety_net is None:
            problems.append(source.problem(("levels", name), "safety-net-missing", at_key=True, name=name))
    named: list[tuple[KeyPath, str]] = [(("levels", name), name) for name in file.levels]
    for index, suggestion in enumerate(file.suggestions):
        for number, name in enumerate(suggestion.levels):
            if name not in ("incomplete", "out-of-scope"):
                named.append((("suggestions", index, "levels", number), name))
    for path, name in named:
        if name not in levels:
            hint = did_you_mean(name, levels)
            problems.append(source.problem(path, "unknown-level", hint, at_key=True, name=name))
    problems.extend(_repeats(source, "suggestions", [suggestion.id for suggestion in file.suggestions]))
    _check_texts(file, source, problems)


def _repeats(source: YamlSource, key: str, names: list[str]) -> Iterator[Problem]:
    """A problem for each entry under ``key`` whose id stood there before."""
    kind = key.removesuffix("s")
    for index, name in enumerate(names):
        if name in names[:index]:
            yield source.problem((key, index, "id"), "duplicate-id", kind=kind, name=name)


def _check_texts(file: CardFile, source: YamlSource, problems: list[Problem]) -> None:
    """Every label and template that must be there is, and none is there that nobody uses."""
    missing = [name for name in TEMPLATES if name not in file.templates]
    problems.extend(source.problem(("templates",), "missing-key", at_key=True, key=name) for name in missing)
    labels = set(LABELS)
    for name, text in file.templates.items():
        path: KeyPath = ("templates", name)
        if name not in TEMPLATES:
            problems.append(source.problem(path, "unknown-key", did_you_mean(name, TEMPLATES), at_key=True, key=name))
            continue
        try:
            tree = _parsed(text)
        except TemplateSyntaxError as error:
            detail = f"line {error.lineno}: {error.message}"
            problems.append(source.problem(path, "template", at_key=True, name=name, detail=detail))
            continue
        for variable in sorted(meta.find_undeclared_variables(tree) - TEMPLATE_VARIABLES):
            detail = f"there is no variable {variable!r}"
            hint = did_you_mean(variable, TEMPLATE_VARIABLES)
            problems.append(source.problem(path, "template", hint, at_key=True, name=name, detail=detail))
        labels |= _labels(tree)
    absent = sorted(labels - file.labels.keys())
    problems.extend(source.problem(("labels",), "label-missing", at_key=True, name=name) for name in absent)


def labels_of(templates: Mapping[str, str]) -> frozenset[str]:
    """The labels that templates name, as in ``{{ t.why }}``."""
    return frozenset(label for text in templates.values() for label in _labels(_parsed(text)))


def _labels(tree: nodes.Template) -> set[str]:
    return {
        node.attr
        for node in tree.find_all(nodes.Getattr)
        if isinstance(node.node, nodes.Name) and node.node.name == "t"
    }


def _parsed(text: str) -> nodes.Template:
    environment = ImmutableSandboxedEnvironment()
    environment.compile(text)  # finds filters and tests that there are not; parsing alone does not
    return environment.parse(text)
