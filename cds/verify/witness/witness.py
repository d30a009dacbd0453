"""A concrete patient that shows what a proof found, and that anyone can evaluate."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from cds.assessment import Decision
from cds.decision_support import DecisionSupport
from cds.intake.response_writer import ResponseWriter
from cds.pack import Findings
from cds.verify.witness.chart_bundle import chart_bundle
from cds.verify.witness.facts import Facts, noon


@dataclass(frozen=True, slots=True)
class Witness:
    """A patient as files: a QuestionnaireResponse, and a chart if it takes one; ``facts`` is what they say."""

    facts: Facts
    response: dict[str, Any]
    chart: dict[str, Any] | None

    @property
    def response_bytes(self) -> bytes:
        """The response as JSON."""
        return orjson.dumps(self.response, option=orjson.OPT_INDENT_2) + b"\n"

    @property
    def chart_bytes(self) -> bytes | None:
        """The chart as JSON."""
        return None if self.chart is None else orjson.dumps(self.chart, option=orjson.OPT_INDENT_2) + b"\n"

    def decide(self, support: DecisionSupport) -> Decision:
        """What a pack decides about the patient. Raises :class:`IntakeError` and :class:`EngineFault`."""
        return support.decide(self.response_bytes, self.chart_bytes)

    def values(self, support: DecisionSupport) -> Findings:
        """What the intake makes of the patient, without an assessment. Raises :class:`IntakeError`."""
        return support.read(self.response, self.chart).values

    def write(self, folder: Path, name: str) -> tuple[Path, ...]:
        """Write ``<name>.json`` and, if there is a chart, ``<name>.chart.json``; the paths written."""
        folder.mkdir(parents=True, exist_ok=True)
        paths = [folder / f"{name}.json"]
        paths[0].write_bytes(self.response_bytes)
        if self.chart_bytes is not None:
            paths.append(folder / f"{name}.chart.json")
            paths[1].write_bytes(self.chart_bytes)
        return tuple(paths)


class WitnessMaker:
    """Makes witnesses for the questionnaire of one pack."""

    def __init__(self, support: DecisionSupport) -> None:
        self.support = support
        self._writer = ResponseWriter(support.pack.questionnaire)

    def make(self, facts: Facts) -> Witness:
        """The witness of these facts."""
        pack = self.support.pack
        response = self._writer.write(facts.answers, noon(pack).strftime("%Y-%m-%dT%H:%M:%SZ"))
        # Through JSON once, so that what is written is what is evaluated.
        return Witness(facts, json.loads(orjson.dumps(response)), chart_bundle(pack, facts.chart))
