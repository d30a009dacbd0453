"""What a run wrote, in the form of a bulk export's manifest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final

import orjson

from cds.batch.inputs import Inputs
from cds.batch.journal import Part
from cds.batch.part_files import REFUSED
from cds.pack import Pack

MANIFEST: Final = "manifest.json"


def manifest(
    pack: Pack, inputs: Inputs, parts: Sequence[Part], charts: Mapping[str, int], empty: Sequence[str]
) -> bytes:
    """The manifest as JSON: the files with their counts and checksums, and what became of all lines."""
    files = [(name, told) for part in parts for name, told in part.files.items()]
    outcomes: Counter[str] = sum((Counter(part.outcomes) for part in parts), Counter())
    order = [level.id for level in pack.levels]
    listed = [_entry(name, told) for name, told in files]
    if charts["refused"]:
        listed.append({"type": REFUSED, "url": f"{REFUSED}.charts.ndjson", "count": charts["refused"]})
    return orjson.dumps(
        {
            "request": f"{pack.header.url}/PlanDefinition/{pack.id}|{pack.version}",
            "requiresAccessToken": False,
            "output": [one for one in listed if one["type"] != REFUSED],
            "error": [one for one in listed if one["type"] == REFUSED],
            "pack": {"id": pack.id, "version": pack.version},
            "counts": {
                "responses": sum(part.read for part in parts),
                "assessed": sum(part.assessed for part in parts),
                "refused": sum(part.refused for part in parts),
                "outcomes": dict(sorted(outcomes.items(), key=lambda one: _place(order, one[0]))),
                "chart_resources": charts["read"],
                "chart_resources_refused": charts["refused"],
            },
            "empty": list(empty),
            "left_alone": [inputs.name(path) for path in inputs.left_alone],
        },
        option=orjson.OPT_INDENT_2,
    )


def _entry(name: str, told: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": name.partition(".")[0], "url": name, **told}


def _place(order: Sequence[str], outcome: str) -> tuple[int, str]:
    return order.index(outcome) if outcome in order else len(order), outcome
