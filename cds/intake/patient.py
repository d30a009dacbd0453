"""Whose data it is: the patient that a reference names."""

from __future__ import annotations

import re
from typing import Final

_PATIENT: Final = re.compile(r"(?:.*/)?Patient/([A-Za-z0-9\-.]{1,64})(?:/_history/[^/]*)?", re.ASCII)


def patient_of(reference: str | None) -> str | None:
    """The id in a reference such as ``Patient/123``, absolute or versioned too; ``None`` for other forms."""
    match = _PATIENT.fullmatch(reference) if reference else None
    return match.group(1) if match else None
