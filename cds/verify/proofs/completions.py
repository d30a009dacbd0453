"""How the unknowns of a patient may turn out, for proofs about open questions.

A *completion* gives every statement about a base finding a truth. *Chosen* ones follow a plan as far as what is known
and assumed allows; *tried* ones are free variables.
"""

from __future__ import annotations

from collections.abc import Mapping

import z3

from cds.pack import Pack
from cds.verify.encoding import NamedStatements
from cds.verify.encoding.kleene import Formula, Kleene, both, every, negation, some
from cds.verify.encoding.literals import Key, Truths, atom_of, keys_of

Plan = Mapping[Key, bool]
"""For each statement whether it is to be true where nothing else decides."""


class Completions:
    """The statements that the rules of one pack make about base findings, and their completions."""

    def __init__(self, pack: Pack, statements: NamedStatements) -> None:
        self._pack = pack
        self.statements = statements
        self.keys: list[Key] = sorted({key for atom, _ in statements.all for key in keys_of(atom)}, key=_order)
        several = {name for name, finding in pack.findings.items() if finding.type == "codes"}
        self.known: dict[Key, Kleene] = {
            key: statements.reads(atom_of(key, key.finding in several)) for key in self.keys
        }
        self.of_finding: dict[str, list[Key]] = {}
        for key in self.keys:
            self.of_finding.setdefault(key.finding, []).append(key)

    def chosen(self, plan: Plan, sure: Truths) -> Truths:
        """The completion that follows the plan as far as what is ``sure`` allows."""

        def truths(key: Key) -> Kleene:
            yes = sure(key).yes
            if plan.get(key, False):
                against = [sure(key).no]
                if self._is_single(key):
                    against += [sure(other).yes for other in self.of_finding[key.finding] if other != key]
                yes = some([yes, every(map(negation, against))])
            elif key.kind == "least":
                # a number assumed to be at least more is at least this
                yes = some(sure(other).yes for other in self.of_finding[key.finding] if _value(other) >= _value(key))
            if plan.get(key, False) and key.kind == "least":
                less = [sure(other).no for other in self.of_finding[key.finding] if _value(other) <= _value(key)]
                more = [sure(other).yes for other in self.of_finding[key.finding] if _value(other) >= _value(key)]
                yes = some([*more, every(map(negation, less))])
            return Kleene(yes, negation(yes))

        return truths

    def follows(self, plan: Plan, sure: Truths) -> Formula:
        """Whether the plan gives a code to each finding that must have one, given what is ``sure``."""
        truths = self.chosen(plan, sure)
        return every(some(truths(key).yes for key in keys) for keys in self.of_finding.values() if self._exhaust(keys))

    def trial(self, prefix: str) -> tuple[dict[Key, Formula], list[Formula]]:
        """Variables for any completion at all, and what keeps them free of contradiction."""
        tried: dict[Key, Formula] = {key: z3.Bool(f"{prefix} {key}") for key in self.keys}
        found: list[Formula] = []
        for keys in self.of_finding.values():
            if keys[0].kind == "least":
                found += [z3.Implies(tried[high], tried[low]) for low, high in zip(keys, keys[1:], strict=False)]
            elif self._is_single(keys[0]):
                found.append(z3.PbLe([(tried[key], 1) for key in keys], 1))
            if self._exhaust(keys):
                found.append(some(tried[key] for key in keys))
        return tried, found

    def _is_single(self, key: Key) -> bool:
        return self._pack.findings[key.finding].type == "code"

    def _exhaust(self, keys: list[Key]) -> bool:
        """Whether one of these statements must be true: they are about all codes of a finding that has one."""
        return self._is_single(keys[0]) and len(keys) == len(self._pack.findings[keys[0].finding].code_ids)


def as_truths(tried: Mapping[Key, Formula]) -> Truths:
    """Variables of a completion as truths."""
    return lambda key: Kleene(tried[key], negation(tried[key]))


def _order(key: Key) -> tuple[str, int, str]:
    return (key.finding, key.value, "") if isinstance(key.value, int) else (key.finding, 0, key.value)


def _value(key: Key) -> int:
    return key.value if isinstance(key.value, int) else 0


__all__ = ["Completions", "Plan", "as_truths", "both"]
