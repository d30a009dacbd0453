"""A small vocabulary and readers over it, for tests of conditions and tables."""

from __future__ import annotations

from typing import Any

from cds.pack.expression import ConditionReader
from cds.pack.finding import Code, Finding
from cds.pack.yaml_source import KeyPath

TEXT = {"en": "x"}
CODES = ("dry", "wet", "none")


def _codes() -> list[Code]:
    return [Code(code=code, title=TEXT) for code in CODES]


FINDINGS = {
    finding.id: finding
    for finding in (
        Finding(id="breathless", type="boolean", title=TEXT),
        Finding(id="tired", type="boolean", title=TEXT),
        Finding(id="age", type="integer", title=TEXT, range=[0, 120], unit="a"),
        Finding(id="ill_hours", type="integer", title=TEXT, range=[0, 9000], unit="h"),
        Finding(id="temperature", type="integer", title=TEXT, range=[340, 430], unit="Cel", scale=10),
        Finding(id="score", type="integer", title=TEXT, range=[0, 9]),
        Finding(id="cough", type="code", title=TEXT, codes=_codes()),
        Finding(id="coughs", type="codes", title=TEXT, codes=_codes()),
    )
}


class Recorder:
    """Takes the faults that a reader reports: ``codes`` in order, and the ``hints`` beside them."""

    def __init__(self) -> None:
        self.codes: list[str] = []
        self.hints: list[str] = []
        self.details: list[dict[str, Any]] = []
        self.reader = ConditionReader(FINDINGS, self._report)

    def _report(self, path: KeyPath, code: str, hint: str = "", /, **details: Any) -> None:
        self.codes.append(code)
        self.hints.append(hint)
        self.details.append(details)
