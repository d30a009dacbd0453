"""What the charts of two versions have in common: one record may say something in one version and nothing in the other.

A finding that reads the chart in the same way in both versions has one set of variables. Where only the codes of
conditions and medicines changed, a code of one version alone tells them apart; any other change is not compared.
"""

from __future__ import annotations

from collections.abc import Iterator, Set
from typing import Final, NamedTuple

from cds.pack import Pack
from cds.pack.finding import ChartSource, Finding
from cds.verify.encoding import SymbolicPatient
from cds.verify.encoding.kleene import Formula, either, negation

CODED: Final = ("Condition", "MedicationRequest", "MedicationStatement")


class Record(NamedTuple):
    """A kind of resource with a code, which makes a finding true."""

    resource: str
    ever: bool
    system: str
    code: str


def reads_alike(old: Pack, new: Pack, name: str) -> bool:
    """Whether a finding reads the chart in the same way in both versions."""
    return _reading(old, old.findings[name]) == _reading(new, new.findings[name])


def _reading(pack: Pack, finding: Finding) -> object:
    domain = (finding.type, finding.scale, finding.unit, finding.code_ids)
    sources = [(source.model_dump(exclude={"value_set"}), _codes(pack, source)) for source in finding.chart]
    return domain, sources


def _codes(pack: Pack, source: ChartSource) -> frozenset[tuple[str, str]]:
    return pack.value_sets[source.value_set] if source.value_set else frozenset()


def records_of(pack: Pack, finding: Finding) -> frozenset[Record] | None:
    """The records that make a finding true, if it reads nothing but codes of conditions and medicines."""
    if finding.type != "boolean" or not finding.chart or any(one.resource not in CODED for one in finding.chart):
        return None
    return frozenset(Record(one.resource, one.ever, *code) for one in finding.chart for code in _codes(pack, one))


def chart_comparable(old: Pack, new: Pack, name: str) -> bool:
    """Whether what the chart says of a finding in one version can be told from what it says in the other."""
    return all(records_of(pack, pack.findings[name]) is not None for pack in (old, new))


def chart_links(old: SymbolicPatient, new: SymbolicPatient, apart: Set[str]) -> Iterator[Formula]:
    """That one chart says both; ``apart`` are findings of both versions that have variables of their own."""
    for name in apart:
        if not chart_comparable(old.pack, new.pack, name):
            yield from (negation(one) for patient in (old, new) for one in patient.chart[name].records)
    for first, second in ((old, new), (new, old)):
        for name, recorded in first.chart.items():
            for other, theirs in second.chart.items():
                own = _alone(name, second) or _alone(other, first) or not apart.isdisjoint((name, other))
                if own and _includes(second.pack, other, first.pack, name):
                    yield either(negation(recorded.yes), theirs.yes)


def _alone(name: str, elsewhere: SymbolicPatient) -> bool:
    """Whether the other version does not read this finding from the chart."""
    return name not in elsewhere.chart


def _includes(pack: Pack, name: str, other_pack: Pack, other: str) -> bool:
    """Whether each record that makes ``other`` true makes ``name`` true; where ``ever`` counts, active ones do."""
    mine, theirs = records_of(pack, pack.findings[name]), records_of(other_pack, other_pack.findings[other])
    if mine is None or theirs is None:
        return False
    return all(one in mine or one._replace(ever=True) in mine for one in theirs)
