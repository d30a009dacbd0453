"""What a case can expect of a patient that holds for the pack and not for the mutant."""

from __future__ import annotations

from typing import Any

from cds.assessment import Assessment
from cds.verify.cases.case import Expectation
from cds.verify.mutation.mutant import Mutant

_MOST_NAMES = 2
"""So many names a key, if the fault shows in more: a case is to be read."""


def telling(mutant: Mutant, was: Assessment, now: Assessment) -> dict[str, Any]:
    """The keys of an expectation that ``was`` meets and ``now`` does not; empty if no case can tell them apart.

    Where the faulty rule itself shows the fault, only that rule is named.
    """
    found = _rules(mutant, was, now) or _advice(was, now)
    return found or _levels(was, now) or _questions(was, now)


def complete(telltale: dict[str, Any], was: Assessment) -> Expectation:
    """The expectation that a case shows: what tells apart, and always the outcome."""
    return Expectation.model_validate({"outcome": was.outcome, **telltale})


def _rules(mutant: Mutant, was: Assessment, now: Assessment) -> dict[str, Any]:
    before, after = _rule_keys(was), _rule_keys(now)
    different = [rule for rule in (*before, *after) if before.get(rule) != after.get(rule)]
    if mutant.subject in different:
        different = [mutant.subject]
    found: dict[str, Any] = {}
    for rule in list(dict.fromkeys(different))[:_MOST_NAMES]:
        found.setdefault(before.get(rule, "does_not_fire"), []).append(rule)
    return found


def _rule_keys(assessment: Assessment) -> dict[str, str]:
    """What a case would say of each rule that fires or may."""
    fired = {rule.id: "fires" for rule in assessment.fired}
    return fired | {rule.id: "could_fire" for rule in assessment.undecided}


def _advice(was: Assessment, now: Assessment) -> dict[str, Any]:
    before, after = _advice_keys(was), _advice_keys(now)
    found: dict[str, Any] = {}
    for name, key in before.items():
        if after.get(name) != key:
            found.setdefault(key, []).append(name)
    for name, key in after.items():
        if name not in before and key == "advice":  # that it is not to be asked about, no case can expect
            found.setdefault("no_advice", []).append(name)
    return found


def _advice_keys(assessment: Assessment) -> dict[str, str]:
    """What a case would say of each piece of advice; what is said instead of it cannot be expected."""
    keys = {"advised": "advice", "ask-first": "ask_first"}
    return {given.advice.id: keys[given.status] for given in assessment.advice if given.status in keys}


def _levels(was: Assessment, now: Assessment) -> dict[str, Any]:
    return {
        key: getattr(was, key)
        for key in ("level", "possible_level", "outcome")
        if getattr(was, key) != getattr(now, key)
    }


def _questions(was: Assessment, now: Assessment) -> dict[str, Any]:
    opened, open_now = ([gap.finding for gap in one.open_findings] for one in (was, now))
    found = {
        "withholds": [name for name in was.withholding if name not in now.withholding],
        "open": [name for name in opened if name not in open_now],
        "not_open": [name for name in open_now if name not in opened],
    }
    return {key: names for key, names in found.items() if names}
