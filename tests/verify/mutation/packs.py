"""Packs to mutate."""

from __future__ import annotations

from typing import Any

from cds.pack import Pack
from cds.pack.condition import Condition
from cds.pack.finding import Finding, Unanswered
from tests.verify.proofs.tiny_pack import asked, derived, given, tiny_pack, yes_no


def answered(name: str, unanswered: Unanswered) -> Finding:
    """A boolean that a question gives, with a policy for a missing answer."""
    return asked(name).model_copy(update={"unanswered": unanswered})


def small(when: Condition, *findings: Finding, **then: Any) -> Pack:
    """A pack of one rule ``r``, over ``a`` if no findings are named."""
    found = findings or (answered("a", "escalate"),)
    rules = [given("r", when, **then)]
    return tiny_pack([*found, derived("d")], [yes_no(finding.id) for finding in found], rules)
