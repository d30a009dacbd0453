"""Rules that rest on a red flag: each needs a case in which its answer is missing."""

from __future__ import annotations

from cds.pack import Pack, Rule
from cds.pack.condition import atoms


def is_red_flag(pack: Pack, rule: Rule) -> bool:
    """Whether a rule gives a level above the default on the strength of a red flag, if need be a derived one."""
    if rule.then.level is None or rule.then.level == pack.default_level:
        return False
    return _reads_red_flag(pack, rule, set())


def _reads_red_flag(pack: Pack, rule: Rule, seen: set[str]) -> bool:
    if rule.id in seen:
        return False
    seen.add(rule.id)
    for atom in atoms(rule.when):
        if pack.findings[atom.finding].red_flag:
            return True
        if any(_reads_red_flag(pack, other, seen) for other in pack.concluding.get(atom.finding, ())):
            return True
    return False
