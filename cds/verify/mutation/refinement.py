"""What may yet become known of a patient: some unknown findings get values, or fewer values than they could have.

A question is open if its answer, after some others, decides the level or the scope. So two packs that decide alike
whatever becomes known have the same open questions (docs/decisions/0018-mutation-of-rules.md has the argument).
"""

from __future__ import annotations

from collections.abc import Iterator

import z3

from cds.pack.condition import Atom, Compare, Holds
from cds.pack.finding import Finding
from cds.verify.encoding import Kleene
from cds.verify.encoding.kleene import TRUE, Formula, as_any, both, every, negation, some
from cds.verify.encoding.number import Case, compared
from cds.verify.encoding.rules import Reads


class Refinement:
    """Knowledge that contains what ``known`` says: what is certain there stays so.

    ``only`` names the findings of which more may be known; by default all. ``prefix`` keeps the variables apart.
    """

    def __init__(self, findings: dict[str, Finding], known: Reads, prefix: str, only: str | None = None) -> None:
        self._findings = findings
        self._known = known
        self._prefix = prefix
        self._only = only
        self._read: dict[Atom, Kleene] = {}
        self._used: dict[str, Finding] = {}

    def reads(self, atom: Atom) -> Kleene:
        """What is then known of a statement."""
        if self._only not in (None, atom.finding):
            return self._known(atom)
        if atom not in self._read:
            finding = self._used[atom.finding] = self._findings[atom.finding]
            self._read[atom] = self._meant(finding, atom)
        return self._read[atom]

    def constraints(self) -> list[Formula]:
        """That findings have values, and that what was known still is, as far as statements were read."""
        found = [one for finding in self._used.values() for one in self._domain(finding)]
        for atom, truth in self._read.items():
            known = self._known(atom)
            found += [z3.Implies(known.yes, truth.yes), z3.Implies(known.no, truth.no)]
        return found

    def _name(self, finding: Finding, what: str) -> str:
        return f"{self._prefix}{finding.id} {what}"

    def _ends(self, finding: Finding) -> tuple[z3.ArithRef, z3.ArithRef]:
        return z3.Int(self._name(finding, "low")), z3.Int(self._name(finding, "high"))

    def _pair(self, finding: Finding, what: str = "") -> Kleene:
        return Kleene(z3.Bool(self._name(finding, f"{what} yes")), z3.Bool(self._name(finding, f"{what} no")))

    def _excluded(self, finding: Finding) -> dict[str, Formula]:
        return {code: z3.Bool(self._name(finding, f"not {code}")) for code in sorted(finding.code_ids)}

    def _meant(self, finding: Finding, atom: Atom) -> Kleene:
        match atom:
            case Holds():
                return self._pair(finding)
            case Compare(_, operator, value):
                case = Case(TRUE, *self._ends(finding))
                return compared((case,), operator, value, finding.low, finding.high)
            case _ if finding.type == "codes":
                return self._pair(finding, atom.code)
            case _:
                excluded = self._excluded(finding)
                others = every(one for code, one in excluded.items() if code != atom.code)
                return Kleene(others, excluded[atom.code])

    def _domain(self, finding: Finding) -> Iterator[Formula]:
        if finding.type == "boolean":
            yield negation(both(*self._pair(finding)))
        elif finding.type == "integer":
            low, high = self._ends(finding)
            yield from (as_any(low >= finding.low), as_any(low <= high), as_any(high <= finding.high))
        elif finding.type == "code":
            yield some(map(negation, self._excluded(finding).values()))
        else:
            yield from (negation(both(*self._pair(finding, code))) for code in sorted(finding.code_ids))
