"""All findings of a patient, from the answers and the chart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Final, NamedTuple

from cds.intake.answer_source import NOT_SURE
from cds.intake.answers import AnswerReader
from cds.intake.chart import NO_CHART, ChartReadings
from cds.intake.checked import Answer, CheckedResponse
from cds.intake.enablement import Enablement, Shown
from cds.intake.faults import Fault, IntakeError, fault
from cds.intake.instant import TOLERANCE, Moment, moment
from cds.intake.merge import merge
from cds.intake.patient import patient_of
from cds.intake.question_readings import QuestionReadings, is_closed
from cds.intake.reading import Contradiction, PatientFindings, Provenance, Reading, UnreadableError
from cds.pack.finding import Finding
from cds.pack.questionnaire import Questionnaire
from cds.pack.value import FindingValue

_NONE: Final[tuple[Reading, ...]] = ()


class _Plan(NamedTuple):
    """How one finding is read: its questions, and the gates that decide whether they were shown."""

    name: str
    finding: Finding
    readers: tuple[AnswerReader, ...]
    gates: tuple[int, ...]


def read_findings(
    pack_findings: Mapping[str, Finding],
    questionnaire: Questionnaire,
    checked: CheckedResponse,
    chart: ChartReadings = NO_CHART,
    as_of: str | None = None,
) -> PatientFindings:
    """The findings of one patient; for more than one make a :class:`FindingReader`."""
    return FindingReader(pack_findings, questionnaire).read(checked, chart, as_of)


class FindingReader:
    """Reads the findings of a pack from responses to its questionnaire; compiled once.

    Raises ``ValueError`` for a source that does not fit its question.
    """

    def __init__(self, findings: Mapping[str, Finding], questionnaire: Questionnaire) -> None:
        self._questionnaire = questionnaire
        readers = {name: _readers(finding, questionnaire) for name, finding in findings.items() if not finding.derived}
        self._enablement = Enablement(questionnaire, _unsure(readers, questionnaire))
        gate = self._enablement.gate
        self._plans = [
            _Plan(name, findings[name], own, tuple(gate[reader.link_id] for reader in own))
            for name, own in readers.items()
        ]
        self._nothing: Mapping[str, tuple[Reading, ...]] = dict.fromkeys(readers, _NONE)
        # Most findings have one question, and most questions one of a few answers: what these say is kept.
        closed: dict[str, dict[str, AnswerReader]] = {}
        for name, own in readers.items():
            if is_closed(own):
                closed.setdefault(own[0].link_id, {})[name] = own[0]
        questions = [QuestionReadings(own) for own in closed.values()]
        self._closed = [
            (link_id, gate[link_id], question.absent, question.kept, question.learn)
            for link_id, question in zip(closed, questions, strict=True)
        ]
        self._simple = [
            (name, gate[own[0].link_id], own[0])
            for name, own in readers.items()
            if len(own) == 1 and not is_closed(own)
        ]
        self._place = {plan.name: place for place, plan in enumerate(self._plans)}
        self._several = [place for place, plan in enumerate(self._plans) if len(plan.readers) != 1]

    def read(
        self, checked: CheckedResponse, chart: ChartReadings = NO_CHART, as_of: str | None = None
    ) -> PatientFindings:
        """What is known of the patient at ``as_of`` (FHIR date or dateTime; default: ``authored``).

        Without either time, all that needs one is unknown. Raises :class:`IntakeError` with all faults: a
        number that the finding cannot have, a unit that cannot be converted, a date in the future, a chart of
        someone else.
        """
        now = _as_of(as_of or checked.authored)
        faults = _same_patient(checked, chart)
        if as_of is not None and as_of != checked.authored:
            faults += _given_by(checked, now)
        answers, recorded = checked.answers, chart.readings
        states = self._enablement.read(answers)
        if recorded and (doubted := self._doubted(checked, recorded, states, now)):
            states = self._enablement.read(answers, doubted)
        values: dict[str, FindingValue] = {}
        provenance: dict[str, tuple[Reading, ...]] = {}
        parts = [self._nothing]
        contradictions: list[Contradiction] = []
        found: tuple[Reading, ...]
        for link_id, gate, absent, kept, learn in self._closed:
            given = answers.get(link_id)
            known, read = absent[states[gate]] if given is None else kept.get(given) or learn(given)
            values.update(known)
            parts.append(read)
        for name, gate, reader in self._simple:
            found = _own(reader, states[gate], now, checked, faults)
            provenance[name] = found
            value = found[0].value if found else None
            if value is not None:
                values[name] = value
        for name, finding, readers, gates in self._merged(recorded):
            own = (
                _own(reader, states[gate], now, checked, faults) for reader, gate in zip(readers, gates, strict=True)
            )
            found = (*chain.from_iterable(own), *recorded.get(name, ()))
            value, differ = merge(finding, found, _scopes(finding, readers, len(found)))
            provenance[name] = found
            values.pop(name, None)
            if value is not None:
                values[name] = value
            if differ:
                contradictions.append(Contradiction(name, found, value))
        if faults:
            raise IntakeError(dict.fromkeys(faults))
        parts.append(provenance)
        return PatientFindings(values, Provenance(parts), tuple(contradictions))

    def _doubted(
        self,
        checked: CheckedResponse,
        recorded: Mapping[str, tuple[Reading, ...]],
        states: Sequence[Shown],
        now: Moment | None,
    ) -> frozenset[str]:
        """The questions to which the chart gives another answer than the patient.

        What was not asked because of such an answer was not rightly hidden: a patient who is pregnant by the chart,
        and not by her own answer, was never asked about the warning signs.
        """
        found = set[str]()
        for name, finding, readers, gates in self._recorded(recorded):
            for reader, state in zip(readers, (states[gate] for gate in gates), strict=True):
                # Faults are noted where the answers are read for good.
                own = _own(reader, state, now, checked, [])
                both = own + recorded[name]
                value, _ = merge(finding, both, [finding.code_ids] * len(both))
                if not own or own[0].value in (None, value):
                    continue
                found.add(reader.link_id)
                if own[0].state == "hidden" and finding.type == "boolean":
                    # It was hidden and holds all the same: neither is what hid it to be trusted.
                    found.update(gate.question for gate in self._questionnaire.gates(reader.link_id))
        return frozenset(found)

    def _merged(self, recorded: Mapping[str, tuple[Reading, ...]]) -> list[_Plan]:
        """The findings that have more than one source in this patient, or none, in the order of the pack."""
        places = {*self._several, *(self._place[name] for name in recorded if name in self._place)}
        return [self._plans[place] for place in sorted(places)]

    def _recorded(self, recorded: Mapping[str, tuple[Reading, ...]]) -> list[_Plan]:
        return [self._plans[self._place[name]] for name in recorded if name in self._place]


def _own(
    reader: AnswerReader, state: Shown, now: Moment | None, checked: CheckedResponse, faults: list[Fault]
) -> tuple[Reading, ...]:
    """What the patient's answer says, or its absence in an item of this state."""
    given = checked.answers.get(reader.link_id)
    return reader.absent[state] if given is None else _ask(reader, given, now, checked, faults)


def _ask(
    reader: AnswerReader,
    given: tuple[Answer, ...],
    now: Moment | None,
    checked: CheckedResponse,
    faults: list[Fault],
) -> tuple[Reading, ...]:
    """The reading of a question, or none and a fault."""
    try:
        return reader.read(given, now)
    except UnreadableError as error:
        faults.append(fault(error.code, checked.path(reader.link_id), reader.link_id, **error.details))
        return ()


def _scopes(finding: Finding, readers: tuple[AnswerReader, ...], count: int) -> list[frozenset[str]]:
    """What each reading decides about: its question's codes, and for the chart all of them."""
    own = [reader.scope for reader in readers]
    return (own + [finding.code_ids] * (count - len(own)))[:count]


def _readers(finding: Finding, questionnaire: Questionnaire) -> tuple[AnswerReader, ...]:
    items = [questionnaire.items[source.link_id] for source in finding.answers]
    if finding.type != "codes" or len(items) == 1:
        scopes = [finding.code_ids] * len(items)
    else:
        able = [
            frozenset(
                meaning
                for option in item.options.values()
                if (meaning := (source.map or {}).get(option.code, option.code)) in finding.code_ids
            )
            for source, item in zip(finding.answers, items, strict=True)
        ]
        # A code that no question can give is ruled out by any of them.
        orphans = finding.code_ids.difference(*able)
        scopes = [scope | orphans for scope in able]
    sources = zip(finding.answers, items, scopes, strict=True)
    return tuple(AnswerReader(finding, source, item, scope) for source, item, scope in sources)


def _unsure(
    readers: Mapping[str, tuple[AnswerReader, ...]], questionnaire: Questionnaire
) -> dict[str, frozenset[Answer]]:
    """For each question the options after which nothing is known of what hangs on it.

    Those are "not sure" for any finding that reads the question, and what none of them can make sense of.
    """
    by_question: dict[str, list[AnswerReader]] = {link_id: [] for link_id in questionnaire.items}
    for reader in chain.from_iterable(readers.values()):
        by_question[reader.link_id].append(reader)
    return {
        link_id: frozenset(
            value
            for value, option in questionnaire.items[link_id].options.items()
            if option.code == NOT_SURE
            or any(option.code in reader.unsure for reader in own)
            or (own and all(reader.uncertain(value) for reader in own))
        )
        for link_id, own in by_question.items()
    }


def _as_of(text: str | None) -> Moment | None:
    if text is None:
        return None
    try:
        return moment(text)
    except ValueError:
        raise IntakeError([fault("bad-date", "as_of", type="dateTime")]) from None


def _given_by(checked: CheckedResponse, now: Moment | None) -> list[Fault]:
    """A response cannot be assessed as of a time before it was given: durations would come out too short."""
    given = _as_of(checked.authored)
    if given is None or now is None:
        return []
    shift = now.zone - given.zone if now.zone is not None and given.zone is not None else 0
    if given.first + shift <= now.last + TOLERANCE:
        return []
    return [fault("date-in-future", "QuestionnaireResponse.authored")]


def _same_patient(checked: CheckedResponse, chart: ChartReadings) -> list[Fault]:
    subject = patient_of(checked.subject)
    if subject is None or chart.patient is None or subject == chart.patient:
        return []
    return [fault("other-patient", "QuestionnaireResponse.subject")]
