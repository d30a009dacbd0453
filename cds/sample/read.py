"""``population.yaml`` read against the pack: every question answered somehow, every name known, every share sourced."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from math import isclose
from typing import Any, Final

from cds.pack import Pack, PackError, Problem
from cds.pack.condition import Condition
from cds.pack.document import read_model
from cds.pack.expression import ConditionReader
from cds.pack.problem import did_you_mean
from cds.pack.questionnaire import Item
from cds.pack.yaml_source import KeyPath, YamlSource
from cds.sample.answer_check import AnswerCheck, fitting, forms, merged, unsure_code
from cds.sample.chart_check import ChartCheck
from cds.sample.chart_plan import ChartPlan, chart_plan
from cds.sample.model import AnswerEntry, ChartEntry, PopulationFile, Profile, Sourced, Stated
from cds.sample.population import DrawnProfile, Population, StatedShare
from cds.sample.question_plan import QuestionPlan, question_plan

NAME: Final = "population.yaml"


def read_population(pack: Pack) -> Population:
    """The population of a pack.

    Raises :class:`PackError` if the pack has no ``population.yaml``, or with everything that is wrong in it: also for a
    question of the form that it does not answer.
    """
    problems: list[Problem] = []
    file, source = read_model(pack.folder, NAME, PopulationFile, problems, tuple(pack.header.languages))
    if file is not None:
        _Reader(pack, source, problems).check(file)
    if file is None or problems:
        raise PackError(problems)
    return _planned(pack, file)


@dataclass(slots=True)
class _Reader:
    """Checks one file; what is wrong goes to ``problems``."""

    pack: Pack
    source: YamlSource
    problems: list[Problem]
    _answers: AnswerCheck = field(init=False)
    _charts: ChartCheck = field(init=False)
    _sound: set[str] = field(default_factory=set)
    """Questions whose general entry has no fault; what profiles change in the others cannot be judged."""

    def __post_init__(self) -> None:
        self._answers = AnswerCheck(self.pack, self._report)
        self._charts = ChartCheck(self.pack, self._report)

    def check(self, file: PopulationFile) -> None:
        """Report all that is wrong."""
        self._general(file)
        seen: set[str] = set()
        for index, profile in enumerate(file.profiles):
            path = ("profiles", index)
            if profile.id in seen:
                self.problems.append(self.source.problem(path, "duplicate-id", kind="profile", name=profile.id))
            seen.add(profile.id)
            self._sourced(profile, path)
            self._profile(file, profile, path)
        total = sum(profile.share for profile in file.profiles)
        if not isclose(total, 1, abs_tol=1e-9):
            hint = "Change them so that they add up to 1"
            self._report(("profiles",), f"the shares of the profiles add up to {total:g}", hint)
        for index, stated in enumerate(file.stated):
            self._stated(stated, seen, ("stated", index))

    def _general(self, file: PopulationFile) -> None:
        for item in _questions(self.pack):
            entry = file.answers.get(item.link_id)
            if entry is None:
                hint = f"Add '{item.link_id}: {{{forms(item)}}}'"
                self._report(("answers",), f"nothing is said about the question {item.link_id}", hint)
            else:
                before = len(self.problems)
                self._answers.check(item, entry, ("answers", item.link_id), _must(self.pack, item))
                if len(self.problems) == before:
                    self._sound.add(item.link_id)
        self._known(file.answers, ("answers",))
        for name, charted in file.chart.items():
            self._charts.check(name, charted, ("chart", name))

    def _profile(self, file: PopulationFile, profile: Profile, path: KeyPath) -> None:
        self._known(profile.answers, (*path, "answers"))
        for item in _questions(self.pack):
            over = profile.answers.get(item.link_id)
            if over is not None and item.link_id in self._sound:
                whole, place = merged(file.answers[item.link_id], over), (*path, "answers", item.link_id)
                self._answers.check(item, whole, place, _must(self.pack, item))
        for name, charted in profile.chart.items():
            self._charts.check(name, charted, (*path, "chart", name))

    def _known(self, answers: dict[str, AnswerEntry], path: KeyPath) -> None:
        known = [item.link_id for item in _questions(self.pack)]
        for link_id in answers:
            if link_id not in known:
                hint = did_you_mean(link_id, known) or "Take it out"
                self._report((*path, link_id), f"there is no question {link_id!r}", hint)

    def _stated(self, stated: Stated, profiles: set[str], path: KeyPath) -> None:
        self._sourced(stated, path)
        if (stated.when is None) is not bool(stated.profiles):
            hint = "Write 'when: CONDITION', or 'profiles: [PROFILE]'"
            self._report(path, "a share is of a condition or of profiles", hint)
        for index, name in enumerate(stated.profiles):
            if name not in profiles:
                hint = did_you_mean(name, profiles) or "Name a profile of this file"
                self._report((*path, "profiles", index), f"there is no profile {name!r}", hint)
        if stated.when is not None:

            def report(where: KeyPath, code: str, hint: str = "", /, **details: Any) -> None:
                self.problems.append(self.source.problem(where, code, hint, **details))

            ConditionReader(self.pack.findings, report).read(stated.when, (*path, "when"))

    def _sourced(self, share: Sourced, path: KeyPath) -> None:
        if share.assumed is (share.citation is not None):
            hint = "Write either 'citation: KEY' or 'assumed: true'"
            self._report(path, "a share is from a source, or assumed", hint)
        if share.citation is not None and share.citation not in self.pack.citations:
            hint = did_you_mean(share.citation, self.pack.citations) or "Add it to citations.yaml, or correct the name"
            self._report((*path, "citation"), f"there is no citation {share.citation!r}", hint)

    def _report(self, path: KeyPath, detail: str, hint: str) -> None:
        self.problems.append(self.source.problem(path, "wrong-type", hint, detail=detail))


def _planned(pack: Pack, file: PopulationFile) -> Population:
    """A file in which nothing is wrong, ready to be drawn from."""
    return Population(
        purpose=file.purpose,
        known_patient=file.known_patient,
        profiles={one.id: _drawn(pack, file, one) for one in file.profiles},
        stated=tuple(
            StatedShare(
                one.statement,
                None if one.when is None else _condition(pack, one.when),
                frozenset(one.profiles),
                one.share,
                one.within,
                one.citation,
            )
            for one in file.stated
        ),
    )


def _drawn(pack: Pack, file: PopulationFile, profile: Profile) -> DrawnProfile:
    chart = {name: entry for name, entry in (file.chart | profile.chart).items() if _says(entry)}
    return DrawnProfile(
        profile.id,
        profile.share,
        tuple(_question(pack, file, profile, item) for item in _questions(pack)),
        tuple(_charted(pack, name, entry) for name, entry in chart.items()),
    )


def _question(pack: Pack, file: PopulationFile, profile: Profile, item: Item) -> QuestionPlan:
    entry = file.answers[item.link_id]
    if item.link_id in profile.answers:
        entry = merged(entry, profile.answers[item.link_id])
    defaults = {name: getattr(file, name) for name in ("skipped", "not_sure") if getattr(entry, name) is None}
    entry = entry.model_copy(update=defaults)
    return question_plan(pack, item, entry, unsure_code(pack, item), _must(pack, item))


def _charted(pack: Pack, name: str, entry: ChartEntry) -> ChartPlan:
    return chart_plan(pack, pack.findings[name], entry)


def _says(entry: ChartEntry) -> bool:
    return any((entry.told, entry.untold, entry.share))


def _condition(pack: Pack, written: Any) -> Condition | None:
    """A condition that was read before without a fault."""
    return ConditionReader(pack.findings, lambda *_, **__: None).read(written, ())


def _questions(pack: Pack) -> Iterator[Item]:
    """What can be answered, in the order of the form."""
    return (item for item in pack.questionnaire.items.values() if fitting(item))


def _must(pack: Pack, item: Item) -> bool:
    """Whether a question, or a group around it, has to be answered."""
    while not item.required and item.parent is not None:
        item = pack.questionnaire.items[item.parent]
    return item.required
