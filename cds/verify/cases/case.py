"""Rule cases: ``rules/<topic>.test.yaml`` and the base patients of ``patients.yaml``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from cds.pack import Findings, Pack, PackError, Problem
from cds.pack.document import read_model
from cds.pack.finding import PackModel
from cds.pack.name import CodeName
from cds.pack.plain_value import read_plain
from cds.pack.problem import did_you_mean
from cds.pack.value import FindingValue
from cds.pack.yaml_source import KeyPath, YamlSource

Kind = Literal["rule", "advice", "finding", "level"]


class Expectation(PackModel):
    """What a case expects; lists are "at least these"."""

    outcome: str | None = None
    level: str | None = None
    possible_level: str | None = None
    fires: list[str] = []
    does_not_fire: list[str] = []
    could_fire: list[str] = []
    advice: list[str] = []
    no_advice: list[str] = []
    ask_first: list[str] = []
    open: list[str] = []
    not_open: list[str] = []
    withholds: list[str] = []


class WrittenCase(PackModel):
    """A case as it stands in a file."""

    name: str
    base: str | None = Field(default=None, alias="from")
    set: dict[str, Any] = {}
    leave_out: list[str] = []
    response: str | None = None
    chart: dict[str, Any] = {}
    as_of: str | None = None
    expect: Expectation


class WrittenNotCoverable(PackModel):
    """A clause of a rule that is never true, false or unknown in any case, and why. No clause: the whole condition."""

    rule: str
    clause: Any = None
    never: bool | Literal["unknown"]
    reason: str


class CaseFile(PackModel):
    """A ``*.test.yaml`` file."""

    cases: list[WrittenCase]
    not_coverable: list[WrittenNotCoverable] = []


class PatientFile(PackModel):
    """``patients.yaml``."""

    patients: dict[CodeName, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Case:
    """A case ready to run. ``inherited`` are findings of the base patient that the case does not mention.

    Either ``values`` or ``response`` (the path of a QuestionnaireResponse) says what the patient answered.
    """

    name: str
    file: str
    line: int
    values: Findings
    inherited: frozenset[str]
    chart: Findings
    response: Path | None
    as_of: str | None
    expect: Expectation


def load_patients(pack: Pack) -> Mapping[str, Findings]:
    """The base patients of a pack. Raises :class:`PackError` for what is wrong in ``patients.yaml``."""
    problems: list[Problem] = []
    file, source = read_model(pack.folder, "patients.yaml", PatientFile, problems)
    patients = {}
    for name, values in (file.patients if file else {}).items():
        patients[name] = _values(pack, values, source, ("patients", name), problems)
    if problems:
        raise PackError(problems)
    return patients


def case_files(pack: Pack) -> tuple[str, ...]:
    """The case files of a pack, relative to its folder, in the order in which they are read."""
    return tuple(f"rules/{path.name}" for path in sorted((pack.folder / "rules").glob("*.test.yaml")))


def load_cases(pack: Pack) -> tuple[Case, ...]:
    """All cases of a pack, file by file. Raises :class:`PackError` with everything that is wrong in them."""
    patients = load_patients(pack)
    problems: list[Problem] = []
    cases: list[Case] = []
    for name in case_files(pack):
        file, source = read_model(pack.folder, name, CaseFile, problems)
        for index, written in enumerate(file.cases if file else ()):
            cases.append(_case(pack, written, patients, source, ("cases", index), problems))
    if problems:
        raise PackError(problems)
    return tuple(cases)


def _case(
    pack: Pack,
    written: WrittenCase,
    patients: Mapping[str, Findings],
    source: YamlSource,
    path: KeyPath,
    problems: list[Problem],
) -> Case:
    def report(where: KeyPath, code: str, hint: str = "", **details: Any) -> None:
        problems.append(source.problem((*path, *where), code, hint, **details))

    base: dict[str, FindingValue] = {}
    if written.base is not None:
        if written.base in patients:
            base = dict(patients[written.base])
        else:
            hint = did_you_mean(written.base, patients)
            report(("from",), "wrong-type", hint, detail=f"there is no base patient {written.base!r}")
    changed = _values(pack, written.set, source, (*path, "set"), problems)
    for index, name in enumerate(written.leave_out):
        if name not in pack.findings:
            report(("leave_out", index), "unknown-finding", did_you_mean(name, pack.findings), name=name)
        base.pop(name, None)
    for where, kind, name in _names(written.expect):
        known: Mapping[str, object] = {
            "rule": pack.rule,
            "advice": pack.advice,
            "finding": pack.findings,
            "level": {**pack.rank, "incomplete": None, "out-of-scope": None},
        }[kind]
        if name not in known:
            hint = did_you_mean(name, known)
            report(("expect", *where), "wrong-type", hint, detail=f"there is no {kind} {name!r}")
    return Case(
        name=written.name,
        file=source.name,
        line=source.place(path)[0],
        values={**base, **changed},
        inherited=frozenset(base.keys() - changed.keys()),
        chart=_values(pack, written.chart, source, (*path, "chart"), problems),
        response=(pack.folder / "rules" / written.response) if written.response else None,
        as_of=written.as_of,
        expect=written.expect,
    )


def _values(
    pack: Pack, values: Mapping[str, Any], source: YamlSource, path: KeyPath, problems: list[Problem]
) -> dict[str, FindingValue]:
    read: dict[str, FindingValue] = {}
    for name, value in values.items():
        finding = pack.findings.get(name)
        if finding is None or finding.derived:
            hint = did_you_mean(name, (key for key, entry in pack.findings.items() if not entry.derived))
            problems.append(source.problem((*path, name), "unknown-finding", hint, at_key=True, name=name))
            continue
        try:
            read[name] = read_plain(finding, value)
        except ValueError as error:
            problems.append(source.problem((*path, name), "wrong-type", detail=str(error)))
    return read


def _names(expect: Expectation) -> Iterator[tuple[KeyPath, Kind, str]]:
    """Every name in an expectation, with its place and what it must name."""
    for key in ("outcome", "level", "possible_level"):
        name = getattr(expect, key)
        if name is not None:
            yield (key,), "level", name
    kinds: dict[str, Kind] = {
        **dict.fromkeys(("fires", "does_not_fire", "could_fire"), "rule"),
        **dict.fromkeys(("advice", "no_advice", "ask_first"), "advice"),
        **dict.fromkeys(("open", "not_open", "withholds"), "finding"),
    }
    for key, kind in kinds.items():
        for index, name in enumerate(getattr(expect, key)):
            yield (key, index), kind, name
