"""Faults in what follows from a rule: another level, and what it no longer does."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cds.pack import Pack, Rule
from cds.pack.rule import Consequence
from cds.verify.mutation.mutant import Operator

Change = tuple[Operator, Consequence, str]
"""The operator, the consequence with the fault, and what was done in words."""


def faulty_consequences(pack: Pack, rule: Rule) -> Iterator[Change]:
    """What follows from a rule with one fault, for every fault."""
    then = rule.then
    yield from _levels(pack, then)
    for operator, key, done in (("block-removed", "block", "blocks"), ("advice-removed", "advise", "advises")):
        names: list[str] = getattr(then, key)
        for name in names:
            rest = [other for other in names if other != name]
            yield operator, _with(then, **{key: rest}), f"no longer {done} {name}"  # type: ignore[misc]
    if then.conclude is not None:
        yield "conclusion-removed", _with(then, conclude=None), f"no longer concludes {then.conclude}"
    if then.out_of_scope is not None:
        yield "scope-removed", _with(then, out_of_scope=None), f"no longer puts out of scope ({then.out_of_scope})"


def _levels(pack: Pack, then: Consequence) -> Iterator[Change]:
    if then.level is None:
        return
    rank = pack.rank[then.level]
    if rank > 0:
        yield _leveled("level-raised", then, pack.levels[rank - 1].id)
    if rank < len(pack.levels) - 1:
        yield _leveled("level-lowered", then, pack.levels[rank + 1].id)


def _leveled(operator: Operator, then: Consequence, level: str) -> Change:
    return operator, _with(then, level=level), f"the level {then.level} becomes {level}"


def _with(then: Consequence, **changed: Any) -> Consequence:
    return then.model_copy(update=changed)
