"""What hangs on a derived finding."""

from __future__ import annotations

from cds.pack import Pack, Rule
from cds.pack.condition import findings_of


def downstream(pack: Pack, finding: str) -> list[Rule]:
    """The rules that read a derived finding, or what follows from it, or from that."""
    found: dict[str, Rule] = {}
    names, reached = [finding], {finding}
    while names:
        name = names.pop()
        for rule in pack.rules:
            if rule.id not in found and name in findings_of(rule.when):
                found[rule.id] = rule
                if rule.then.conclude is not None and rule.then.conclude not in reached:
                    reached.add(rule.then.conclude)
                    names.append(rule.then.conclude)
    return list(found.values())
