"""Rule files read against the vocabulary: single rules and table rows become the same :class:`Rule`."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final

from cds.pack.condition import Condition, findings_of
from cds.pack.document import read_model
from cds.pack.expression import ConditionReader
from cds.pack.finding import Finding
from cds.pack.problem import Problem, did_you_mean
from cds.pack.rule import Consequence, Rule, RuleFile, WrittenRule
from cds.pack.table import expand
from cds.pack.yaml_source import KeyPath, YamlSource

_NO_DAY: Final = date.min


@dataclass(slots=True)
class RuleReader:
    """Reads all rule files of a pack; ``known`` holds the names that rules may refer to, by kind."""

    folder: Path
    languages: tuple[str, ...]
    findings: Mapping[str, Finding]
    known: Mapping[str, Collection[str]]
    problems: list[Problem]
    rules: list[Rule] = field(default_factory=list)
    _places: dict[str, tuple[YamlSource, KeyPath]] = field(default_factory=dict)

    def read_all(self) -> tuple[Rule, ...]:
        """All rules, file by file in the order of the file names, then check how they conclude each other."""
        for file in sorted((self.folder / "rules").glob("*.yaml")):
            if not file.name.endswith(".test.yaml"):
                self._file(f"rules/{file.name}")
        self._check_conclusions()
        return tuple(self.rules)

    def _file(self, name: str) -> None:
        model, source = read_model(self.folder, name, RuleFile, self.problems, self.languages)
        if model is None:
            return

        def report(path: KeyPath, code: str, hint: str = "", **details: Any) -> None:
            self.problems.append(source.problem(path, code, hint, **details))

        conditions = ConditionReader(self.findings, report)
        for index, written in enumerate(model.rules):
            path: KeyPath = ("rules", index)
            condition = conditions.read(written.when, (*path, "when"))
            self._add(written, condition, model, source, path)
        for index, table in enumerate(model.tables):
            for row, condition, path in expand(table, conditions, ("tables", index)):
                self._add(row, condition, model, source, path)

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
                hint = "Give it here or under 'defaults'"
                self.problems.append(source.problem(path, "missing-key", hint, key=key))
        if not written.citations and not written.unverified and status != "draft":
            self.problems.append(source.problem(path, "no-citation", "Or mark the rule 'unverified: true'"))
        for index, key in enumerate(written.citations):
            self._known(source, (*path, "citations", index), "citation", key)
        self._consequence(written.then, source, (*path, "then"))
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
                )
            )

    def _known(self, source: YamlSource, path: KeyPath, kind: str, name: str | None) -> None:
        if name is not None and name not in self.known[kind]:
            hint = did_you_mean(name, self.known[kind])
            self.problems.append(source.problem(path, f"unknown-{kind}", hint, name=name))

    def _consequence(self, then: Consequence, source: YamlSource, path: KeyPath) -> None:
        def report(key: str | None, code: str, **details: Any) -> None:
            self.problems.append(source.problem((*path, key) if key else path, code, **details))

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

    def _check_conclusions(self) -> None:
        """Every derived finding is concluded by some evaluated rule, and no finding depends on itself."""
        needs: dict[str, set[str]] = {name: set() for name, finding in self.findings.items() if finding.derived}
        concluded: set[str] = set()
        for rule in self.rules:
            if rule.evaluated and rule.then.conclude in needs:
                concluded.add(rule.then.conclude)
                needs[rule.then.conclude] |= findings_of(rule.when) & needs.keys()
        for name in needs.keys() - concluded:
            self.problems.append(Problem("findings.yaml", 1, 1, "not-concluded", f"no rule concludes the derived finding {name!r}"))
        cycle = _cycle(needs)
        if cycle:
            first, second = cycle[:2]
            rule = next(r for r in self.rules if r.then.conclude == first and second in findings_of(r.when))
            source, path = self._places[rule.id]
            self.problems.append(source.problem(path, "cycle", path=" -> ".join(cycle)))


def _cycle(needs: Mapping[str, set[str]]) -> list[str] | None:
    """A cycle of the graph, as a path that ends where it began, or ``None``."""
    done: set[str] = set()

    def visit(name: str, path: list[str]) -> list[str] | None:
        if name in path:
            return [*path[path.index(name) :], name]
        if name in done:
            return None
        for other in sorted(needs[name]):
            found = visit(other, [*path, name])
            if found:
                return found
        done.add(name)
        return None

    for name in sorted(needs):
        found = visit(name, [])
        if found:
            return found
    return None
