"""The responses that are measured: a complete one, one with two red flags skipped, an empty one; and many others.

The same response over and over finds everything that is kept from the time before. Those of :func:`never_seen` differ
in their answers, times and identifiers, and each is measured once.
"""

from __future__ import annotations

import random
from functools import cache
from typing import Any

import orjson

from cds import DecisionSupport, IntakeError, default_pack
from cds.intake import ComposeError, Composer
from cds.pack import FindingValue, Interval
from cds.pack.finding import Finding
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


WARM_UP = 250
NEVER_SEEN = 500
_CHANGED = {"boolean": 0.015, "codes": 0.0}
"""How likely an answer is another than the base patient's; numbers and choices change more often than yes and no."""


@cache
def never_seen(left_out: float) -> tuple[bytes, ...]:
    """Responses of patients who are all different, as compact JSON: :data:`WARM_UP` and :data:`NEVER_SEEN` of them."""
    return varied(support(), left_out, WARM_UP + NEVER_SEEN)


def varied(made: DecisionSupport, left_out: float, count: int) -> tuple[bytes, ...]:
    """So many responses to a pack that differ from each other, as compact JSON.

    Made of the pack's base patients, with some answers changed and a share of ``left_out`` of the answers skipped.
    """
    draw = random.Random(1)
    pack = made.pack
    base = list(load_patients(pack).values())
    composer = Composer(pack.questionnaire, pack.findings)
    found: dict[bytes, None] = {}
    while len(found) < count:
        values = dict(draw.choice(base))
        for name, value in tuple(values.items()):
            if draw.random() < _CHANGED.get(pack.findings[name].type, 0.3):
                values[name] = _another(draw, pack.findings[name], value)
        authored = f"2026-11-{draw.randint(1, 28):02}T{draw.randint(0, 23):02}:{draw.randint(0, 59):02}:00Z"
        try:
            resource = composer.compose(values, authored, droppable=values)
            resource["item"] = list(_kept(draw, resource["item"], left_out))
            resource |= {
                "id": f"r{draw.randrange(10**9)}",
                "subject": {"reference": f"Patient/{draw.randrange(10**9)}"},
            }
            data = orjson.dumps(resource)
            made.decide(data)
        except (ComposeError, IntakeError):
            continue  # answers that do not go together, or answers to what was then not asked
        found[data] = None
    return tuple(found)


def _another(draw: random.Random, finding: Finding, value: FindingValue) -> FindingValue:
    if finding.type == "boolean":
        return not value
    if finding.type == "code":
        return draw.choice(sorted(finding.code_ids))
    number = draw.randint(finding.low, finding.high)
    return Interval(number, number)


def _kept(draw: random.Random, items: list[Any], left_out: float) -> Any:
    for item in items:
        if "answer" in item:
            if draw.random() >= left_out:
                yield item
        elif inner := list(_kept(draw, item["item"], left_out)):
            yield {**item, "item": inner}
