"""What a check is: how serious, what it means, what it says, and what to do."""

from __future__ import annotations

from typing import NamedTuple

from cds.verify.issue import Severity


class Check(NamedTuple):
    """A static check. ``message`` and ``hint`` are filled in with the details of each case; ``meaning`` is for all."""

    severity: Severity
    meaning: str
    message: str
    hint: str
