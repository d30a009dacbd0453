"""The evidence trace: each row of the evidence, and the rules, advice or questions that carry it, or why none does."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from cds.pack import Pack, PackError, Problem
from cds.pack.document import read_model
from cds.pack.finding import PackModel
from cds.pack.problem import did_you_mean
from cds.pack.yaml_source import KeyPath, YamlSource

NAME = "evidence-trace.yaml"


class TraceRow(PackModel):
    """A row of the evidence. ``rules``, ``advice`` and ``findings`` carry it; if none does, ``reason`` says why."""

    id: str
    statement: str
    rules: list[str] = []
    advice: list[str] = []
    findings: list[str] = []
    reason: str | None = None

    @model_validator(mode="after")
    def _leads_somewhere(self) -> TraceRow:
        if not (self.rules or self.advice or self.findings or (self.reason or "").strip()):
            raise PydanticCustomError("trace-empty", "trace-empty", {"name": self.id})
        return self


class TraceFile(PackModel):
    """``evidence-trace.yaml``."""

    rows: list[TraceRow]


def load_trace(pack: Pack) -> tuple[TraceRow, ...]:
    """The evidence rows of a pack, in the order of the file.

    A draft or a retired rule carries nothing. Raises :class:`PackError` with every row that leads nowhere, that
    stands twice, or that names what the pack does not have.
    """
    problems: list[Problem] = []
    file, source = read_model(pack.folder, NAME, TraceFile, problems)
    rows = tuple(file.rows) if file else ()
    known = {"rules": pack.rule, "advice": pack.advice, "findings": pack.findings}
    seen: set[str] = set()
    for index, row in enumerate(rows):
        if row.id in seen:
            problems.append(source.problem(("rows", index, "id"), "duplicate-id", kind="evidence row", name=row.id))
        seen.add(row.id)
        problems.extend(_unknown(row, ("rows", index), source, known))
    if problems:
        raise PackError(problems)
    return rows


def _unknown(
    row: TraceRow, path: KeyPath, source: YamlSource, known: Mapping[str, Collection[str]]
) -> Iterator[Problem]:
    for key, names in known.items():
        for index, name in enumerate(getattr(row, key)):
            if name not in names:
                kind = key.removesuffix("s")
                hint = did_you_mean(name, names)
                place = (*path, key, index)
                yield source.problem(place, "trace-unknown", hint, row=row.id, kind=kind, name=name)
