"""One assessment of a run, as far as the report counts it: checked against the pack, since it comes from a file."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import orjson

from cds.assessment import INCOMPLETE, OUT_OF_SCOPE
from cds.pack import Pack

_NOT_THIS_PACK: Final = "the pack has changed since, or the line has"


class RecordProblem(ValueError):
    """What is wrong with a line, without what stands in it: it could tell of a patient."""


class Record(NamedTuple):
    """What of an assessment is counted; :mod:`cds.batch.record` says what each is."""

    outcome: str
    level: str
    possible_level: str
    fired: list[str]
    open: list[str]
    withholding: list[str]
    contradictions: list[str]
    chart: int
    chart_whole: bool


def outcomes(pack: Pack) -> tuple[str, ...]:
    """Every outcome that an assessment can have: the levels, most urgent first, and what is no level."""
    return (*(level.id for level in pack.levels), INCOMPLETE, OUT_OF_SCOPE)


class RecordReader:
    """Reads the lines of a run that was assessed by ``pack``."""

    def __init__(self, pack: Pack) -> None:
        self._pack = f"{pack.id}|{pack.version}"
        self._outcomes = frozenset(outcomes(pack))
        self._rank = pack.rank
        last = len(pack.levels) - 1
        self._rule_rank = {rule.id: pack.rank.get(rule.then.level or "", last) for rule in pack.rules}
        self._last = last
        rules, findings = frozenset(self._rule_rank), frozenset(pack.findings)
        self._names: tuple[tuple[str, frozenset[str]], ...] = (
            ("fired", rules),
            ("undecided", rules),
            ("open", findings),
            ("withholding", findings),
            ("contradictions", findings),
            ("advice", frozenset(pack.advice)),
            ("ask_first", frozenset(pack.advice)),
            ("out_of_scope", frozenset(rule.then.out_of_scope for rule in pack.rules if rule.then.out_of_scope)),
        )

    def read(self, line: bytes) -> Record:
        """The record of a line. Raises :class:`RecordProblem` for what a run by this pack does not write."""
        try:
            found = orjson.loads(line)
        except orjson.JSONDecodeError:
            raise RecordProblem("this is no JSON") from None
        if not isinstance(found, dict):
            raise RecordProblem("this is no assessment")
        if found.get("pack") != self._pack:
            raise RecordProblem(f"this was not assessed by {self._pack}")
        for name, known in self._names:
            _check_names(name, found.get(name), known)
        chart, whole = found.get("chart"), found.get("chart_whole")
        if type(chart) is not int or chart < 0:
            raise RecordProblem("chart must be a whole number, 0 or more")
        if type(whole) is not bool:
            raise RecordProblem("chart_whole must be true or false")
        self._check_levels(found)
        return Record(
            found["outcome"],
            found["level"],
            found["possible_level"],
            found["fired"],
            found["open"],
            found["withholding"],
            found["contradictions"],
            chart,
            whole,
        )

    def _check_levels(self, found: dict[str, Any]) -> None:
        """Raise :class:`RecordProblem` if the outcome is not what the rest of the record says."""
        outcome, level, possible = (found.get(name) for name in ("outcome", "level", "possible_level"))
        if not isinstance(outcome, str) or outcome not in self._outcomes:
            raise RecordProblem("outcome is none that the pack knows")
        if not (isinstance(level, str) and isinstance(possible, str) and {level, possible} <= self._rank.keys()):
            raise RecordProblem("level or possible_level is none of the pack's levels")
        urgent = min([self._rule_rank[rule] for rule in found["fired"]], default=self._last)
        if self._rank[level] != urgent:
            raise RecordProblem(f"level is not that of the rules that fired: {_NOT_THIS_PACK}")
        if self._rank[possible] > urgent:
            raise RecordProblem("possible_level is less urgent than level")
        if (outcome == INCOMPLETE) != bool(found["withholding"]):
            raise RecordProblem("outcome is incomplete just when something is withholding, and here it is not")
        if outcome == OUT_OF_SCOPE and not found["out_of_scope"]:
            raise RecordProblem("outcome is out-of-scope, and out_of_scope says no reason")
        if outcome in self._rank and outcome != level:
            raise RecordProblem("outcome is another level than level")
        if not set(found["withholding"]) <= set(found["open"]):
            raise RecordProblem("withholding has what is not open")


def _check_names(member: str, names: Any, known: frozenset[str]) -> None:
    if type(names) is not list:
        raise RecordProblem(f"{member} must be a list of names")
    if not names:
        return
    try:
        different = set(names)
    except TypeError:  # a list or an object stands in it
        raise RecordProblem(f"{member} must be a list of names") from None
    if not different <= known:
        place = next(place for place, name in enumerate(names) if name not in known)
        raise RecordProblem(f"{member}[{place}] is not in the pack: {_NOT_THIS_PACK}")
    if len(different) != len(names):
        raise RecordProblem(f"{member} has a name twice")
