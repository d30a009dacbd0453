"""Rule files read against the vocabulary: single rules and table rows become the same :class:`Rule`."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final

from cds.pack.condition import Condition
from cds.pack.document import read_model
from cds.pack.expression import ConditionReader
from cds.pack.finding import Finding
from cds.pack.problem import Problem, did_you_mean
from cds.pack.rule import Consequence, Rule, RuleFile, Table, WrittenRule, WrittenTable
from cds.pack.rule_checks import check_conclusions, check_subsumed
from cds.pack.table import Row, expand
from cds.pack.yaml_source import KeyPath, YamlSource

_NO_DAY: Final = date.min


@dataclass(slots=True)
class RuleReader:
    """Reads all rule files of a pack; ``known`` holds the names that rules may refer to, by kind."""

    folder: Path
    languages: tuple[str, ...]
    findings: Mapping[str, Finding]
    findings_source: YamlSource
    known: Mapping[str, Collection[str]]
    problems: list[Problem]
    rules: list[Rule] = field(default_factory=list)
    tables: dict[str, Table] = field(default_factory=dict)
    _places: dict[str, tuple[YamlSource, KeyPath]] = field(default_factory=dict)
    _concluded: set[str] = field(default_factory=set)

    def read_all(self) -> tuple[Rule, ...]:
        """All rules, file by file in the order of the file names, then check how they conclude each other."""
        names = rule_files(self.folder)
        if not names:
            self.problems.append(Problem.of("rules", (1, 1), "missing-file", name="rules/<topic>.yaml"))
        for name in names:
            self._file(name)
        self._check_files()
        check_subsumed(self.rules, self._places, self.problems)
        check_conclusions(self.rules, self._places, self._concluded, self.findings, self.findings_source, self.problems)
        return tuple(self.rules)

    def _check_files(self) -> None:
        """No YAML under ``rules/`` is passed over because of its name or place."""
        for file in sorted((self.folder / "rules").rglob("*")):
            name = file.relative_to(self.folder).as_posix()
            passed_over = file.suffix != ".yaml" or file.parent.name != "rules"
            if file.suffix.lower() in (".yaml", ".yml") and passed_over:
                self.problems.append(Problem.of(name, (1, 1), "unread-file"))

    def _file(self, name: str) -> None:
        model, source = read_model(self.folder, name, RuleFile, self.problems, self.languages)
        if model is None:
            return

        def report(path: KeyPath, code: str, hint: str = "", /, **details: Any) -> None:
            self.problems.append(source.problem(path, code, hint, **details))

        conditions = ConditionReader(self.findings, report)
        for index, written in enumerate(model.rules):
            path: KeyPath = ("rules", index)
            condition = conditions.read(written.when, (*path, "when"))
            self._add(written, condition, model, source, path)
        for index, table in enumerate(model.tables):
            rows = expand(table, conditions, ("tables", index))
            for row, condition, path in rows:
                self._add(row, condition, model, source, path)
            self._keep(table, rows, source, ("tables", index))

    def _keep(self, table: WrittenTable, rows: list[Row], source: YamlSource, path: KeyPath) -> None:
        if table.id in self.tables:
            self.problems.append(source.problem((*path, "id"), "duplicate-id", kind="table", name=table.id))
        self.tables[table.id] = Table(
            id=table.id,
            title=table.title,
            hit=table.hit,
            inputs=tuple(table.inputs),
            rows=tuple(rule.id for rule, _, _ in rows),
            file=source.name,
            line=source.place(path)[0],
        )

    def _add(
        self, written: WrittenRule, condition: Condition | None, file: RuleFile, source: YamlSource, path: KeyPath
    ) -> None:
        if written.id in self._places:
            self.problems.append(source.problem((*path, "id"), "duplicate-id", kind="rule", name=written.id))
        self._places[written.id] = (source, path)
        status = written.status or file.defaults.status
        effective = written.effective or file.defaults.effective
        review = written.review or file.defaults.review
        for key, value in (("status", status), ("effective", effective), ("review", review)):
            if value is None:
                hint = f"Add a line '{key}: ...' here, or under 'defaults' for the whole file"
                self.problems.append(source.problem(path[:2], "missing-key", hint, key=key))
        if not written.citations and not written.unverified and status != "draft":
            self.problems.append(source.problem(path, "no-citation", name=written.id))
        for place, key in _citations(written, file, path):
            self._known(source, place, "citation", key)
        self._consequence(written.then, source, (*path, "then"))
        if written.then.conclude is not None and status in ("in-review", "active"):
            self._concluded.add(written.then.conclude)
        if condition is not None:
            self.rules.append(
                Rule(
                    id=written.id,
                    title=written.title,
                    topic=file.topic,
                    status=status or "draft",
                    effective=effective or _NO_DAY,
                    review=review or _NO_DAY,
                    when=condition,
                    then=written.then,
                    rationale=written.rationale,
                    citations=tuple(written.citations),
                    unverified=written.unverified,
                    file=source.name,
                    line=source.place(path)[0],
                    subsumed_by=tuple(written.subsumed_by),
                )
            )

    def _known(self, source: YamlSource, path: KeyPath, kind: str, name: str | None) -> None:
        if name is not None and name not in self.known[kind]:
            hint = did_you_mean(name, self.known[kind])
            self.problems.append(source.problem(path, f"unknown-{kind}", hint, name=name))

    def _consequence(self, then: Consequence, source: YamlSource, path: KeyPath) -> None:
        def report(at: str | None, code: str, /, **details: Any) -> None:
            self.problems.append(source.problem((*path, at) if at else path, code, **details))

        self._known(source, (*path, "level"), "level", then.level)
        self._known(source, (*path, "instead"), "instead", then.instead)
        self._known(source, (*path, "out_of_scope"), "scope", then.out_of_scope)
        for key in ("advise", "block"):
            for index, name in enumerate(getattr(then, key)):
                self._known(source, (*path, key, index), "advice", name)
        if then.conclude is not None:
            finding = self.findings.get(then.conclude)
            if finding is None:
                self._known(source, (*path, "conclude"), "finding", then.conclude)
            elif not finding.derived:
                report("conclude", "conclude-base", name=then.conclude)
        if not any((then.level, then.conclude, then.advise, then.block, then.out_of_scope)):
            report(None, "rule-without-effect")
        speaks = "level" if then.level else "out_of_scope" if then.out_of_scope else None
        if speaks and then.reason is None:
            report(None, "reason-missing", key=speaks)
        if then.reason is not None and speaks is None:
            report("reason", "reason-unused")
        if then.instead and not then.block:
            report("instead", "instead-without-block")


def rule_files(folder: Path) -> list[str]:
    """Name the rule files of a pack, relative to it, in the order in which they are read."""
    files = sorted((folder / "rules").glob("*.yaml"))
    return [f"rules/{file.name}" for file in files if not file.name.endswith(".test.yaml")]


def _citations(written: WrittenRule, file: RuleFile, path: KeyPath) -> Iterator[tuple[KeyPath, str]]:
    """Each citation and where it stands: a row has its own and those of its table."""
    own = written.citations
    if path[0] == "tables":
        table = file.tables[int(path[1])]
        yield from (((*path[:2], "citations", index), key) for index, key in enumerate(table.citations))
        own = table.rows[int(path[3])].citations
    yield from (((*path, "citations", index), key) for index, key in enumerate(own))
