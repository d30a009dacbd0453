"""Checks of what a pack asks, against what its rules read; and of the conditions themselves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from cds.verify.static.catalogue.check import Check

VOCABULARY: Final[Mapping[str, Check]] = {
    "unused-finding": Check(
        "error",
        "No condition of an evaluated rule reads a finding, and it is not marked informational.",
        "no rule reads the finding {name!r}",
        "Use it in a rule, write 'informational: true', or take it out",
    ),
    "red-flag-unused": Check(
        "error",
        "No condition of an evaluated rule reads a red flag.",
        "no rule reads the red flag {name!r}",
        "Write a rule for it, or take 'red_flag' out",
    ),
    "informational-used": Check(
        "error",
        "A finding is marked informational, and an evaluated rule reads it.",
        "the finding {name!r} is marked informational, and rules read it: {rules}",
        "Take 'informational' out",
    ),
    "unused-option": Check(
        "error",
        "An answer option changes nothing: no rule reads what it stands for, and no question depends on it.",
        "nothing depends on the option {option!r} of {name!r}",
        "{hint}",
    ),
    "informational-code-used": Check(
        "error",
        "A code is marked informational, and an evaluated rule reads it.",
        "the code {code!r} of {name!r} is marked informational, and rules read it: {rules}",
        "Take 'informational' out",
    ),
    "code-never-given": Check(
        "error",
        "No answer option and no chart source gives a code of a finding.",
        "nothing gives the finding {name!r} the code {code!r}",
        "Add an option, map one to it, or take the code out",
    ),
    "wide-condition": Check(
        "warning",
        "A condition reads more than twelve findings. A table may have nine inputs; nine features and what must hold"
        " for them to count still fit, more nobody reads at once.",
        "the condition of {name!r} reads {count} findings",
        "Split the rule, or conclude a derived finding from a part of it",
    ),
    "repeated-statement": Check(
        "warning",
        "The same statement stands twice in one all or any.",
        "the condition of {name!r} says twice in one list: {statement}",
        "Take one out, or correct it",
    ),
    "repeated-in-count": Check(
        "error",
        "The same statement stands twice under one at_least, and counts twice.",
        "in the condition of {name!r} this counts twice: {statement}",
        "Take one out, or correct it",
    ),
    "subsumed-by-unused": Check(
        "error",
        "A rule leans on one that is a draft or retired.",
        "the rule {name!r} names {other!r} under 'subsumed_by', and the status of that is {status}",
        "Name a rule that is evaluated, or take 'subsumed_by' out",
    ),
    "level-without-rule": Check(
        "warning",
        "No evaluated rule gives a level.",
        "no rule gives the level {name!r}",
        "Write a rule for it, or take the level out",
    ),
}
