"""No class is missing and none is invented: every patient of a tiny pack is decided about in both versions."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Final

import pytest

from cds import load_pack
from cds.pack import Pack
from cds.verify.difference.compare import compare
from cds.verify.mutation.mutants import mutants
from cds.verify.witness import ChartFact
from tests.verify.difference.tiny_pack import Change, Told, by_trying, tiny_pack

RULES: Final = "rules/tiny.yaml"
NEW_RULE: Final = """\
  - id: tiny.new
    title: New
    when: {at_least: 2, of: [hot, rash, days >= 3, not: lung_disease]}
    then: {level: same-day, reason: {en: New., es: Nuevo.}, advise: [fever-medicine]}
    rationale: New.
    citations: [TEXTBOOK]
  - id: tiny.rash
"""
CHANGES: Final[dict[str, list[Change]]] = {
    "nothing": [],
    "a higher threshold": [(RULES, "days >= 2", "days >= 3")],
    "a lower threshold": [(RULES, "days >= 2", "days >= 1")],
    "other days": [(RULES, "{all: [hot, days >= 2]}", "{all: [hot, days = 2]}")],
    "a level raised": [(RULES, "level: same-day, reason: {en: A rash", "level: emergency, reason: {en: A rash")],
    "a level lowered": [(RULES, "level: emergency", "level: same-day")],
    "what another rule says already": [(RULES, "when: rash", "when: {any: [rash, {all: [hot, lung_disease]}]}")],
    "a rule that asks for more": [(RULES, "when: rash", "when: {all: [rash, not: itch]}")],
    "a rule added": [(RULES, "  - id: tiny.rash\n", NEW_RULE)],
    "a rule no longer evaluated": [(RULES, "    title: A rash\n", "    title: A rash\n    status: retired\n")],
    "another scope": [(RULES, "days < 1", "days < 2")],
    "a scope with a level": [(RULES, "{out_of_scope: under-1,", "{out_of_scope: under-1, level: same-day,")],
    "a block less": [(RULES, "{any: [lung_disease, itch]}", "itch")],
    "a block without another advice": [
        (RULES, "block: [fever-medicine], instead: ask-pharmacist", "block: [fever-medicine, fluids]")
    ],
    "a question less urgent": [
        ("findings.yaml", "caliente}\n    unanswered: escalate\n    red_flag: true", "caliente}\n    unanswered: ask")
    ],
    "a question ignored": [
        ("findings.yaml", "es: Sarpullido}\n    unanswered: escalate", "es: Sarpullido}\n    unanswered: ignore")
    ],
    "a question that withholds": [
        ("findings.yaml", "pulmonar}\n    unanswered: ask", "pulmonar}\n    unanswered: escalate")
    ],
    "a level that is withheld": [
        ("pack.yaml", "given_with_gaps: true\n    advice: true", "given_with_gaps: false\n    advice: true")
    ],
    "a hidden question that stands for yes": [("findings.yaml", "not_applicable: false", "not_applicable: true")],
    "a hidden question that is unknown": [("findings.yaml", "    not_applicable: false\n", "")],
    "another answer that counts": [("findings.yaml", "true: [rash]", "true: [rash, cold]")],
    "several at once": [
        (RULES, "days >= 2", "days >= 3"),
        (RULES, "{all: [hot, lung_disease]}", "{any: [hot, lung_disease]}"),
        (RULES, "when: days >= 1", "when: {not: itch}"),
    ],
}
UNNOTICED: Final = ("nothing", "what another rule says already", "a hidden question that is unknown")
"""Changes that no patient notices; the last because no chart says that the lungs are well, so the block stays."""


RECORDS: Final = {"lung_disease": ChartFact(yes=True)}
PARTS: Final = 6
"""The faults are tried in so many tests, so that they run beside each other."""


@pytest.mark.parametrize("name", CHANGES)
def test_every_class_is_found_and_no_other(name: str, tmp_path: Path) -> None:
    old, new = (
        load_pack(tiny_pack(tmp_path / place, *changes)) for place, changes in (("old", []), ("new", CHANGES[name]))
    )
    assert bool(_as_by_trying(old, new)) is (name not in UNNOTICED)


@pytest.mark.parametrize("part", range(PARTS))
def test_every_class_of_every_fault_is_found_and_no_other(part: int, tmp_path: Path) -> None:
    """Each small fault that ``cds mutate`` knows, as the new version."""
    pack = load_pack(tiny_pack(tmp_path / "pack"))
    faults = [mutant for mutant in mutants(pack) if not mutant.stillborn][part::PARTS]
    noticed = [mutant for mutant in faults if _as_by_trying(pack, mutant.applied(pack))]
    assert len(noticed) > len(faults) / 2


def _as_by_trying(old: Pack, new: Pack) -> Collection[Told]:
    """The classes that are found: those that come of trying every patient, with the same rules behind them."""
    expected = by_trying(old, new, RECORDS)
    found = compare(old, new)
    classes = {(one.change.kind, one.change.subject, one.change.old, one.change.new): one for one in found.classes}
    assert (found.undecided, found.unclear, found.left_out) == ((), (), ())
    assert classes.keys() == expected.keys()
    assert len(classes) == len(found.classes)
    for key, rules in expected.items():
        seen = {one for one in rules if any(_concerns(pack, one, key) for pack in (old, new))}
        behind = classes[key].rules
        # One whose consequence changed is behind the class by firing, also if it fires in both versions alike.
        by_firing = {one.rule for one in behind if one.how != "consequence"}
        assert not seen or by_firing == seen - {one.rule for one in behind if one.how == "consequence"}, key
    return expected


def _concerns(pack: Pack, name: str, key: Told) -> bool:
    """Whether a rule says anything that the class is about, or concludes what others read."""
    rule = pack.rule.get(name)
    if rule is None:
        return False
    then, (kind, subject, _, _) = rule.then, key
    if kind == "advice":
        return then.conclude is not None or subject in (*then.advise, *then.block)
    return then.conclude is not None or then.out_of_scope is not None or then.level not in (None, pack.default_level)
