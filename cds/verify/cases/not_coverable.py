"""Truths that no case can show, as the authors list them with the reason under ``not_coverable`` in a case file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cds.pack import Pack, PackError, Problem, Truth
from cds.pack.condition import Condition
from cds.pack.document import read_model
from cds.pack.expression import ConditionReader
from cds.pack.problem import did_you_mean
from cds.pack.sentence import sentence
from cds.pack.yaml_source import KeyPath, YamlSource
from cds.verify.cases.case import CaseFile, WrittenNotCoverable, case_files
from cds.verify.cases.clauses import clauses


@dataclass(frozen=True, slots=True)
class NotCoverable:
    """A ``clause`` of a ``rule`` that, its authors say, is ``never`` true, false or (``None``) unknown, and why."""

    rule: str
    clause: Condition
    never: Truth
    reason: str
    file: str
    line: int


def load_not_coverable(pack: Pack) -> tuple[NotCoverable, ...]:
    """All that the case files of a pack list. Raises :class:`PackError` for rules and clauses that are not there."""
    problems: list[Problem] = []
    found: list[NotCoverable] = []
    for name in case_files(pack):
        file, source = read_model(pack.folder, name, CaseFile, problems)
        for index, written in enumerate(file.not_coverable if file else ()):
            entry = _entry(pack, written, source, ("not_coverable", index), problems)
            if entry is not None:
                found.append(entry)
    if problems:
        raise PackError(problems)
    return tuple(found)


def _entry(
    pack: Pack, written: WrittenNotCoverable, source: YamlSource, path: KeyPath, problems: list[Problem]
) -> NotCoverable | None:
    def report(where: KeyPath, code: str, hint: str = "", /, **details: Any) -> None:
        problems.append(source.problem(where, code, hint, **details))

    rule = pack.rule.get(written.rule)
    if rule is None:
        hint = did_you_mean(written.rule, pack.rule)
        report((*path, "rule"), "wrong-type", hint, detail=f"there is no rule {written.rule!r}")
        return None
    where = (*path, "clause")
    clause = rule.when
    if written.clause is not None:
        read = ConditionReader(pack.findings, report).read(written.clause, where)
        if read is None:
            return None
        clause = read
    if clause not in clauses(rule.when):
        known = "; ".join(sentence(own, pack.findings) for own in clauses(rule.when))
        detail = f"the rule {rule.id!r} has no clause '{sentence(clause, pack.findings)}'"
        report(where, "wrong-type", f"Its clauses are: {known}", detail=detail)
        return None
    never = None if written.never == "unknown" else bool(written.never)
    return NotCoverable(rule.id, clause, never, written.reason, source.name, source.place(path)[0])
