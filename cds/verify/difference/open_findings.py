"""Findings that one version holds open and the other does not, for the same patient."""

from __future__ import annotations

from cds.verify.difference.change_class import NO, YES, ChangeClass
from cds.verify.difference.completion import Completion
from cds.verify.difference.only_here import OnlyHere, OnlyHereSearch
from cds.verify.difference.pair import Pair
from cds.verify.difference.search import Search
from cds.verify.difference.side import Side
from cds.verify.encoding.kleene import FALSE, TRUE, negation


def open_classes(search: Search, completion: Completion, seeking: OnlyHereSearch) -> list[OnlyHere]:
    """Look for findings asked for, and findings that withhold, in one version only; those that withhold.

    To be called where the completion is assumed.
    """
    pair = search.pair
    withholding: list[OnlyHere] = []
    if completion.alike and _policy(pair.old) == _policy(pair.new):
        return withholding
    # Whether the level can be one that is withheld in one version alone: most changes leave that as it is.
    alone = {
        side.which: pair.exists(side.withheld_level, negation(pair.other(side).withheld_level)) for side in pair.sides
    }
    for name in dict.fromkeys((*pair.old.patient.findings, *pair.new.patient.findings)):
        search.step(f"question {name}")
        for side in pair.sides:
            told = (YES, NO) if side is pair.old else (NO, YES)
            asked = _asked(pair, completion, side, name)
            may_be_asked = asked is None or seeking.seek(ChangeClass("asked", *told, "changed", name), asked)
            withheld = _withheld(pair, completion, side, name, alone[side.which])
            if withheld is None or not (may_be_asked or withheld.otherwise is not FALSE):
                continue
            # Another finding may withhold in its place: what it means for a patient, the outcome tells.
            if seeking.seek(ChangeClass("withholds", *told, "changed", name), withheld):
                withholding.append(withheld)
    return withholding


def _asked(pair: Pair, completion: Completion, side: Side, name: str) -> OnlyHere | None:
    if _policy_of(side, name) == "ignore":
        return None
    other = pair.other(side)
    ignored = _policy_of(other, name) == "ignore"
    here = (completion.decides(side, name, alone=not ignored), *completion.other_value(name))
    return OnlyHere(side, name, here, completion.decides_never(other, name), TRUE if ignored else FALSE)


def _withheld(pair: Pair, completion: Completion, side: Side, name: str, alone: bool) -> OnlyHere | None:
    if _policy_of(side, name) != "escalate":
        return None
    other = pair.other(side)
    otherwise = TRUE
    if _policy_of(other, name) == "escalate":
        otherwise = negation(other.withheld_level) if alone else FALSE
    own = otherwise is FALSE
    here = (completion.decides(side, name, alone=own), *completion.other_value(name), side.withheld_level)
    return OnlyHere(side, name, here, completion.decides_never(other, name), otherwise)


def _policy_of(side: Side, name: str) -> str:
    """What is done about a finding that is open; nothing, if the version does not have it."""
    finding = side.patient.findings.get(name)
    return "ignore" if finding is None else finding.unanswered or "ask"


def _policy(side: Side) -> object:
    levels = [(level.id, level.given_with_gaps) for level in side.pack.levels]
    return levels, {name: finding.unanswered for name, finding in side.patient.findings.items()}
