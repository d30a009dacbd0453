"""One entry under ``chart`` held against its finding."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from cds.pack import Pack
from cds.pack.finding import ChartSource, Finding
from cds.pack.problem import did_you_mean
from cds.pack.yaml_source import KeyPath
from cds.sample.answer_check import Report, check_ranges
from cds.sample.chart_plan import parts
from cds.sample.model import ChartEntry


@dataclass(frozen=True, slots=True)
class ChartCheck:
    """Checks entries of one pack; faults go to ``report``."""

    pack: Pack
    report: Report

    def check(self, name: str, entry: ChartEntry, path: KeyPath) -> None:
        """Report all that is wrong with an entry."""
        finding = self.pack.findings.get(name)
        charted = [one.id for one in self.pack.findings.values() if one.chart]
        if finding is None or not finding.chart:
            hint = did_you_mean(name, charted) or "Take it out, or name a finding that has a 'chart' in findings.yaml"
            self.report(path, f"no chart can say {name}", hint)
            return
        person = next((source for source in finding.chart if source.resource == "Patient"), None)
        wanted = _wanted(finding, person)
        for key in sorted(entry.model_fields_set - set(wanted)):
            self.report((*path, key), f"{name} does not take {key!r}", f"Write {' and '.join(wanted)}")
        if finding.type == "integer" and person is None:
            self._measured(finding, entry, path)
        elif entry.told is not None and not self._is_told(finding, person):
            hint = "Write 'untold: share'" if person is None else "Take it out"
            self.report((*path, "told"), f"no question tells {name} plainly", hint)

    def _measured(self, finding: Finding, entry: ChartEntry, path: KeyPath) -> None:
        if entry.numbers is None or entry.share is None:
            self.report(path, f"{finding.id} is measured", "Write share: share and numbers: [[low, high, weight]]")
            return
        check_ranges(entry.numbers, (*path, "numbers"), self.report)
        for index, (low, high, _) in enumerate(entry.numbers):
            ends = [parts(finding, Decimal(str(end))) for end in (low, high)]
            if min(ends) < finding.low or max(ends) > finding.high:
                hint = f"Write numbers from {finding.low / finding.scale:g} to {finding.high / finding.scale:g}"
                self.report((*path, "numbers", index), f"{finding.id} cannot have all these values", hint)

    def _is_told(self, finding: Finding, person: ChartSource | None) -> bool:
        """Whether some question gives the finding in a way that a chart can repeat."""
        items = self.pack.questionnaire.items
        if person is None:
            return bool(finding.answers)
        if person.element == "gender":
            return bool(finding.answers) and bool(items[finding.answers[0].link_id].options)
        return bool(finding.answers) and items[finding.answers[0].link_id].type == "integer"


def _wanted(finding: Finding, person: ChartSource | None) -> tuple[str, ...]:
    if person is not None:
        return ("told",)
    return ("share", "numbers") if finding.type == "integer" else ("told", "untold")
