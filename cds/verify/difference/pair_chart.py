"""One chart that says to each version what its patient's chart says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

from cds.pack import Pack
from cds.pack.finding import ChartSource
from cds.verify.difference.pair import Pair
from cds.verify.difference.records import Record, records_of
from cds.verify.witness import ChartFact, Facts
from cds.verify.witness.chart_bundle import chart_bundle

_ONE: Final = "one-record"


def pair_chart(pair: Pair, old: Facts, new: Facts) -> dict[str, Any] | None:
    """The chart as a Bundle; ``None`` where there is nothing to say."""
    if not old.chart and not new.chart:
        return None
    entries: list[dict[str, Any]] = []
    person: dict[str, Any] = {}
    told: dict[str, ChartFact] = {}
    for pack, facts in ((pair.new.pack, new), (pair.old.pack, old)):
        plain = {}
        for name, fact in facts.chart.items():
            if records_of(pack, pack.findings[name]) is None and told.get(name) != fact:
                plain[name] = told[name] = fact
        bundle = chart_bundle(pack, plain)
        for entry in bundle["entry"] if bundle else ():
            if entry["resource"]["resourceType"] == "Patient":
                person |= entry["resource"]
            else:
                entries.append(entry["resource"])
    entries += (_resource(pair.new.pack, record) for record in _records(pair, old, new))
    if person:
        entries.insert(0, person)
    for number, resource in enumerate(entries, start=1):
        if resource["resourceType"] != "Patient":
            resource["id"] = f"{resource['resourceType'].lower()}-{number}"
    return {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": one} for one in entries]}


def _records(pair: Pair, old: Facts, new: Facts) -> Iterator[Record]:
    """A record for each finding that is true by its code, which makes as few others true as can be."""
    readers = [
        (records, name in facts.chart)
        for pack, facts in ((pair.new.pack, new), (pair.old.pack, old))
        for name, finding in pack.findings.items()
        if (records := records_of(pack, finding)) is not None
    ]
    chosen: list[Record] = []
    for records, said in readers:
        if said and not any(_reads(records, one) for one in chosen):
            chosen.append(
                min(sorted(records), key=lambda one: sum(_reads(other, one) and not true for other, true in readers))
            )
    yield from chosen


def _reads(records: frozenset[Record], one: Record) -> bool:
    return one in records or one._replace(ever=True) in records


def _resource(pack: Pack, record: Record) -> dict[str, Any]:
    """A resource with this code, current and of this patient."""
    source = ChartSource.model_validate({"resource": record.resource, "value_set": _ONE, "ever": record.ever})
    finding = next(iter(pack.findings.values())).model_copy(update={"type": "boolean", "chart": [source]})
    alone = replace(pack, findings={finding.id: finding}, value_sets={_ONE: frozenset({(record.system, record.code)})})
    bundle = chart_bundle(alone, {finding.id: ChartFact(yes=True)}) or {}
    return dict(bundle["entry"][0]["resource"])
