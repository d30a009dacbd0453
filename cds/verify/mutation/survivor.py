"""What came of a mutant that no case kills."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cds.assessment import Assessment
from cds.pack import Findings
from cds.verify.mutation.mutant import Mutant
from cds.verify.witness import Witness


@dataclass(frozen=True, slots=True)
class TellingPatient:
    """A patient, and what the pack says of it."""

    witness: Witness
    findings: Findings
    assessment: Assessment


@dataclass(frozen=True, slots=True)
class Survivor:
    """A mutant that survives; a case of the ``patient`` that expects what ``telltale`` says would kill it.

    No patient: it could not be decided, and ``reason`` says why.
    """

    mutant: Mutant
    patient: TellingPatient | None = None
    telltale: Mapping[str, Any] | None = None
    reason: str = ""
