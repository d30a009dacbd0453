"""One response in, one decision out: the whole path for one pack, compiled once."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import Any

import orjson

from cds.assessment import Assessor, Decision
from cds.cards import Card, CardMaker
from cds.engine import Evaluation
from cds.intake import (
    NO_CHART,
    ChartReader,
    ChartReadings,
    CheckedResponse,
    FindingReader,
    Limits,
    PatientFindings,
    PieceReader,
    PlainReader,
    ResponseChecker,
    parse_json,
    validate_models,
)
from cds.pack import Pack, load_pack

CHART_LIMITS = Limits(size=16 * 1024 * 1024)
"""A chart may be larger than a response: 16 MiB."""


class DecisionSupport:
    """Decides about patients by one pack. Safe for threads.

    >>> from cds import DecisionSupport, default_pack
    >>> support = DecisionSupport.load(default_pack())
    >>> decision = support.decide(Path("fixtures/responses/self-care-ordinary-soreness.json").read_bytes())
    >>> decision.assessment.outcome
    'self-care'
    """

    def __init__(self, pack: Pack) -> None:
        """Compile a pack. Raises :class:`PackError` for what the rules engine cannot hold."""
        self.pack = pack
        self.assessor = Assessor(pack)
        self.cards = CardMaker(pack)
        self._plain = PlainReader(pack.questionnaire)
        self._pieces = PieceReader(self._plain)
        self._checker = ResponseChecker(pack.questionnaire)
        self._findings = FindingReader(pack.findings, pack.questionnaire)
        self._charts = ChartReader(pack.findings, pack.value_sets)

    @classmethod
    def load(cls, folder: Path | str) -> DecisionSupport:
        """Load the pack in ``folder`` and compile it. Raises :class:`PackError` with all that is wrong in it."""
        return cls(load_pack(folder))

    def decide(self, response: bytes, chart: bytes | None = None, as_of: str | None = None) -> Decision:
        """Decide about one patient.

        ``response``: a QuestionnaireResponse as JSON; ``chart``: a Bundle, or one resource; ``as_of``: the FHIR
        dateTime to count ages and durations to (default: the response's ``authored``, never the wall clock).

        Raises :class:`IntakeError` with every fault of the input, and :class:`EngineFault` if the evaluation failed.
        Either way there is no recommendation, and nothing that could be taken for one.
        """
        checked = self.check_json(response)
        record = parse_json(chart, CHART_LIMITS) if chart is not None else None
        recorded = self._recorded(record, as_of or checked.authored)
        return self.decide_checked(checked, recorded, as_of, sha256(response + (chart or b"")).hexdigest())

    def decide_parsed(
        self,
        resource: Any,
        chart: Any = None,
        as_of: str | None = None,
        digest: str | None = None,
        chart_until: str | None = None,
    ) -> Decision:
        """As :meth:`decide`, from parsed JSON. ``digest`` identifies the input (default: that of its sorted JSON).

        ``chart_until`` is the time up to which observations of the chart count (default: the as-of time).
        """
        if digest is None:
            digest = digest_of(resource, chart)
        checked = self.check(resource)
        recorded = self._recorded(chart, as_of or checked.authored, chart_until)
        return self.decide_checked(checked, recorded, as_of, digest)

    def check_json(self, response: bytes) -> CheckedResponse:
        """A response as JSON that has passed its checks. Raises :class:`IntakeError` with every fault."""
        return self._pieces.read(response) or self.check(parse_json(response))

    def check(self, resource: Any) -> CheckedResponse:
        """A parsed response that has passed its checks. Raises :class:`IntakeError` with every fault."""
        checked = self._plain.read(resource)
        if checked is None:
            checked = self._checker.check(resource)
            validate_models(resource)
        return checked

    def read(self, resource: Any, chart: Any = None, as_of: str | None = None) -> PatientFindings:
        """What is known of a patient, without an assessment; as :meth:`decide_parsed`, from parsed JSON."""
        checked = self.check(resource)
        return self.find(checked, self._recorded(chart, as_of or checked.authored), as_of)

    def _recorded(self, chart: Any, moment: str | None, until: str | None = None) -> ChartReadings:
        return NO_CHART if chart is None else self._charts.read(chart, moment, until)

    def decide_checked(
        self, checked: CheckedResponse, recorded: ChartReadings, as_of: str | None, digest: str
    ) -> Decision:
        """As :meth:`decide`, from a response that has passed its checks and a chart that has been read."""
        patient = self.find(checked, recorded, as_of)
        evaluation = self.assessor.evaluator.evaluate(patient.values)
        return self.decision(checked, patient, evaluation, as_of, digest)

    def find(self, checked: CheckedResponse, recorded: ChartReadings, as_of: str | None) -> PatientFindings:
        """The first step of :meth:`decide_checked`: what is known of the patient. Raises :class:`IntakeError`."""
        return self._findings.read(checked, recorded, as_of or checked.authored)

    def decision(
        self, checked: CheckedResponse, patient: PatientFindings, evaluation: Evaluation, as_of: str | None, digest: str
    ) -> Decision:
        """The last step of :meth:`decide_checked`, after both evaluators have agreed on the patient."""
        return Decision(
            response=checked,
            patient=patient,
            assessment=self.assessor.assessment(patient.values, evaluation),
            as_of=as_of or checked.authored,
            digest=digest,
            comment_present=checked.has_comment(self.pack.header.comment_questions),
        )

    def read_chart(
        self, chart: Any, as_of: str | None, until: str | None = None, *, tolerant: bool = False
    ) -> ChartReadings:
        """What a parsed chart says, as :meth:`ChartReader.read` gives it. Raises :class:`IntakeError`."""
        return self._charts.read(chart, as_of, until, tolerant=tolerant)

    def language(self, decision: Decision, language: str | None = None) -> str:
        """The language in which the cards are made: ``language`` or the response's, else the pack's first."""
        return self.cards.language(language or decision.response.language)

    def make_cards(self, decision: Decision, language: str | None = None) -> list[Card]:
        """The CDS Hooks cards of a decision; ``language`` defaults to the response's, else the pack's first."""
        return self.cards.cards(decision, self.language(decision, language))


def digest_of(resource: Any, chart: Any = None) -> str:
    """What identifies a parsed response and chart, however they were written: the SHA-256 of their sorted JSON."""
    return sha256(orjson.dumps([resource, chart], option=orjson.OPT_SORT_KEYS)).hexdigest()
