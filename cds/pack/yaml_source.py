"""YAML 1.2 with the place of every value.

libyaml parses and composes (fast, well kept), and plain scalars are resolved here by the YAML 1.2 core schema, so that
``no`` is a word and ``true`` the only truth. What makes YAML surprising is refused: duplicate keys, aliases, tags,
several documents. docs/decisions/0002-yaml-reader.md has the reasons and the measurement.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import yaml

from cds.pack.problem import PackError, Problem

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

KeyPath = tuple[str | int, ...]

_WORDS: Final[dict[str, bool | None]] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_INTEGER: Final = re.compile(r"[-+]?[0-9]{1,4000}")
_OTHER_BASES: Final = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT: Final = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_NOT_FINITE: Final = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_PLAIN, _QUOTED, _COLLECTION = "plain", "quoted", "collection"
_SAID_PLAINLY: Final = {
    "mapping values are not allowed": (
        "a colon cannot stand here",
        "Put text that has a colon in quotes, or indent the line",
    ),
    "cannot start any token": ("this character cannot stand here", "Use spaces, not tabs; put text in quotes"),
    "expected <block end>": ("this does not fit the lines above", "Begin it in the same column as they do"),
    "did not find expected key": ("this does not fit the lines above", "Begin it in the same column as they do"),
    "could not find expected ':'": ("a key without a colon", "Write key: value, or indent text that goes on here"),
    "expected ',' or": ("a list or mapping in brackets does not end", "Close it with ] or }"),
    "unexpected end of stream": ("text in quotes does not end", "Close the quotes"),
}
"""What libyaml says most often, in plain words, and what to do."""


@dataclass(slots=True)
class YamlSource:
    """A YAML file: ``data`` as plain Python values, and where each value and key stands."""

    name: str
    data: Any = None
    _values: dict[KeyPath, tuple[int, int]] = field(default_factory=dict)
    _keys: dict[KeyPath, tuple[int, int]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def problem(self, path: KeyPath, code: str, hint: str = "", /, *, at_key: bool = False, **details: Any) -> Problem:
        """A :class:`Problem` at the nearest known place around ``path``."""
        return Problem.of(self.name, self.place(path, at_key=at_key), code, hint, **details)

    def place(self, path: KeyPath, *, at_key: bool = False) -> tuple[int, int]:
        """Line and column, both from 1, of the value (or key) at ``path`` or of the nearest value around it."""
        if at_key and path in self._keys:
            return self._keys[path]
        while path and path not in self._values:
            path = path[:-1]
        return self._values.get(path, (1, 1))


def read_yaml(file: Path, name: str) -> YamlSource:
    """Read ``file``; faults are collected in ``problems`` (and ``data`` is ``None`` if it cannot be parsed).

    ``name`` is how messages call the file. Raises :class:`PackError` if the file is not there.
    """
    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise PackError([Problem.of(name, (1, 1), "missing-file", name=name)]) from None
    except UnicodeDecodeError as error:
        fault = _syntax(name, (1, 1), f"byte {error.start + 1} is not UTF-8", "Save the file as UTF-8")
        raise PackError([fault]) from None
    return parse_yaml(text, name)


def parse_yaml(text: str, name: str) -> YamlSource:
    """As :func:`read_yaml`, from a string."""
    source = YamlSource(name)
    loader = _Loader(text)
    loader.resolve = _untagged
    try:
        node = loader.get_single_node()
        if node is not None:
            source.data = _Constructor(source, text).value(node, ())
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        if "single document" in (error.context or ""):
            source.problems.append(Problem.of(name, place, "several-documents"))
        else:
            source.problems.append(_syntax(name, place, error.problem or "unreadable"))
    except yaml.YAMLError as error:
        source.problems.append(_syntax(name, (1, 1), str(error).splitlines()[0]))
    except RecursionError:
        source.problems.append(_syntax(name, (1, 1), "it is nested too deep"))
    finally:
        loader.dispose()
    return source


def _untagged(kind: type[yaml.Node], value: str | None, implicit: bool | tuple[bool, bool]) -> str:
    """Stand in for libyaml's YAML 1.1 resolver: what gets none of these three marks has a tag in the text."""
    if not isinstance(implicit, tuple):
        return _COLLECTION
    return _PLAIN if implicit[0] else _QUOTED


def _syntax(name: str, place: tuple[int, int], detail: str, hint: str = "") -> Problem:
    for phrase, (meaning, advice) in _SAID_PLAINLY.items():
        if phrase in detail:
            detail, hint = meaning, advice
    return Problem.of(name, place, "yaml-syntax", hint, detail=detail)


class _Constructor:
    """Turns libyaml's nodes into values, noting places and refusing what the pack format does not allow."""

    def __init__(self, source: YamlSource, text: str) -> None:
        self._source = source
        self._lines = text.split("\n")
        self._seen: set[int] = set()

    def value(self, node: Any, path: KeyPath) -> Any:
        mark = node.start_mark
        self._source._values[path] = (mark.line + 1, mark.column + 1)
        if id(node) in self._seen:
            self._refuse(node, "alias")
            return None
        self._seen.add(id(node))
        if isinstance(node, yaml.ScalarNode):
            return self._scalar(node)
        if node.tag != _COLLECTION:
            self._refuse(node, "tag")
        if isinstance(node, yaml.SequenceNode):
            return [self.value(child, (*path, index)) for index, child in enumerate(node.value)]
        return self._mapping(node, path)

    def _mapping(self, node: Any, path: KeyPath) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                self._refuse(key_node, "yaml-syntax", detail="a key must be a word")
                continue
            if key_node.tag not in (_PLAIN, _QUOTED):
                self._refuse(key_node, "tag")
            if self._before(key_node).endswith("?"):
                # libyaml, which is of YAML 1.1, takes the text ?x in brackets for a key as well
                self._refuse(key_node, "yaml-syntax", "Put text that begins with ? in quotes", detail="a key after ?")
            key = str(key_node.value)
            if key in result:
                self._refuse(key_node, "duplicate-key", key=key)
            mark = key_node.start_mark
            self._source._keys[(*path, key)] = (mark.line + 1, mark.column + 1)
            result[key] = self.value(value_node, (*path, key))
        return result

    def _before(self, node: Any) -> str:
        """The text before a node on its line."""
        mark = node.start_mark
        return self._lines[mark.line][: mark.column].rstrip() if mark.line < len(self._lines) else ""

    def _scalar(self, node: Any) -> Any:
        text: str = node.value
        plain = not node.style  # libyaml gives '' for plain, the pure reader None
        if node.tag != (_PLAIN if plain else _QUOTED):
            self._refuse(node, "tag")
        return _resolved(text) if plain else text

    def _refuse(self, node: Any, code: str, hint: str = "", /, **details: Any) -> None:
        place = (node.start_mark.line + 1, node.start_mark.column + 1)
        self._source.problems.append(Problem.of(self._source.name, place, code, hint, **details))


def _resolved(text: str) -> str | int | float | bool | None:
    """What a plain scalar stands for in the core schema of YAML 1.2 (chapter 10.3.2)."""
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    if _OTHER_BASES.fullmatch(text):
        return int(text, 0)
    if _FLOAT.fullmatch(text):
        return float(text)
    return float(text.replace(".", "")) if _NOT_FINITE.fullmatch(text) else text
