"""``pack.yaml``, ``advice.yaml`` and ``cards.yaml`` checked against each other, and the templates against their data."""

from __future__ import annotations

from collections.abc import Mapping
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
    "t level floor action safety_net reasons questions contradictions advice comment_present pack out_of_scope".split()
)
"""What a template may use; docs/pack-format.md says what each is."""

LABELS: Final = frozenset(
    "disclaimer why questions contradictions advice instead ask_first evidence comment level possible_level yes no".split()
)
"""Labels that the text output needs, besides those that the templates name."""


def check_header(header: Header, source: YamlSource, problems: list[Problem]) -> None:
    """Levels: at least two, different names, ``critical`` only for the first."""
    if len(header.levels) < 2:
        problems.append(source.problem(("levels",), "levels-few"))
    seen: set[str] = set()
    for index, level in enumerate(header.levels):
        path: KeyPath = ("levels", index)
        if level.id in seen:
            problems.append(source.problem((*path, "id"), "duplicate-id", kind="level", name=level.id))
        seen.add(level.id)
        if level.indicator == "critical" and index:
            problems.append(source.problem((*path, "indicator"), "critical-misused"))


def check_advice(file: AdviceFile, citations: Mapping[str, object], source: YamlSource, problems: list[Problem]) -> None:
    """Advice: different names, known citations and instead texts."""
    instead = {entry.id for entry in file.instead}
    for key, entries in (("advice", file.advice), ("instead", file.instead)):
        names = [entry.id for entry in entries]
        for index, name in enumerate(names):
            if name in names[:index]:
                problems.append(source.problem((key, index, "id"), "duplicate-id", kind=key, name=name))
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
            problems.append(source.problem(("levels", name), "safety-net-missing", name=name))
    for name in file.levels.keys() - levels.keys():
        problems.append(source.problem(("levels", name), "unknown-level", did_you_mean(name, levels), name=name))
    for index, suggestion in enumerate(file.suggestions):
        for number, name in enumerate(suggestion.levels):
            if name not in levels and name not in ("incomplete", "out-of-scope"):
                path: KeyPath = ("suggestions", index, "levels", number)
                problems.append(source.problem(path, "unknown-level", did_you_mean(name, levels), name=name))
    for name in sorted(LABELS - file.labels.keys()):
        problems.append(source.problem(("labels",), "label-missing", name=name))
    for name in TEMPLATES:
        if name not in file.templates:
            problems.append(source.problem(("templates",), "missing-key", key=name))
    for name, text in file.templates.items():
        _check_template(name, text, file, source, problems)


def _check_template(name: str, text: str, file: CardFile, source: YamlSource, problems: list[Problem]) -> None:
    try:
        tree = ImmutableSandboxedEnvironment().parse(text)
    except TemplateSyntaxError as error:
        detail = f"line {error.lineno}: {error.message}"
        problems.append(source.problem(("templates", name), "template", name=name, detail=detail))
        return
    for variable in sorted(meta.find_undeclared_variables(tree) - TEMPLATE_VARIABLES):
        detail = f"there is no variable {variable!r}"
        hint = did_you_mean(variable, TEMPLATE_VARIABLES)
        problems.append(source.problem(("templates", name), "template", hint, name=name, detail=detail))
    for node in tree.find_all(nodes.Getattr):
        if isinstance(node.node, nodes.Name) and node.node.name == "t" and node.attr not in file.labels:
            problems.append(source.problem(("labels",), "label-missing", name=node.attr))
