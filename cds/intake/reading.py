"""A reading: what one source says of a finding, and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal, NamedTuple

from cds.pack.value import Findings, FindingValue

State = Literal["answered", "not-sure", "unanswered", "hidden", "gate-open", "recorded"]
"""How a source came to its value.

*answered* and *not-sure* by the patient; *unanswered* though shown; *hidden* because other answers made the
question needless; *gate-open* because it is not known whether it should have been asked; *recorded* in the
chart.
"""


class Reading(NamedTuple):
    """What one source says. ``value`` is ``None`` where it leaves the finding unknown.

    ``link_id`` is the question and ``codes`` the codes that were chosen, or for the chart the code that was
    found and ``resource`` where (``Condition/123``). A hidden question has the finding's ``not_applicable``.
    """

    source: Literal["answer", "chart"]
    state: State
    value: FindingValue | None
    link_id: str | None = None
    codes: tuple[str, ...] = ()
    resource: str | None = None


class Contradiction(NamedTuple):
    """Sources that disagree about a finding, and the ``value`` that counts (``None``: it stays unknown)."""

    finding: str
    readings: tuple[Reading, ...]
    value: FindingValue | None


class Provenance(Mapping[str, tuple[Reading, ...]]):
    """The readings of each finding, put together when somebody looks: most are never looked at.

    ``parts`` hold those of some findings each; a later part counts more than an earlier one.
    """

    __slots__ = ("_parts", "_whole")

    def __init__(self, parts: Sequence[Mapping[str, tuple[Reading, ...]]]) -> None:
        self._parts = parts
        self._whole: dict[str, tuple[Reading, ...]] | None = None

    def _readings(self) -> dict[str, tuple[Reading, ...]]:
        if self._whole is None:
            whole: dict[str, tuple[Reading, ...]] = {}
            for part in self._parts:
                whole.update(part)
            self._whole = whole
        return self._whole

    def __getitem__(self, name: str) -> tuple[Reading, ...]:
        return self._readings()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._readings())

    def __len__(self) -> int:
        return len(self._readings())


class PatientFindings(NamedTuple):
    """All that is known of a patient.

    ``values`` has only what is known; ``provenance`` has the readings of every finding that is not derived.
    """

    values: Findings
    provenance: Mapping[str, tuple[Reading, ...]]
    contradictions: tuple[Contradiction, ...]


class UnreadableError(ValueError):
    """A value that cannot be read into its finding: the ``code`` of the fault and its ``details``."""

    def __init__(self, code: str, **details: object) -> None:
        self.code = code
        self.details = details
        super().__init__(code)
