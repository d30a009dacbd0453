"""Where things stand in the files of a pack: read again, and only when there is something to say of them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cds.pack import PackError
from cds.pack.yaml_source import KeyPath, YamlSource, read_yaml
from cds.verify.issue import Place

QUESTIONNAIRE = "questionnaire.json"


class Sources:
    """The YAML and JSON files of one pack, with the line of every value.

    For its lines JSON is read as the YAML that it nearly always is; where it is not, line 1 is given.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._read: dict[str, YamlSource] = {}

    def source(self, name: str) -> YamlSource:
        """A file of the pack; empty where it is not there or cannot be read."""
        if name not in self._read:
            try:
                self._read[name] = read_yaml(self._folder / name, name)
            except PackError:
                self._read[name] = YamlSource(name)
        return self._read[name]

    def place(self, name: str, path: KeyPath, label: str = "") -> Place:
        """The place of a value, or of its key where it has one."""
        return Place(name, self.source(name).place(path, at_key=True)[0], label)

    def listed(self, name: str, path: KeyPath, entry_id: str, *, key: str = "id") -> Place:
        """The place of the entry of a list at ``path`` whose ``key`` is ``entry_id``."""
        for index, entry in enumerate(_at(self.source(name).data, path) or ()):
            if isinstance(entry, dict) and entry.get(key) == entry_id:
                return self.place(name, (*path, index), entry_id)
        return self.place(name, path, entry_id)

    def finding(self, finding_id: str) -> Place:
        """The place of a finding."""
        return self.listed("findings.yaml", ("findings",), finding_id)

    def code(self, finding_id: str, code: str) -> Place:
        """The place of a code of a finding."""
        for index, entry in enumerate(_at(self.source("findings.yaml").data, ("findings",)) or ()):
            if isinstance(entry, dict) and entry.get("id") == finding_id:
                place = self.listed("findings.yaml", ("findings", index, "codes"), code, key="code")
                return Place(place.file, place.line, f"{finding_id} {code}")
        return self.finding(finding_id)

    def question(self, link_id: str) -> Place:
        """The place of an item of the questionnaire."""
        for path, item in _items(self.source(QUESTIONNAIRE).data, ()):
            if item.get("linkId") == link_id:
                return Place(QUESTIONNAIRE, self.source(QUESTIONNAIRE).place((*path, "linkId"))[0], link_id)
        return Place(QUESTIONNAIRE, 1, link_id)

    def word(self, name: str, word: str, label: str = "") -> Place:
        """The first line of a JSON file that has a word in quotes."""
        text = self._folder / name
        lines = text.read_text(encoding="utf-8").splitlines() if text.exists() else []
        line = next((number for number, line in enumerate(lines, 1) if f'"{word}"' in line), 1)
        return Place(name, line, label or word)

    def resource(self, name: str) -> dict[str, Any] | None:
        """A JSON file of the pack as its object; ``None`` where it is none. What counts is read here, not as YAML."""
        try:
            data = json.loads((self._folder / name).read_bytes())
        except (OSError, ValueError):
            return None
        return data if isinstance(data, dict) else None

    def code_systems(self) -> Iterator[tuple[str, dict[str, Any] | None]]:
        """The code systems of the pack: file name, and the resource if it can be read."""
        for file in sorted((self._folder / "codes").glob("CodeSystem-*.json")):
            name = f"codes/{file.name}"
            data = self.resource(name)
            yield name, data if data and data.get("resourceType") == "CodeSystem" else None


def _at(data: Any, path: KeyPath) -> Any:
    for step in path:
        try:
            data = data[step]
        except (KeyError, IndexError, TypeError):
            return None
    return data


def _items(holder: Any, path: KeyPath) -> Iterator[tuple[KeyPath, dict[str, Any]]]:
    """All items of a questionnaire and their places, in document order."""
    for index, item in enumerate(_at(holder, ("item",)) or ()):
        if isinstance(item, dict):
            here = (*path, "item", index)
            yield here, item
            yield from _items(item, here)
