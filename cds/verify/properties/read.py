"""``properties.yaml`` read against the pack: every name known, every condition read, nothing left unsaid."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

from cds.pack import Pack, PackError, Problem
from cds.pack.condition import Condition, findings_of
from cds.pack.document import read_model
from cds.pack.expression import ConditionReader
from cds.pack.finding import Finding
from cds.pack.problem import did_you_mean
from cds.pack.yaml_source import KeyPath, YamlSource
from cds.verify.properties.model import (
    KINDS,
    Consequent,
    ContraindicationsBlock,
    Property,
    PropertyFile,
    RedFlagsRaise,
    Statement,
    UrgencyIsMonotone,
    UrgentLevelsDoNotWait,
    Worse,
)
from cds.verify.properties.stated import Properties, StatedProperty, WorseNumber

NAME = "properties.yaml"


def read_properties(pack: Pack) -> Properties:
    """The properties of a pack; without the file, those that are asked of every pack.

    Raises :class:`PackError` with everything that is wrong in ``properties.yaml``: also for a property that is asked of
    every pack and neither claimed nor left out with a reason.
    """
    if not (pack.folder / NAME).is_file():
        return Properties(claimed=KINDS, declared=False)
    problems: list[Problem] = []
    file, source = read_model(pack.folder, NAME, PropertyFile, problems)
    found = _Reader(pack, source, problems).read(file) if file else Properties()
    if problems:
        raise PackError(problems)
    return found


@dataclass(slots=True)
class _Found:
    """What properties need to be told, as far as it was read."""

    present: dict[str, list[Condition]] = field(default_factory=dict)
    worse: list[WorseNumber] = field(default_factory=list)
    against: dict[str, list[Condition]] = field(default_factory=dict)
    stated: list[StatedProperty] = field(default_factory=list)
    excepted: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Reader:
    """Reads one file; what is wrong goes to ``problems``."""

    pack: Pack
    source: YamlSource
    problems: list[Problem]
    _seen: set[str] = field(default_factory=set)

    def read(self, file: PropertyFile) -> Properties:
        found = _Found()
        for index, entry in enumerate(file.properties):
            self._once(entry, ("properties", index))
            self._take(entry, ("properties", index), found)
        if "urgency-is-monotone" in self._seen:
            self._flags_are_listed({one.finding.id for one in found.worse})
        self._nothing_is_unsaid(file)
        return Properties(
            claimed=tuple(kind for kind in KINDS if kind in self._seen),
            left_out={entry.prove: entry.reason for entry in file.left_out},
            present=found.present,
            worse=tuple(found.worse),
            contraindications=found.against,
            statements=tuple(found.stated),
            may_wait_for=tuple(found.excepted),
        )

    def _take(self, entry: Property, path: KeyPath, found: _Found) -> None:
        """What one property needs to be told."""
        match entry:
            case RedFlagsRaise():
                found.present = self._present(entry, path)
            case UrgencyIsMonotone():
                found.worse = list(self._worse(entry.worse, path))
            case UrgentLevelsDoNotWait():
                found.excepted = [one.finding for one in entry.except_]
                for number, one in enumerate(entry.except_):
                    self._known(one.finding, self.pack.findings, "finding", (*path, "except", number))
            case ContraindicationsBlock():
                found.against = self._against(entry, path)
            case Statement():
                found.stated.append(self._stated(entry, path))
            case _:
                pass

    def _nothing_is_unsaid(self, file: PropertyFile) -> None:
        """Each kind is claimed or left out, and not both."""
        left_out = {entry.prove for entry in file.left_out}
        for index, left in enumerate(file.left_out):
            if left.prove in self._seen:
                self._report(("left_out", index), f"{left.prove} is claimed above", "Take it out in one place")
        for kind in KINDS:
            if kind not in self._seen and kind not in left_out:
                hint = f"Add '- prove: {kind}', or say under 'left_out' why it is not claimed"
                self._report((), f"nothing is said about {kind}", hint)

    def _report(self, path: KeyPath, detail: str, hint: str = "") -> None:
        self.problems.append(self.source.problem(path, "wrong-type", hint, detail=detail))

    def _once(self, entry: Property, path: KeyPath) -> None:
        name = entry.id if isinstance(entry, Statement) else entry.prove
        if name in self._seen:
            hint = "" if isinstance(entry, Statement) else "Take one of them out"
            self.problems.append(self.source.problem(path, "duplicate-id", hint, kind="property", name=name))
        self._seen.add(name)

    def _condition(self, written: Any, path: KeyPath) -> Condition | None:
        def report(where: KeyPath, code: str, hint: str = "", /, **details: Any) -> None:
            self.problems.append(self.source.problem(where, code, hint, **details))

        return ConditionReader(self.pack.findings, report).read(written, path)

    def _present(self, entry: RedFlagsRaise, path: KeyPath) -> dict[str, list[Condition]]:
        found: dict[str, list[Condition]] = {}
        for index, written in enumerate(entry.present):
            place = (*path, "present", index)
            condition = self._condition(written, place)
            if condition is None:
                continue
            (name,) = findings_of(condition)
            if not self.pack.findings[name].red_flag:
                hint = "Write 'red_flag: true' in findings.yaml, or take it out"
                self._report(place, f"{name} is not a red flag", hint)
            found.setdefault(name, []).append(condition)
        for name, finding in self.pack.findings.items():
            if finding.red_flag and finding.type == "integer" and name not in found:
                hint = f"Add 'present: [{name} >= NUMBER]'"
                self._report(path, f"{name} is a red flag and a number: nothing says from where on it is one", hint)
        return found

    def _worse(self, entries: Iterable[Worse], path: KeyPath) -> Iterator[WorseNumber]:
        for index, entry in enumerate(entries):
            place = (*path, "worse", index)
            finding = self.pack.findings.get(entry.finding)
            if finding is None or finding.type != "integer":
                numbers = [name for name, one in self.pack.findings.items() if one.type == "integer"]
                hint = did_you_mean(entry.finding, numbers)
                self._report((*place, "finding"), f"{entry.finding} is not a number among the findings", hint)
                continue
            low, high = (_parts(finding, given) for given in (entry.from_, entry.to))
            least = finding.low if low is None else max(low, finding.low)
            most = finding.high if high is None else min(high, finding.high)
            if least >= most:
                self._report(place, "there are no two values to compare", "Let 'from' be less than 'to'")
            yield WorseNumber(finding, entry.is_ == "higher", least, most)

    def _flags_are_listed(self, listed: Collection[str]) -> None:
        """A red flag that is a number is worse at one end; only its author knows at which."""
        for name, finding in self.pack.findings.items():
            if finding.red_flag and finding.type == "integer" and name not in listed:
                hint = f"Add '{{finding: {name}, is: higher}}' under 'worse' of urgency-is-monotone"
                self._report((), f"{name} is a red flag and a number: nothing says which values are worse", hint)

    def _against(self, entry: ContraindicationsBlock, path: KeyPath) -> dict[str, list[Condition]]:
        found: dict[str, list[Condition]] = {}
        for advice in self.pack.advice:
            if (advice in entry.advice) is (advice in entry.without):
                what = "both a list and" if advice in entry.advice else "neither a list nor"
                hint = f"List them under 'advice', or say under 'without: {{{advice}: …}}' why there are none"
                self._report(path, f"of contraindications of {advice} there is {what} a reason", hint)
        for advice in entry.without:
            self._known(advice, self.pack.advice, "advice", (*path, "without", advice))
        for advice, conditions in entry.advice.items():
            place = (*path, "advice", advice)
            self._known(advice, self.pack.advice, "advice", place)
            if not conditions:
                hint = f"List conditions, or say under 'without: {{{advice}: …}}' why there is none"
                self._report(place, f"the contraindications of {advice} are an empty list", hint)
            read = [self._condition(written, (*place, index)) for index, written in enumerate(conditions)]
            found[advice] = [condition for condition in read if condition is not None]
        return found

    def _stated(self, entry: Statement, path: KeyPath) -> StatedProperty:
        certainly = None if entry.if_ is None else self._condition(entry.if_, (*path, "if"))
        possibly = None if entry.possibly is None else self._condition(entry.possibly, (*path, "possibly"))
        then, place = entry.then, (*path, "then")
        for level in filter(None, (then.at_least, then.at_most)):
            self._known(level, self.pack.rank, "level", place)
        for name in (*then.fires, *then.does_not_fire):
            self._known(name, self.pack.rule, "rule", place)
        for name in then.no_advice:
            self._known(name, self.pack.advice, "advice", place)
        if then.out_of_scope is not None:
            self._known(then.out_of_scope, self.pack.cards.out_of_scope, "reason to be out of scope", place)
        if not _promises(then, [level.id for level in self.pack.levels]):
            self._report(place, "the statement promises nothing", "Write what must follow, such as 'at_least: LEVEL'")
        return StatedProperty(entry.id, entry.title, certainly, possibly, then)

    def _known(self, name: str, known: Mapping[str, object], kind: str, path: KeyPath) -> None:
        if name not in known:
            self._report(path, f"there is no {kind} {name!r}", did_you_mean(name, known))


def _promises(then: Consequent, levels: Sequence[str]) -> bool:
    """Whether anything could break the promise: every level is at least the last, and at most the first."""
    bounds = then.at_least not in (None, levels[-1]) or then.at_most not in (None, levels[0])
    rest = (then.fires, then.does_not_fire, then.no_advice, then.out_of_scope, then.never)
    return bounds or any(rest)


def _parts(finding: Finding, given: int | float | None) -> int | None:
    """A number in the parts in which the finding holds it."""
    return None if given is None else int(Fraction(Decimal(str(given))) * finding.scale)
