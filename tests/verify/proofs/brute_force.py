"""What holds of a tiny pack, found by trying all its patients: the oracle for the proofs.

It asks the intake and the reference evaluator, and shares nothing with the formulas but the sentences of failures.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations

from cds.engine.reference import reading
from cds.intake import IntakeError
from cds.intake.checked import Answer
from cds.intake.enablement import SHOWN, Enablement
from cds.intake.reading import Reading
from cds.pack import Findings, FindingValue, Interval, Pack, Rule, Selection
from cds.pack.condition import Holds, Includes, IsCode, atoms
from cds.pack.finding import Finding
from cds.pack.sentence import sentence
from cds.verify.properties import Properties
from cds.verify.properties.model import Consequent
from cds.verify.properties.stated import StatedProperty
from cds.verify.witness import Facts, WitnessMaker
from tests.verify.proofs.random_tiny import all_facts
from tests.verify.proofs.tiny_pack import TinySupport

Key = tuple[frozenset[tuple[str, frozenset[object]]], frozenset[str]]


def key_of(facts: Facts) -> Key:
    """The same for the same answers and the same chart."""
    answers = frozenset((link_id, frozenset(given)) for link_id, given in facts.answers.items())
    return answers, frozenset(facts.chart)


@dataclass(frozen=True)
class Patient:
    """A patient of whom all is known that is asked: the findings, the rules, the ranks of both levels."""

    facts: Facts
    values: Findings
    truths: Findings
    known: frozenset[str]
    possible: frozenset[str]
    rank: int
    possible_rank: int
    complete: bool


@dataclass
class BruteForce:
    """All patients of a pack, and the sentences about it that do not hold."""

    support: TinySupport
    properties: Properties
    patients: dict[Key, Patient] = field(default_factory=dict)

    def __post_init__(self) -> None:
        maker = WitnessMaker(self.support)
        reference = self.support.assessor.evaluator.reference
        for facts in all_facts(self.pack):
            witness = maker.make(facts)
            try:
                found = self.support.read(witness.response, witness.chart)
            except IntakeError:
                continue
            told = reference.evaluate(found.values)
            derived = {name: truth for name, truth in told.derived.items() if truth is not None}
            self.patients[key_of(facts)] = Patient(
                facts,
                found.values,
                {**found.values, **derived},
                told.known,
                told.possible,
                self.pack.rank[told.level],
                self.pack.rank[told.possible_level],
                _is_complete(facts, found.provenance),
            )

    @property
    def pack(self) -> Pack:
        """The pack."""
        return self.support.pack

    @cached_property
    def all(self) -> list[Patient]:
        """All patients."""
        return list(self.patients.values())

    def failures(self) -> dict[str, set[str]]:
        """For each property what does not hold: sentences, or the rules at fault."""
        found: dict[str, set[str]] = {
            "red-flags-raise": set(self._red_flags()),
            "urgency-is-monotone": set(self._monotone()),
            "bounds-hold": set(self._bounds()),
            "urgent-levels-do-not-wait": set(self._waiting()),
            "complete-answers-have-an-outcome": set(self._complete()),
            "contraindications-block": set(self._contraindications()),
            "rules-can-fire": {rule.id for rule in self.pack.rules if not any(self._fire(rule))},
            "rules-add-something": {rule.id for rule in self.pack.rules if self._is_needless(rule)},
            "unique-tables-are-exact": set(self._tables()),
        }
        return found | {stated.id: set(self._stated(stated)) for stated in self.properties.statements}

    def _fire(self, rule: Rule) -> Iterator[Patient]:
        return (patient for patient in self.all if rule.id in patient.known)

    def _red_flags(self) -> Iterator[str]:
        last = len(self.pack.levels) - 1
        quiet = [patient for patient in self.all if patient.rank == last]
        withheld: dict[frozenset[tuple[str, object]], tuple[str, ...]] = {}
        for flag, said in _flags(self.pack):
            truth = reading(flag)
            for patient in quiet:
                told = truth(dict(patient.values))
                if told is True:
                    yield f"the red flag {said} is present, and no rule asks for more than self-care"
                values = frozenset(patient.values.items())
                if told is None:
                    if values not in withheld:
                        withheld[values] = self.support.assessor.assess(patient.values).withholding
                    if flag.finding not in withheld[values]:
                        yield f"it is not known whether the red flag {said} is present, and self-care is not withheld"

    def _complete(self) -> Iterator[str]:
        speaking = {rule.id for rule in self.pack.rules if rule.then.level or rule.then.out_of_scope}
        for patient in self.all:
            if not patient.complete:
                continue
            if not patient.known & speaking:
                yield "everything is answered, and no rule gives a level: self-care by silence"
            for rank in range(patient.possible_rank, patient.rank):
                level = self.pack.levels[rank].id
                yield f"everything is answered, and it is not decided whether the level is {level}"

    def _bounds(self) -> Iterator[str]:
        levels = [level.id for level in self.pack.levels]
        by_chart: dict[frozenset[str], list[Patient]] = {}
        for patient in self.all:
            by_chart.setdefault(frozenset(patient.facts.chart), []).append(patient)
        seen: set[tuple[int, int, int]] = set()
        for group in by_chart.values():
            for first in group:
                for then in group:
                    ranks = (first.rank, first.possible_rank, then.rank)
                    if ranks in seen or first.possible_rank <= then.rank <= first.rank or not _is_more(first, then):
                        continue
                    seen.add(ranks)
                    for rank in range(then.rank, first.possible_rank):
                        said = f"answering open questions brings the level to {levels[rank]}"
                        yield f"{said}, which was not possible before"
                    for rank in range(first.rank, then.rank):
                        yield f"the level was certainly {levels[rank]} or more, and further answers lower it"

    def _monotone(self) -> Iterator[str]:
        for finding in self.pack.findings.values():
            if not finding.red_flag:
                continue
            link_id = finding.answers[0].link_id
            for value, code in self._signs(finding):
                name = finding.id if finding.type == "boolean" else f"{finding.id} ({code})"
                for first in self.all:
                    then = self._with(first, link_id, value)
                    if then is not None and then.rank > first.rank:
                        yield f"one more red flag, {name}, lowers the level"
            for first in self.all if finding.chart else ():
                then = self.patients.get((key_of(first.facts)[0], frozenset({finding.id})))
                if not first.facts.chart and then is not None and then.rank > first.rank:
                    yield f"one more red flag in the chart, {finding.id}, lowers the level"
        yield from self._worse()

    def _signs(self, finding: Finding) -> Iterator[tuple[tuple[str, str], str]]:
        options = self.pack.questionnaire.items[finding.answers[0].link_id].option_codes
        codes = ["Y"] if finding.type == "boolean" else sorted(finding.code_ids)
        return ((options[code].value, code) for code in codes)  # type: ignore[misc]  # all options are codings

    def _with(self, first: Patient, link_id: str, value: tuple[str, str]) -> Patient | None:
        """The same patient with this option chosen as well; what is no longer shown has no answer."""
        item = self.pack.questionnaire.items[link_id]
        before = first.facts.answers.get(link_id, ())
        if value in before:
            return None
        kept = [option.value for option in item.options.values() if option.value in before and not option.exclusive]
        answers = {**first.facts.answers, link_id: (*kept, value) if item.repeats else (value,)}
        enablement = Enablement(self.pack.questionnaire)
        for name in self.pack.questionnaire.items:
            if enablement.state(name, answers) != SHOWN:
                answers.pop(name, None)
        return self.patients.get(key_of(Facts(answers, first.facts.chart))) if link_id in answers else None

    def _worse(self) -> Iterator[str]:
        for number in self.properties.worse:
            name = number.finding.id
            for first in self.all:
                mine = first.facts.answers.get(name)
                for answer in self._answers(name) if mine else ():
                    then = self.patients[key_of(Facts({**first.facts.answers, name: answer}, first.facts.chart))]
                    one, other = first.values.get(name), then.values.get(name)
                    if one is None or other is None or then.rank <= first.rank:
                        continue
                    pairs = ((one.low, other.low), (one.high, other.high))  # type: ignore[union-attr]
                    if all(a <= b if number.higher else a >= b for a, b in pairs):
                        yield f"a worse value of {name} ({'higher' if number.higher else 'lower'}) lowers the level"

    def _answers(self, link_id: str) -> set[tuple[Answer, ...]]:
        given = (patient.facts.answers.get(link_id) for patient in self.all)
        return {answer for answer in given if answer}

    def _waiting(self) -> Iterator[str]:
        reference = self.support.assessor.evaluator.reference
        statements = {atom for rule in self.pack.rules for atom in atoms(rule.when)}
        for name, finding in self.pack.findings.items():
            about = [reading(atom) for atom in statements if atom.finding == name]
            for patient in self.all if about and not finding.derived else ():
                if finding.type != "codes" and any(read(dict(patient.values)) is not None for read in about):
                    continue
                for values in _turned_out(finding, patient.values.get(name)):
                    told = [reference.evaluate({**patient.values, name: value}).level for value in values]
                    worst = max(self.pack.rank[level] for level in told)
                    for level in self.pack.levels[worst : patient.rank]:
                        if level.given_with_gaps:
                            yield f"the level is {level.id} whatever the answer about {name} is, and waits for it"

    def _contraindications(self) -> Iterator[str]:
        for advice, conditions in self.properties.contraindications.items():
            wanting = {rule.id for rule in self.pack.rules if advice in rule.then.advise}
            blocking = {rule.id for rule in self.pack.rules if advice in rule.then.block}
            for one in conditions:
                words, truth = sentence(one, self.pack.findings), reading(one)
                if not any(truth(dict(patient.truths)) for patient in self.all):
                    yield f"nobody has {words}, a contraindication of {advice}"
                for patient in self.all:
                    if not patient.known & wanting:
                        continue
                    told = truth(dict(patient.truths))
                    if told is True and not patient.known & blocking:
                        yield f"{advice} is advised although {words}"
                    if told is not False and not patient.possible & blocking:
                        yield f"{advice} is advised without asking first although it may be that {words}"

    def _is_needless(self, rule: Rule) -> bool:
        firing = list(self._fire(rule))
        others = (other for other in self.pack.rules if other is not rule and _does_as_much(self.pack, other, rule))
        return bool(firing) and any(all(other.id in patient.known for patient in firing) for other in others)

    def _tables(self) -> Iterator[str]:
        for table in self.pack.tables.values():
            for one, other in combinations(table.rows, 2):
                if any({one, other} <= patient.known for patient in self.all):
                    yield f"two rows of the table {table.id} hold for one patient: {one} and {other}"
            if any(patient.complete and patient.known.isdisjoint(table.rows) for patient in self.all):
                yield f"no row of the table {table.id} holds for a patient who answered everything"

    def _stated(self, stated: StatedProperty) -> Iterator[str]:
        certainly, possibly = stated.certainly, stated.possibly
        concerned = False
        for patient in self.all:
            if certainly is not None and reading(certainly)(dict(patient.truths)) is not True:
                continue
            if possibly is not None and reading(possibly)(dict(patient.truths)) is False:
                continue
            concerned = True
            if not self._follows(patient, stated.then):
                yield "violated"
                return
        if not concerned and not stated.then.never:
            yield "violated"

    def _follows(self, patient: Patient, then: Consequent) -> bool:
        rank = self.pack.rank
        blocking = {rule.id for rule in self.pack.rules if set(then.no_advice) & set(rule.then.block)}
        wanting = {rule.id for rule in self.pack.rules if set(then.no_advice) & set(rule.then.advise)}
        scopes = {rule.then.out_of_scope for rule in self.pack.rules if rule.id in patient.known}
        return not then.never and all(
            (
                then.at_least is None or patient.rank <= rank[then.at_least],
                then.at_most is None or patient.possible_rank >= rank[then.at_most],
                set(then.fires) <= patient.known,
                patient.possible.isdisjoint(then.does_not_fire),
                not patient.known & wanting or bool(patient.known & blocking),
                then.out_of_scope is None or then.out_of_scope in scopes,
            )
        )


def _flags(pack: Pack) -> Iterator[tuple[Holds | IsCode | Includes, str]]:
    for name, finding in pack.findings.items():
        if finding.red_flag and finding.type == "boolean":
            yield Holds(name), name
        elif finding.red_flag:
            kind = IsCode if finding.type == "code" else Includes
            yield from ((kind(name, code), f"{name} ({code})") for code in finding.code_ids)


def _turned_out(finding: Finding, value: FindingValue | None) -> Iterator[list[FindingValue]]:
    """Lists of all that may turn out to be so, of the whole finding or of one of its codes."""
    match finding.type:
        case "boolean":
            yield [True, False]
        case "integer":
            yield [Interval(number, number) for number in range(finding.low, finding.high + 1)]
        case "code":
            yield list(finding.code_ids)
        case "codes":
            known = value if isinstance(value, Selection) else Selection(frozenset(), finding.code_ids)
            for code in known.open:
                yield [
                    Selection(known.chosen | more, known.open - {code})
                    for more in (frozenset({code}), frozenset[str]())
                ]


def _is_complete(facts: Facts, provenance: Mapping[str, Iterable[Reading]]) -> bool:
    """Whether every question is answered for certain, or certainly hidden."""
    if any(("ASKU" in answer) for given in facts.answers.values() for answer in given if isinstance(answer, tuple)):
        return False
    return all(
        reading.state == "hidden" or (reading.state == "answered" and reading.value is not None)
        for readings in provenance.values()
        for reading in readings
        if reading.source == "answer"
    )


def _is_more(first: Patient, then: Patient) -> bool:
    """Whether all that was answered stays, where it was certain."""
    for link_id, before in first.facts.answers.items():
        after = then.facts.answers.get(link_id)
        if after is None:
            return False
        sure = {one for one in before if not (isinstance(one, tuple) and one[1] == "ASKU")}
        if set(after) != set(before) and not (len(sure) < len(before) and sure <= set(after)):
            return False
    return True


def _does_as_much(pack: Pack, other: Rule, rule: Rule) -> bool:
    """Whether all that follows from the rule follows from the other."""
    mine, theirs = rule.then, other.then
    last = len(pack.levels)
    return (
        pack.rank.get(theirs.level or "", last) <= pack.rank.get(mine.level or "", last)
        and (mine.conclude is None or mine.conclude == theirs.conclude)
        and set(mine.advise) <= set(theirs.advise)
        and set(mine.block) <= set(theirs.block)
        and (mine.out_of_scope is None or mine.out_of_scope == theirs.out_of_scope)
    )
