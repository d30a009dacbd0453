"""All findings of a patient, from the answers and the chart."""

from __future__ import annotations

from collections.abc import Mapping

from cds.intake.answers import NOT_SURE, AnswerReader
from cds.intake.chart import NO_CHART, ChartReadings
from cds.intake.checked import Answer, CheckedResponse
from cds.intake.enablement import Enablement
from cds.intake.faults import Fault, IntakeError, fault
from cds.intake.instant import Moment, moment
from cds.intake.merge import merge
from cds.intake.patient import patient_of
from cds.intake.reading import Contradiction, PatientFindings, Reading, UnreadableError
from cds.pack.finding import Finding
from cds.pack.questionnaire import Questionnaire
from cds.pack.value import FindingValue

_Plan = tuple[str, Finding, tuple[AnswerReader, ...]]


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
        self._plans: list[_Plan] = [
            (name, finding, _readers(finding, questionnaire))
            for name, finding in findings.items()
            if not finding.derived
        ]
        self._enablement = Enablement(questionnaire, _unsure(self._plans, questionnaire))

    def read(
        self, checked: CheckedResponse, chart: ChartReadings = NO_CHART, as_of: str | None = None
    ) -> PatientFindings:
        """What is known of the patient at ``as_of`` (FHIR date or dateTime; default: when the response was given).

        Without either time, all that needs one is unknown. Raises :class:`IntakeError` with all faults: a number
        that the finding cannot have, a unit that cannot be converted, a date in the future, a chart of someone
        else.
        """
        now = _as_of(as_of or checked.authored)
        faults = _same_patient(checked, chart)
        answers, gate = checked.answers, self._enablement.gate
        states = self._enablement.read(answers)
        values: dict[str, FindingValue] = {}
        provenance: dict[str, tuple[Reading, ...]] = {}
        contradictions: list[Contradiction] = []
        for name, finding, readers in self._plans:
            readings = []
            for reader in readers:
                given = answers.get(reader.link_id)
                if given is None:
                    readings.append(reader.absent[states[gate[reader.link_id]]])
                    continue
                try:
                    readings.append(reader.read(given, now))
                except UnreadableError as error:
                    faults.append(_fault(error, checked, reader.link_id))
            recorded = chart.readings.get(name)
            if recorded is None and len(readings) == 1:
                value = readings[0].value
                provenance[name] = (readings[0],)
            else:
                provenance[name] = found = (*readings, *(recorded or ()))
                scopes = [*(reader.scope for reader in readers), *(finding.code_ids for _ in recorded or ())]
                value, differ = merge(finding, found, scopes) if len(scopes) == len(found) else (None, False)
                if differ:
                    contradictions.append(Contradiction(name, found, value))
            if value is not None:
                values[name] = value
        if faults:
            raise IntakeError(dict.fromkeys(faults))
        return PatientFindings(values, provenance, tuple(contradictions))


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


def _unsure(plans: list[_Plan], questionnaire: Questionnaire) -> dict[str, frozenset[Answer]]:
    """For each question the options after which nothing is known of what hangs on it.

    Those are "not sure" for any finding that reads the question, and what none of them can make sense of.
    """
    by_question: dict[str, list[AnswerReader]] = {link_id: [] for link_id in questionnaire.items}
    for _, _, readers in plans:
        for reader in readers:
            by_question[reader.link_id].append(reader)
    return {
        link_id: frozenset(
            value
            for value, option in questionnaire.items[link_id].options.items()
            if option.code == NOT_SURE
            or any(option.code in reader.unsure for reader in readers)
            or (readers and all(reader.uncertain(value) for reader in readers))
        )
        for link_id, readers in by_question.items()
    }


def _as_of(text: str | None) -> Moment | None:
    if text is None:
        return None
    try:
        return moment(text)
    except ValueError:
        raise IntakeError([fault("bad-date", "as_of", type="dateTime")]) from None


def _same_patient(checked: CheckedResponse, chart: ChartReadings) -> list[Fault]:
    subject = patient_of(checked.subject)
    if subject is None or chart.patient is None or subject == chart.patient:
        return []
    return [fault("other-patient", "QuestionnaireResponse.subject")]


def _fault(error: UnreadableError, checked: CheckedResponse, link_id: str) -> Fault:
    return fault(error.code, checked.path(link_id), link_id, **error.details)
