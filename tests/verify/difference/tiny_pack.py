"""A pack that is small enough to try every patient, and every change of it that a test makes."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from itertools import product
from pathlib import Path
from typing import Final

from cds import DecisionSupport
from cds.assessment import Decision
from cds.engine import EngineFault
from cds.intake import IntakeError
from cds.intake.checked import Answer
from cds.pack import Pack
from cds.verify.difference.change_class import Kind
from cds.verify.difference.reading import reading
from cds.verify.difference.side import at_one_time
from cds.verify.witness import ChartFact, Facts, WitnessMaker
from tests.pack.overlay import MINIMAL

TINY: Final = Path(__file__).parent / "tiny"
Told = tuple[Kind, str, str, str]
"""Kind, subject, and what was and is said."""
Change = tuple[str, str, str]
"""A file of the pack, what stands in it, and what is written instead."""


def tiny_pack(folder: Path, *changes: Change) -> Path:
    """A copy of the tiny pack in ``folder``, with these changes."""
    shutil.copytree(MINIMAL, folder)
    shutil.rmtree(folder / "rules")
    shutil.copytree(TINY, folder, dirs_exist_ok=True)
    for file, before, after in changes:
        change(folder, file, before, after)
    return folder


def change(folder: Path, file: str, before: str, after: str) -> None:
    """Write something else in a file; what was there must be there once."""
    text = (folder / file).read_text(encoding="utf-8")
    assert text.count(before) == 1, (file, before, text.count(before))
    (folder / file).write_text(text.replace(before, after), encoding="utf-8")


def patients(pack: Pack, records: Mapping[str, ChartFact]) -> Iterator[Facts]:
    """Every way to answer the questionnaire, and every chart that says some of these records."""
    questions = [(link_id, _answers(pack, link_id)) for link_id in pack.questionnaire.items if link_id != "comment"]
    charts = [
        {name: fact for (name, fact), there in zip(records.items(), chosen, strict=True) if there}
        for chosen in product((False, True), repeat=len(records))
    ]
    for given in product(*(answers for _, answers in questions)):
        answers = {link_id: one for (link_id, _), one in zip(questions, given, strict=True) if one}
        yield from (Facts(answers, chart) for chart in charts)


def _answers(pack: Pack, link_id: str) -> list[tuple[Answer, ...]]:
    item = pack.questionnaire.items[link_id]
    if item.type == "boolean":
        return [(), (True,), (False,)]
    if item.type == "integer":
        return [(), *((number,) for number in range(item.minimum, item.maximum + 1))]
    values = [option.value for option in item.options.values()]
    if not item.repeats:
        return [(), *((value,) for value in values)]
    chosen = product((False, True), repeat=len(values))
    return [tuple(value for value, there in zip(values, ticks, strict=True) if there) for ticks in chosen]


def by_trying(old: Pack, new: Pack, records: Mapping[str, ChartFact]) -> dict[Told, set[str]]:
    """All classes, by deciding about every patient in both versions; their questionnaires must be the same.

    With each stand the rules that fire otherwise for some of its patients: certainly if it is about the certain level,
    possibly if it is about the possible one, else either.
    """
    supports = DecisionSupport(at_one_time(old, new)), DecisionSupport(new)
    maker = WitnessMaker(supports[1])
    found: dict[Told, set[str]] = {}
    for facts in patients(new, records):
        witness = maker.make(facts)
        try:
            decisions = [witness.decide(support) for support in supports]
        except (IntakeError, EngineFault):
            continue
        told = [readings(support.pack, one) for support, one in zip(supports, decisions, strict=True)]
        certainly, possibly = _otherwise(*decisions)
        for key in told[0].keys() | told[1].keys():
            kind, subject = key
            nothing = "not-given" if kind == "advice" else "no"
            before, after = (one.get(key, nothing) for one in told)
            if before != after:
                rules = found.setdefault((kind, subject, before, after), set())
                rules |= (
                    certainly if kind == "level" else possibly if kind == "possible-level" else certainly | possibly
                )
    return found


def _otherwise(old: Decision, new: Decision) -> tuple[set[str], set[str]]:
    """The rules that certainly fire in one version alone, and those that possibly do."""
    fired = [{rule.id for rule in one.assessment.fired} for one in (old, new)]
    possible = [
        {rule.id for rule in one.assessment.undecided} | own for one, own in zip((old, new), fired, strict=True)
    ]
    return fired[0] ^ fired[1], possible[0] ^ possible[1]


def readings(pack: Pack, decision: Decision) -> dict[tuple[Kind, str], str]:
    """Everything that a class can be about."""
    keys: list[tuple[Kind, str]] = [("level", ""), ("possible-level", ""), ("outcome", "")]
    keys += [("advice", name) for name in pack.advice]
    for name, finding in pack.findings.items():
        if not finding.derived:
            keys += [("asked", name), ("withholds", name)]
    return {key: reading(decision, *key) for key in keys}
