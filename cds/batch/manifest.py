"""What a run wrote, in the form of a bulk export's manifest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import orjson

from cds.batch.part_files import REFUSED
from cds.batch.result import BatchResult
from cds.pack import Pack

MANIFEST: Final = "manifest.json"


def manifest(pack: Pack, files: Sequence[tuple[str, Mapping[str, Any]]], result: BatchResult) -> bytes:
    """The manifest as JSON: the files (name, and what is told of it), and what became of all lines."""
    order = [level.id for level in pack.levels]
    listed = [_entry(name, told) for name, told in files]
    return orjson.dumps(
        {
            "request": f"{pack.header.url}/PlanDefinition/{pack.id}|{pack.version}",
            "requiresAccessToken": False,
            "output": [one for one in listed if one["type"] != REFUSED],
            "error": [one for one in listed if one["type"] == REFUSED],
            "pack": {"id": pack.id, "version": pack.version},
            "counts": {
                "responses": result.read,
                "assessed": result.assessed,
                "refused": result.refused,
                "outcomes": dict(sorted(result.outcomes.items(), key=lambda one: _place(order, one[0]))),
                "chart_resources": result.chart_read,
                "chart_resources_refused": result.chart_refused,
            },
            "empty": list(result.empty),
            "left_alone": list(result.left_alone),
        },
        option=orjson.OPT_INDENT_2,
    )


def _entry(name: str, told: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": name.partition(".")[0], "url": name, **told}


def _place(order: Sequence[str], outcome: str) -> tuple[int, str]:
    return order.index(outcome) if outcome in order else len(order), outcome
