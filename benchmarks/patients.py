"""The responses that are measured: a complete one, one with two red flags skipped, an empty one."""

from __future__ import annotations

from functools import cache

import orjson

from cds import DecisionSupport, default_pack
from cds.intake import Composer
from cds.verify import load_patients

KINDS = ("complete", "two skipped", "empty")
AUTHORED = "2026-11-22T12:00:00Z"


@cache
def support() -> DecisionSupport:
    """The shipped pack, loaded and compiled."""
    return DecisionSupport.load(default_pack())


@cache
def response(kind: str) -> bytes:
    """A response of one kind, as compact JSON."""
    pack = support().pack
    values = {} if kind == "empty" else dict(load_patients(pack)["ordinary-soreness"])
    if kind == "two skipped":
        for name in ("saddle_numbness", "cancer_history"):
            values.pop(name)
    composer = Composer(pack.questionnaire, pack.findings)
    return orjson.dumps(composer.compose(values, AUTHORED, droppable=values))
