"""The generated function says what the closures say, which are the semantics written down plainly."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from cds.engine.kleene_code import compiled
from cds.engine.reference import ReferenceEvaluator, reading
from cds.pack import Findings, Pack, Truth
from cds.pack.condition import All, AnyOf, AtLeast, Holds, Not
from tests.engine.random_packs import packs, patients, rule_of


def _plainly(pack: Pack, findings: Findings) -> tuple[set[str], set[str], dict[str, Truth]]:
    """Fired and possible rules and derived findings, rule by rule until nothing changes."""
    derived: dict[str, Truth] = {name: False for name, finding in pack.findings.items() if finding.derived}
    while True:
        values = {**findings, **derived}
        truths = {rule.id: reading(rule.when)(values) for rule in pack.rules}
        found: dict[str, Truth] = {}
        for name in derived:
            concluding = [truths[rule.id] for rule in pack.rules if rule.then.conclude == name]
            found[name] = True if True in concluding else None if None in concluding else False
        if found == derived:
            known = {name for name, truth in truths.items() if truth is True}
            return known, {name for name, truth in truths.items() if truth is not False}, derived
        derived = found


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_generated_code_and_closures_agree(data: st.DataObject) -> None:
    pack = data.draw(packs())
    evaluator = ReferenceEvaluator(pack)
    for findings in data.draw(st.lists(patients(pack), min_size=20, max_size=20)):
        answer = evaluator.evaluate(findings)
        assert (set(answer.known), set(answer.possible), dict(answer.derived)) == _plainly(pack, findings)


def test_names_are_only_ever_text_in_the_code() -> None:
    name = "x'); raise SystemExit('"
    rule = rule_of("r", All((Holds(name), Not(Holds("b")), AtLeast(1, (AnyOf((Holds(name),)),)))), level="routine")
    assert compiled([rule], [])({name: True, "b": False}) == (["r"], ["r"], ())
