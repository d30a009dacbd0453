"""A case that kills mutants, drafted from a patient: to be read, named by a clinician, and pasted."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from cds.pack import Findings, Pack
from cds.pack.plain_value import read_plain
from cds.verify.cases import Case
from cds.verify.cases.case import Expectation
from cds.verify.mutation.mutant import Mutant
from cds.verify.mutation.shorthand import Shorthand
from cds.verify.mutation.survivor import TellingPatient

RESPONSES: Final = "responses"
"""Folder of response files beside the cases."""
_WIDTH: Final = 110


@dataclass(frozen=True, slots=True)
class Draft:
    """A case of the ``topic`` that kills these mutants; ``expect`` has the keys of an expectation."""

    name: str
    topic: str
    patient: TellingPatient
    shorthand: Shorthand
    expect: Mapping[str, Any]
    kills: tuple[Mutant, ...]

    @property
    def file_name(self) -> str:
        """The name of its response file."""
        return f"{RESPONSES}/{_file_name(self.kills[0].id)}.json"

    def case(self, pack: Pack, bases: Mapping[str, Findings], folder: Path) -> Case:
        """The case as it would be read; ``folder`` has its response file."""
        short = self.shorthand
        usual = dict(bases[short.base]) if short.base is not None else {}
        base = {name: value for name, value in usual.items() if name not in short.left_out}
        values = {name: read_plain(pack.findings[name], value) for name, value in short.changed.items()}
        return Case(
            name=self.name,
            file=f"rules/{self.topic}.test.yaml",
            line=1,
            values={**base, **values},
            inherited=frozenset(base.keys() - values.keys()),
            chart={name: read_plain(pack.findings[name], value) for name, value in short.chart.items()},
            response=folder / self.file_name if short.in_file else None,
            as_of=None,
            expect=Expectation.model_validate(dict(self.expect)),
        )

    def write_response(self, folder: Path) -> Path | None:
        """Write the response file, if the case needs one; its path."""
        if not self.shorthand.in_file:
            return None
        path = folder / self.file_name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(self.patient.witness.response_bytes)
        return path

    def lines(self) -> Iterator[str]:
        """The case as YAML, an entry of ``cases``."""
        short = self.shorthand
        for mutant in self.kills:
            yield f"  # kills {mutant.sentence}"
        yield f"  - name: {_quoted(self.name)}"
        if short.in_file:
            yield f"    response: {self.file_name}"
        if short.base is not None:
            yield f"    from: {short.base}"
        parts = {"set": short.changed, "leave_out": list(short.left_out), "chart": short.chart, "expect": self.expect}
        for key, value in parts.items():
            if value:
                yield from _wrapped(f"    {key}: {_flow(value)}")


def _file_name(text: str) -> str:
    return "".join(letter if letter.isalnum() else "-" for letter in text)


def _flow(value: Any) -> str:
    """YAML on one line."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {_flow(entry)}" for key, entry in value.items()) + "}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_flow, value))}]"
    return str(value)


def _quoted(text: str) -> str:
    plain = text[0].isalnum() and not any(mark in text for mark in (": ", " #", '"')) and not text[0].isdigit()
    return text if plain else json.dumps(text, ensure_ascii=False)


def _wrapped(line: str) -> Iterator[str]:
    """A long line in several, broken after commas and indented under its first value."""
    indent = " " * (line.index(":") + 3)
    while len(line) > _WIDTH and (place := line.rfind(", ", len(indent), _WIDTH)) > 0:
        yield line[: place + 1]
        line = indent + line[place + 2 :]
    yield line
