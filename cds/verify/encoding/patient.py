"""A symbolic patient: the answers and the chart as variables, the findings as formulas over them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import cached_property
from itertools import combinations

import z3

from cds.pack import Pack
from cds.pack.finding import Finding
from cds.pack.units import conversion
from cds.verify.encoding import number
from cds.verify.encoding.chart import ChartVariables, chart_variables
from cds.verify.encoding.decimals import divisor
from cds.verify.encoding.gates import Gates, Unsure
from cds.verify.encoding.kleene import FALSE, Formula, both, every, negation, some
from cds.verify.encoding.merge import Value, merged
from cds.verify.encoding.question import QuestionVariables, question_variables
from cds.verify.encoding.source import NOT_SURE, Source, source_of, unsure_options

_UNASKED = ("group", "display")
"""Types of items that have no answer."""


class SymbolicPatient:
    """All patients at once. ``prefix`` keeps the variables of several apart; two with the same prefix are the same.

    ``questions`` and ``chart`` hold the variables, ``constraints`` what makes them a patient that the intake takes,
    ``values`` the finding's symbolic values.

    ``prefix`` may differ from variable to variable: it is then asked with the link id, or with ``chart.<finding>``.
    ``parts`` gives for a question a scale that its number must be able to express besides those of its findings.
    """

    def __init__(
        self, pack: Pack, prefix: str | Callable[[str], str] = "", parts: Mapping[str, int] | None = None
    ) -> None:
        self.pack = pack
        self.findings: dict[str, Finding] = {
            name: finding for name, finding in pack.findings.items() if not finding.derived
        }
        ratios = _ratios(pack, self.findings)
        for link_id, scale in (parts or {}).items():
            ratios.setdefault(link_id, []).append(Fraction(scale))
        bounds = _bounds(pack)
        self.questions: dict[str, QuestionVariables] = {
            link_id: question_variables(
                item, _of(prefix, link_id), divisor(ratios.get(link_id, ()), bounds.get(link_id, ()))
            )
            for link_id, item in pack.questionnaire.items.items()
            if item.type not in _UNASKED
        }
        recorded = (
            (name, chart_variables(finding, _of(prefix, f"chart.{name}"))) for name, finding in self.findings.items()
        )
        self.chart: Mapping[str, ChartVariables] = {name: found for name, found in recorded if found is not None}
        self.sources: dict[str, list[Source]] = {
            name: self._sources(finding) for name, finding in self.findings.items()
        }
        unsure = self._unsure()
        self._asked = Gates(pack.questionnaire, self.questions, unsure)
        doubts = self._doubts()
        self.gates = Gates(pack.questionnaire, self.questions, unsure, lambda link_id: doubts.get(link_id, FALSE))
        self.values: dict[str, Value] = {
            name: merged(
                finding,
                self.sources[name],
                [self.gates.state(source.link_id) for source in self.sources[name]],
                self.chart.get(name),
            )
            for name, finding in self.findings.items()
        }

    @property
    def shown(self) -> Gates:
        """When each question was shown, by the answers alone: the checks of a response do not see the chart."""
        return self._asked

    @cached_property
    def constraints(self) -> list[Formula]:
        """What the intake demands: answers as the questions allow them, and only to questions that were shown."""
        found: list[Formula] = []
        for link_id, asked in self.questions.items():
            found += asked.constraints()
            found.append(z3.Implies(asked.answered, self._asked.state(link_id).shown))
        for link_id, item in self.pack.questionnaire.items.items():
            if item.required:
                given = some(asked.answered for name, asked in self.questions.items() if self._is_in(name, link_id))
                found.append(z3.Implies(self._asked.state(link_id).shown, given))
        for name in self.findings:
            for source in self.sources[name]:
                found += self._in_range(name, source)
        for recorded in self.chart.values():
            found += recorded.constraints()
        return [z3.simplify(one) if isinstance(one, z3.ExprRef) else one for one in found]

    @cached_property
    def plain(self) -> list[Formula]:
        """That the patient can be written out.

        No partial dates and none whose time is not known, and no answers with which an ``enableWhen`` is compared in a
        way that is not encoded. Proofs are about all patients, these included; witnesses are plain.
        """
        dated = [asked for asked in self.questions.values() if asked.dated]
        found = [formula for asked in dated for formula in (asked.timed, asked.whole)]
        found += (negation(asked.answered) for gates in (self._asked, self.gates) for asked in gates.free.values())
        return [*found, *(recorded.plain for recorded in self.chart.values())]

    @cached_property
    def agreeing(self) -> list[Formula]:
        """That no two sources of a number or of a code contradict each other."""
        found: list[Formula] = []
        for name, finding in self.findings.items():
            recorded = self.chart.get(name)
            if finding.type == "integer":
                told = [source.cases for source in self.sources[name]] + ([recorded.cases] if recorded else [])
                found += [number.agree(one, other) for one, other in combinations(told, 2)]
            elif finding.type == "code":
                codes = [{code: truth.yes for code, truth in source.codes.items()} for source in self.sources[name]]
                codes += [recorded.codes] if recorded else []
                found += [_same_code(one, other) for one, other in combinations(codes, 2)]
        return found

    def _is_in(self, link_id: str, outer: str) -> bool:
        """Whether an item is the other, or stands in it, where that is a group."""
        items, at = self.pack.questionnaire.items, link_id
        while at != outer:
            parent = items[at].parent
            if parent is None or items[parent].type != "group":
                return False
            at = parent
        return True

    def _in_range(self, name: str, source: Source) -> list[Formula]:
        """A number that the finding cannot have is refused by the intake."""
        finding = self.findings[name]
        return [
            z3.Implies(case.when, z3.And(case.low >= finding.low, case.low <= case.high, case.high <= finding.high))
            for case in source.cases
            if not (isinstance(case.low, int) and isinstance(case.high, int))
        ]

    def _sources(self, finding: Finding) -> list[Source]:
        scopes = [finding.code_ids] * len(finding.answers)
        if finding.type == "codes" and len(finding.answers) > 1:
            able = [self._able(finding, index) for index in range(len(finding.answers))]
            orphans = finding.code_ids.difference(*able)
            scopes = [one | orphans for one in able]
        return [
            source_of(finding, source, self.questions[source.link_id], scope)
            for source, scope in zip(finding.answers, scopes, strict=True)
        ]

    def _able(self, finding: Finding, index: int) -> frozenset[str]:
        source = finding.answers[index]
        codes = self.questions[source.link_id].options
        return frozenset(
            meaning for code in codes if (meaning := (source.map or {}).get(code, code)) in finding.code_ids
        )

    def _unsure(self) -> Unsure:
        """For each question the options after which nothing is known of what hangs on it."""
        readers: dict[str, list[tuple[Finding, int]]] = {}
        for finding in self.findings.values():
            for index, source in enumerate(finding.answers):
                readers.setdefault(source.link_id, []).append((finding, index))
        return {
            link_id: [
                code
                for code in asked.options
                if code == NOT_SURE or _says_nothing(code, asked, readers.get(link_id, []))
            ]
            for link_id, asked in self.questions.items()
        }

    def _doubts(self) -> dict[str, Formula]:
        """For each question when the chart gives another answer than the patient: nothing is hidden on its word."""
        found: dict[str, list[Formula]] = {}
        for name, recorded in self.chart.items():
            finding = self.findings[name]
            for source in self.sources[name]:
                state = self._asked.state(source.link_id)
                own = merged(finding, [source], [state], None)
                whole = merged(finding, [source], [state], recorded)
                doubted = both(some(recorded.records), own.differs(whole))
                found.setdefault(source.link_id, []).append(doubted)
                if finding.type == "boolean":
                    for gate in self.pack.questionnaire.gates(source.link_id):
                        found.setdefault(gate.question, []).append(both(doubted, state.hidden))
        return {link_id: some(formulas) for link_id, formulas in found.items()}


def _of(prefix: str | Callable[[str], str], name: str) -> str:
    return prefix if isinstance(prefix, str) else prefix(name)


def _same_code(one: Mapping[str, Formula], other: Mapping[str, Formula]) -> Formula:
    return every(
        negation(both(mine, theirs)) for code, mine in one.items() for name, theirs in other.items() if name != code
    )


def _says_nothing(code: str, asked: QuestionVariables, readers: list[tuple[Finding, int]]) -> bool:
    """Whether an option is "not sure" for any finding that reads it, or means nothing to all of them."""
    if any(code in unsure_options(finding.answers[index]) for finding, index in readers):
        return True
    return bool(readers) and all(_means_nothing(code, finding, index, asked) for finding, index in readers)


def _means_nothing(code: str, finding: Finding, index: int, asked: QuestionVariables) -> bool:
    source = finding.answers[index]
    if finding.type == "boolean":
        return not asked.item.repeats and code not in (*(source.when_true or ()), *(source.when_false or ()))
    if finding.type == "integer":
        return code not in (source.values or {})
    meaning = (source.map or {}).get(code, code)
    if finding.type == "code":
        return meaning not in finding.code_ids
    return meaning not in finding.code_ids and code not in (source.map or {})


def _ratios(pack: Pack, findings: Mapping[str, Finding]) -> dict[str, list[Fraction]]:
    """For each question how many parts of the findings that read a number from it one unit of it is."""
    found: dict[str, list[Fraction]] = {}
    for finding in findings.values():
        for source in finding.answers:
            if finding.type == "integer" and source.elapsed is None and not source.values:
                measured = pack.questionnaire.items[source.link_id].type == "quantity"
                factor = None if measured else conversion(source.unit or finding.unit, finding.unit)
                found.setdefault(source.link_id, []).append((factor or Fraction(1)) * finding.scale)
    return found


def _bounds(pack: Pack) -> dict[str, list[Fraction]]:
    """For each question the numbers with which its answer is compared: its limits, and those of ``enableWhen``."""
    found: dict[str, list[Fraction]] = {}
    items = pack.questionnaire.items
    for link_id, item in items.items():
        if item.type == "decimal":
            found[link_id] = [Fraction(str(end)) for end in (item.minimum, item.maximum) if end is not None]
    for item in items.values():
        for gate in item.enable_when:
            if items[gate.question].type == "decimal" and gate.operator != "exists":
                found.setdefault(gate.question, []).append(Fraction(str(gate.answer)))
    return found
