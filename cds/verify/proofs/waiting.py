"""An urgent level does not wait for an answer that cannot change it.

Strong Kleene logic looks at one condition at a time. If one rule gives a level to pain under a week and another to pain
over it, the level is the same however old the pain is, and yet neither rule is certain before that is known. For levels
that are given whatever is unanswered, this would hold an urgent level back for a missing answer.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import pairwise

from cds.assessment import Decision
from cds.pack.condition import Atom, Compare, findings_of
from cds.pack.finding import Finding
from cds.verify.encoding import Kleene
from cds.verify.encoding.kleene import FALSE, TRUE, Formula, constant, every, negation
from cds.verify.proofs.attempt import Attempt

Value = Callable[[Atom, Kleene], Kleene]
"""The truth of a statement about a finding, once one more thing is known of it."""


def prove_levels_do_not_wait(attempt: Attempt, excepted: Collection[str]) -> None:
    """For each level given with gaps and each finding: if it holds whatever the finding is, it holds without it."""
    prover, pack = attempt.prover, attempt.prover.pack
    for rank, level in enumerate(pack.levels[:-1]):
        if not level.given_with_gaps:
            continue
        reached = prover.rules.reaches(rank).known
        giving = [rule for rule in pack.rules if rule.then.level == level.id]
        for name, finding in prover.patient.findings.items():
            if name in excepted:
                continue
            for unknown, values in _ways_to_turn_out(attempt, finding):
                outcomes = [prover.statements.exchanged(reached, name, value) for value in values]
                attempt.never(
                    unknown,
                    negation(reached),
                    *outcomes,
                    sentence=f"the level is {level.id} whatever the answer about {name} is, and waits for it",
                    rules=[rule for rule in giving if name in findings_of(rule.when)],
                    confirm=_less_than(attempt, rank),
                    hint=f"Give {level.id} by a rule that does not read {name}",
                )


def _less_than(attempt: Attempt, rank: int) -> Callable[[Decision], bool]:
    ranks = attempt.prover.pack.rank
    return lambda decision: ranks[decision.assessment.level] > rank


def _ways_to_turn_out(attempt: Attempt, finding: Finding) -> Iterator[tuple[Formula, Sequence[Value]]]:
    """When something is not known of the finding, and all the ways in which that may turn out."""
    named = attempt.prover.statements.of(finding.id)
    if not named:
        return
    nothing = every(truth.unknown for _, truth in named)
    match finding.type:
        case "boolean":
            yield nothing, [lambda atom, truth: Kleene(TRUE, FALSE), lambda atom, truth: Kleene(FALSE, TRUE)]
        case "integer":
            yield nothing, [_between(low, high) for low, high in _cells(finding, [atom for atom, _ in named])]
        case "code":
            yield nothing, [_is(code) for code in sorted(finding.code_ids)]
        case "codes":
            for atom, truth in named:
                yield truth.unknown, [_has(atom, holds) for holds in (True, False)]


def _cells(finding: Finding, atoms: Sequence[Atom]) -> Iterator[tuple[int, int]]:
    """The ranges within which no comparison changes."""
    bounds = {value for atom in atoms if isinstance(atom, Compare) for value in (atom.value, atom.value + 1)}
    ends = [finding.low, *sorted(bound for bound in bounds if finding.low < bound <= finding.high), finding.high + 1]
    yield from ((low, high - 1) for low, high in pairwise(ends))


def _between(low: int, high: int) -> Value:
    def value(atom: Atom, truth: Kleene) -> Kleene:
        assert isinstance(atom, Compare)  # noqa: S101 - all statements about a number are comparisons
        bound = atom.value
        holds = {
            ">=": low >= bound,
            ">": low > bound,
            "<=": high <= bound,
            "<": high < bound,
            "=": low == high == bound,
            "!=": not low <= bound <= high,
        }[atom.operator]
        return Kleene(constant(holds), constant(not holds))

    return value


def _is(code: str) -> Value:
    def value(atom: Atom, truth: Kleene) -> Kleene:
        same = getattr(atom, "code", None) == code
        return Kleene(constant(same), constant(not same))

    return value


def _has(which: Atom, holds: bool) -> Value:
    def value(atom: Atom, truth: Kleene) -> Kleene:
        return Kleene(constant(holds), constant(not holds)) if atom == which else truth

    return value
