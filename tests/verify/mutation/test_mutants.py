"""All mutants of a pack: what follows from rules, policies, names and places; counted by hand."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from cds import default_pack, load_pack
from cds.pack.condition import Holds
from cds.verify.mutation import mutants
from tests.pack.overlay import MINIMAL
from tests.verify.cases.tiny_pack import tiny_pack
from tests.verify.mutation.packs import answered, small


def test_the_tiny_pack(tmp_path: Path) -> None:
    """Three rules: hot and age < 5, emergency; rash, same-day; not (hot or rash), self-care."""
    made = mutants(load_pack(tiny_pack(tmp_path / "tiny")))
    assert Counter(mutant.operator for mutant in made) == {
        "rule-deleted": 3,
        "operand-dropped": 2 + 2,
        "clause-negated": 3 + 1 + 3,
        "all-any-swapped": 1 + 1,
        "bound-shifted": 2,
        "level-raised": 2,
        "level-lowered": 2,
        "policy-weakened": 4,
    }
    assert {mutant.subject for mutant in made if mutant.stillborn} == {"hot"}


def test_what_follows_from_a_rule() -> None:
    changes = [
        mutant.sentence
        for mutant in mutants(small(Holds("a"), level="same-day", block=["rest"], conclude="d", out_of_scope="x"))
        if mutant.subject == "r" and mutant.operator not in ("rule-deleted", "clause-negated")
    ]
    assert changes == [
        "r (rules/tiny.yaml:10): the level same-day becomes emergency",
        "r (rules/tiny.yaml:10): the level same-day becomes self-care",
        "r (rules/tiny.yaml:10): no longer blocks rest",
        "r (rules/tiny.yaml:10): no longer concludes d",
        "r (rules/tiny.yaml:10): no longer puts out of scope (x)",
    ]


def test_policies_are_weakened_by_one_step() -> None:
    pack = small(Holds("a"), answered("a", "escalate"), answered("b", "ask"), answered("c", "ignore"), level="same-day")
    changes = [mutant.change for mutant in mutants(pack) if mutant.operator == "policy-weakened"]
    assert changes == ["'unanswered: escalate' becomes 'ask'", "'unanswered: ask' becomes 'ignore'"]


def test_drafts_and_retired_rules_are_left_alone() -> None:
    pack = load_pack(MINIMAL)
    assert {mutant.subject for mutant in mutants(pack)} <= {*pack.rule, *pack.findings}


def test_names_are_unique_and_places_are_told() -> None:
    pack = load_pack(default_pack())
    made = mutants(pack)
    assert len({mutant.id for mutant in made}) == len(made)
    bounds = [mutant.sentence for mutant in made if mutant.subject == "fracture.over_seventy"]
    assert f"fracture.over_seventy (rules/fracture.yaml:{pack.rule['fracture.over_seventy'].line}): " in bounds[0]
    assert any(one.endswith("'age >= 70 a' becomes 'age >= 71 a'") for one in bounds)
    course = next(mutant for mutant in made if mutant.id == "course/policy-weakened")
    text = (pack.folder / course.place.file).read_text(encoding="utf-8").splitlines()
    assert text[course.place.line - 1].strip() == "- id: course"


def test_only_the_fault_is_applied() -> None:
    pack = load_pack(MINIMAL)
    for mutant in mutants(pack):
        faulty = mutant.applied(pack)
        changed = [rule.id for rule in pack.rules if faulty.rule.get(rule.id) != rule]
        weakened = [name for name, finding in pack.findings.items() if faulty.findings[name] != finding]
        assert changed + weakened == [mutant.subject]
