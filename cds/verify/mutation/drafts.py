"""Cases for the survivors: one for each patient, checked the whole way."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from cds.decision_support import DecisionSupport
from cds.pack import Findings
from cds.verify.cases import CaseRunner, load_patients
from cds.verify.cases.run_cases import failures
from cds.verify.mutation.assessors import Assessors
from cds.verify.mutation.case_name import case_name
from cds.verify.mutation.draft import Draft
from cds.verify.mutation.mutant import Mutant
from cds.verify.mutation.shorthand import Shorthand, ShorthandWriter
from cds.verify.mutation.survivor import Survivor, TellingPatient
from cds.verify.proofs.ordinary import ordinary_facts


class DraftWriter:
    """Drafts cases for the survivors of one pack."""

    def __init__(self, support: DecisionSupport) -> None:
        self._support = support
        self._writer = ShorthandWriter(support)
        self._runner = CaseRunner(support)
        self._assessors = Assessors(support.assessor)
        self._ordinary = ordinary_facts(support)
        has_patients = (support.pack.folder / "patients.yaml").is_file()
        self._bases = load_patients(support.pack) if has_patients else {}

    def drafts(self, survivors: Iterable[Survivor]) -> list[Draft]:
        """A case for each patient of the survivors, in their order; survivors without a patient have none."""
        grouped: dict[tuple[str, int], list[Survivor]] = {}
        for survivor in survivors:
            if survivor.patient is not None:
                grouped.setdefault((survivor.mutant.topic, id(survivor.patient)), []).append(survivor)
        found = (self._draft(topic, group) for (topic, _), group in grouped.items())
        return [draft for draft in found if draft is not None]

    def _draft(self, topic: str, group: Sequence[Survivor]) -> Draft | None:
        patient = group[0].patient
        assert patient is not None  # noqa: S101 - they were grouped by it
        shorthand = self._writer.write(patient, [one.mutant.subject for one in group])
        if shorthand is None:
            return None
        for form in (shorthand, Shorthand(chart=shorthand.chart, in_file=True)):
            name = case_name(self._support.pack, form, patient.witness.facts, self._ordinary)
            draft = Draft(name, topic, patient, form, _expect(patient, group), tuple(one.mutant for one in group))
            if self.unkilled(draft) == ():
                return draft
        return None

    def unkilled(self, draft: Draft) -> tuple[Mutant, ...] | None:
        """Its mutants that the case does not kill, run the whole way; ``None`` if it does not pass as it must."""
        with TemporaryDirectory() as folder:
            draft.write_response(Path(folder))
            result = self._runner.run(draft.case(self._support.pack, self._bases, Path(folder)))
        if result.failures or result.decision is None:
            return None
        findings: Findings = result.decision.patient.values
        return tuple(
            mutant
            for mutant in draft.kills
            if not any(failures(result.case.expect, self._assessors.of(mutant)(findings)))
        )


def _expect(patient: TellingPatient, group: Sequence[Survivor]) -> dict[str, Any]:
    """What tells any of them apart, after the outcome."""
    found: dict[str, Any] = {"outcome": patient.assessment.outcome}
    for survivor in group:
        for key, value in (survivor.telltale or {}).items():
            if isinstance(value, list):
                kept = found.setdefault(key, [])
                kept += [name for name in value if name not in kept]
            else:
                found[key] = value
    return found
