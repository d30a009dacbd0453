"""Checks of what a pack declares and nothing uses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from cds.verify.static.catalogue.check import Check

UNUSED: Final[Mapping[str, Check]] = {
    "unused-advice": Check(
        "error",
        "No evaluated rule recommends an advice, so nobody ever gets it.",
        "no rule recommends the advice {name!r}",
        "Write a rule with 'advise: [{name}]', or take the advice out",
    ),
    "unused-suggestion": Check(
        "error",
        "A suggestion is for an outcome that cannot come about.",
        "the suggestion {name!r} is for {level!r}, which no rule gives",
        "Correct its levels, or take it out",
    ),
    "unused-instead": Check(
        "warning",
        "No rule and no advice uses an 'instead' text.",
        "nothing uses the instead text {name!r}",
        "Name it under 'instead' of a rule or an advice, or take it out",
    ),
    "unused-out-of-scope": Check(
        "warning",
        "No evaluated rule uses an out-of-scope text.",
        "no rule uses the out_of_scope text {name!r}",
        "Write a rule with 'out_of_scope: {name}', or take the text out",
    ),
    "unused-label": Check(
        "warning",
        "No template and no output uses a label.",
        "nothing uses the label {name!r}",
        "Take it out, or correct its name",
    ),
    "unused-citation": Check(
        "warning",
        "No rule and no advice names a citation.",
        "nothing cites {name!r}",
        "Cite it where it counts, or take it out",
    ),
    "unused-value-set": Check(
        "warning",
        "No finding and no question uses a value set.",
        "nothing uses the value set {name!r}",
        "Add a chart source for it, or take the file out",
    ),
}
