"""A pack's rules in another engine: zen-engine, which evaluates decisions in the JSON Decision Model of GoRules.

The products are those of :func:`cds.engine.plan`, so both engines have the same work. A rule is one expression: some
product of it holds. Expressions stand in the order of the plan, so what a derived finding rests on comes before what
reads it. Both rails are in one decision, as a derived finding fails on one rail until it fires on the other; a patient
of whom nothing is open is the same on both, and gets a decision of one rail.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import zen

from cds.engine import CheckedEvaluator, Evaluation, EvaluatorDisagreement, plan
from cds.engine.facts import Fact, FactBuilder
from cds.engine.normal_form import Literal, Product
from cds.engine.plan import Plan
from cds.pack import Findings, Pack, Truth

_KNOWN: Final = "k"
_POSSIBLE: Final = "p"
_OTHER: Final = {_KNOWN: _POSSIBLE, _POSSIBLE: _KNOWN}

Expression = tuple[str, str]
"""A key of the result, and what it is made by."""


@dataclass(frozen=True, slots=True)
class _Sum:
    """The products of one rule, or of one hidden finding, and what it concludes."""

    number: int
    rule: str | None
    concludes: str | None
    products: tuple[Product, ...]


class ZenEvaluator:
    """The rules of one pack in zen-engine; answers as the other evaluators do."""

    def __init__(self, pack: Pack) -> None:
        """Translate and compile a pack."""
        compiled = plan(pack)
        sums = _sums(compiled)
        self._pack = pack
        self._facts = FactBuilder(pack.findings, compiled.properties)
        self._rules = {one.number: one.rule for one in sums if one.rule is not None}
        self._level_of = {rule.id: rule.then.level for rule in pack.rules if rule.then.level is not None}
        writer = _Writer(sums, compiled.properties)
        self._names = writer.names
        concluded = {one.concludes for one in sums}
        derived = sorted(name for name, finding in pack.findings.items() if finding.derived)
        self._derived = {name: writer.names[f"{name}.yes"] if name in concluded else None for name in derived}
        # zen-engine cannot reckon with what is not there, so all properties are; what no rule concludes fails.
        given = {name: name.rpartition(".")[0] in derived and name.endswith(".no") for name in compiled.properties}
        self._absent = {
            rail: {f"{rail}{writer.names[name]}": fails for name, fails in given.items()} for rail in _OTHER
        }
        engine = zen.ZenEngine()
        self._both = engine.create_decision(_decision(list(writer.expressions((_KNOWN, _POSSIBLE)))))
        self._one = engine.create_decision(_decision(list(writer.expressions((_KNOWN,)))))

    def evaluate(self, findings: Findings) -> Evaluation:
        """Evaluate one patient's findings. Raises ``RuntimeError`` if zen-engine fails."""
        return self.answer(self.run(self.context(findings)))

    def context(self, findings: Findings) -> tuple[dict[str, Any], bool]:
        """What zen-engine is given, and whether that is of one rail, as nothing is open."""
        known, possible = self._facts.build(findings)
        context = self._on_rail(known, _KNOWN)
        if known == possible:
            return context, True
        return {**context, **self._on_rail(possible, _POSSIBLE)}, False

    def run(self, given: tuple[dict[str, Any], bool]) -> dict[str, bool]:
        """What zen-engine says, by expression."""
        context, one_rail = given
        result: dict[str, bool] = (self._one if one_rail else self._both).evaluate(context)["result"]
        return result

    def answer(self, result: Mapping[str, bool]) -> Evaluation:
        """The evaluation that a result stands for."""
        possible_rail = _POSSIBLE if f"{_POSSIBLE}0" in result else _KNOWN
        known = self._fired(result, _KNOWN)
        possible = self._fired(result, possible_rail)
        derived: dict[str, Truth] = {
            name: _truth(result[f"{_KNOWN}{key}"], result[f"{possible_rail}{key}"]) if key else False
            for name, key in self._derived.items()
        }
        return Evaluation(known, possible, derived, self._level(known), self._level(possible))

    def _on_rail(self, fact: Fact, rail: str) -> dict[str, Any]:
        names = self._names
        return {**self._absent[rail], **{f"{rail}{names[name]}": value for name, value in fact.items()}}

    def _fired(self, result: Mapping[str, bool], rail: str) -> frozenset[str]:
        return frozenset(rule for number, rule in self._rules.items() if result[f"{rail}{number}"])

    def _level(self, fired: frozenset[str]) -> str:
        return self._pack.most_urgent([self._level_of[name] for name in fired if name in self._level_of])


class ZenChecked(CheckedEvaluator):
    """zen-engine in the place of durable-rules: it answers only when the reference says the same."""

    def __init__(self, pack: Pack) -> None:
        super().__init__(pack)
        self._zen = ZenEvaluator(pack)

    def evaluate(self, findings: Findings) -> Evaluation:
        """Evaluate one patient. Raises :class:`EvaluatorDisagreement`."""
        answer, reference = self._zen.evaluate(findings), self.reference.evaluate(findings)
        if answer != reference:
            raise EvaluatorDisagreement(answer, reference)
        return answer


def _truth(known: bool, possible: bool) -> Truth:
    return True if known else None if possible else False


def _sums(compiled: Plan) -> list[_Sum]:
    """Each after all that conclude what it reads: where its last product stands in the plan."""
    found: dict[tuple[str | None, str | None], list[Product]] = {}
    for entry in (entry for stage in compiled.stages for entry in stage.conclusions):
        key = (entry.rule, entry.concludes)
        found[key] = [*found.pop(key, []), entry.terms]
    return [
        _Sum(number, rule, concludes, tuple(terms)) for number, ((rule, concludes), terms) in enumerate(found.items())
    ]


class _Writer:
    """Writes expressions. ``names`` are those that properties have there: a ``.`` would mean something else."""

    def __init__(self, sums: Sequence[_Sum], properties: frozenset[str]) -> None:
        self._sums = sums
        self._concluding: dict[str, list[int]] = {}
        for one in sums:
            if one.concludes is not None:
                self._concluding.setdefault(one.concludes, []).append(one.number)
        used = properties | {f"{name}.{truth}" for name in self._concluding for truth in ("yes", "no")}
        self.names = {name: f"v{number}" for number, name in enumerate(sorted(used))}

    def expressions(self, rails: Sequence[str]) -> Iterator[Expression]:
        """Whether each sum holds, and each derived finding once all are known that conclude it."""
        for one in self._sums:
            for rail in rails:
                yield f"{rail}{one.number}", " or ".join(f"({self._product(terms, rail)})" for terms in one.products)
            name = one.concludes
            if name is None or one.number != self._concluding[name][-1]:
                continue
            for rail in rails:
                yield (
                    self._key(f"{name}.yes", rail),
                    " or ".join(f"$.{rail}{other}" for other in self._concluding[name]),
                )
            for rail in rails:
                other = _OTHER[rail] if len(rails) > 1 else rail
                yield self._key(f"{name}.no", rail), f"not $.{self._key(f'{name}.yes', other)}"

    def _key(self, name: str, rail: str) -> str:
        return f"{rail}{self.names[name]}"

    def _product(self, terms: Product, rail: str) -> str:
        return " and ".join(self._literal(literal, rail) for literal in sorted(terms))

    def _literal(self, literal: Literal, rail: str) -> str:
        name = self._key(literal.name, rail)
        if literal.name.rpartition(".")[0] in self._concluding:
            name = f"$.{name}"
        return name if literal.test == "==" else f"{name} {literal.test} {literal.value}"


def _decision(expressions: Sequence[Expression]) -> str:
    content = {
        "expressions": [{"id": key, "key": key, "value": value} for key, value in expressions],
        "passThrough": False,
    }
    nodes = [
        _node("given", "inputNode", {}),
        _node("rules", "expressionNode", content),
        _node("result", "outputNode", {}),
    ]
    edges = [
        {"id": f"{source}-{target}", "sourceId": source, "targetId": target, "type": "edge"}
        for source, target in (("given", "rules"), ("rules", "result"))
    ]
    return json.dumps({"nodes": nodes, "edges": edges})


def _node(name: str, kind: str, content: dict[str, Any]) -> dict[str, Any]:
    return {"id": name, "type": kind, "name": name, "position": {"x": 0, "y": 0}, "content": content}
