"""A generated pack put together and written as a folder."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any, Final

import yaml

from benchmarks.generated_pack.advice import (
    ANY,
    AdviceRules,
    advice_file,
    pattern_rules,
    patterns,
    scope_rules,
    suspicion_rules,
)
from benchmarks.generated_pack.asking import findings_file, ordinary_patient, questionnaire, title
from benchmarks.generated_pack.signs import SignRules
from benchmarks.generated_pack.statements import Statements
from benchmarks.generated_pack.texts import EFFECTIVE, REVIEW, cards_file, citations_file, header, properties_file
from benchmarks.generated_pack.vocabulary import AGE, EXERCISE, Vocabulary, draw_vocabulary

_GROUPED: Final = 4
"""Suspicions in a group; a pack of few topics has no groups."""
_BASE: Final = "ordinary"

Topics = dict[str, dict[str, list[dict[str, Any]]]]
"""Topic to its ``rules`` and ``tables``."""


def write_pack(folder: Path, rules: int = 1000, findings: int = 200, seed: int = 1) -> Path:
    """Write a pack of exactly so many evaluated rules over so many base findings, and return its folder.

    The same numbers give the same bytes. Raises ``ValueError`` if the rules are too few to use all findings, or too
    many for so few findings to tell them apart.
    """
    draw = Random(seed)
    vocabulary = draw_vocabulary(findings, draw)
    topics, derived = _topics(vocabulary, rules, draw)
    (folder / "rules").mkdir(parents=True, exist_ok=True)
    questions = json.dumps(questionnaire(vocabulary), indent=1)
    (folder / "questionnaire.json").write_text(f"{questions}\n", encoding="utf-8")
    _write(folder / "pack.yaml", header())
    _write(folder / "findings.yaml", findings_file(vocabulary, derived))
    _write(folder / "cards.yaml", cards_file())
    _write(folder / "citations.yaml", citations_file())
    _write(folder / "advice.yaml", advice_file())
    _write(folder / "patients.yaml", {"patients": {_BASE: ordinary_patient(vocabulary)}})
    _write(folder / "properties.yaml", properties_file(vocabulary, topics["advice-blocks"]["tables"]))
    _write(folder / "evidence-trace.yaml", _trace(topics))
    _write(folder / "rules" / "scope.test.yaml", _cases(vocabulary))
    for topic, entries in topics.items():
        defaults = {"status": "in-review", "effective": EFFECTIVE, "review": REVIEW}
        about = {"topic": topic, "title": title(topic), "defaults": defaults}
        _write(folder / "rules" / f"{topic}.yaml", {**about, **{key: kept for key, kept in entries.items() if kept}})
    return folder


def _topics(vocabulary: Vocabulary, rules: int, draw: Random) -> tuple[Topics, list[str]]:
    """All rules by topic, and the derived findings."""
    statements = Statements(vocabulary)
    signs, advice = SignRules(statements, draw), AdviceRules(statements, draw)
    signs.write_flags()
    signs.write_suspicions()
    suspected = [f"suspected_{topic}" for topic in vocabulary.topics]
    groups = _groups(suspected)
    given = advice.recommending(max(1, rules // 30))
    rows = max(rules // 10 - len(given), len(vocabulary.histories))
    blocking, tables = advice.blocking(rows)
    topics: Topics = {
        "scope": {"rules": scope_rules()},
        "serious": {"rules": suspicion_rules(groups, suspected)},
        "ordinary": {"rules": pattern_rules(vocabulary)},
        "advice": {"rules": given},
        "advice-blocks": {"rules": blocking, "tables": tables},
    }
    left = rules - signs.count - sum(map(_size, topics.values()))
    signs.write_combinations(max(left, 0), groups)
    topics |= {topic: {"rules": entries} for topic, entries in signs.rules.items()}
    return topics, [*suspected, *groups, ANY, *patterns(vocabulary)]


def _groups(suspected: list[str]) -> dict[str, list[str]]:
    starts = range(0, len(suspected), _GROUPED) if len(suspected) >= 2 * _GROUPED else ()
    return {f"serious_{number}": suspected[start : start + _GROUPED] for number, start in enumerate(starts, start=1)}


def _size(entries: dict[str, list[dict[str, Any]]]) -> int:
    return sum(1 for _ in _rule_names(entries))


def _trace(topics: Topics) -> dict[str, Any]:
    rows = [
        {"id": f"T{index:02}", "statement": f"{title(topic)} is made up.", "rules": list(_rule_names(entries))}
        for index, (topic, entries) in enumerate(topics.items(), start=1)
    ]
    return {"rows": rows}


def _rule_names(entries: dict[str, list[dict[str, Any]]]) -> Iterator[str]:
    yield from (rule["id"] for rule in entries["rules"])
    yield from (f"{table['id']}.{row['id']}" for table in entries.get("tables", ()) for row in table["rows"])


def _cases(vocabulary: Vocabulary) -> dict[str, Any]:
    flag = next(name for name in vocabulary.flags if name not in vocabulary.gates)
    topic, _, sign = flag.partition("_")
    scope = {"outcome": "out-of-scope", "fires": ["scope.no_exercise"]}
    skipped = {"outcome": "incomplete", "could_fire": [f"{topic}.{sign}"], "open": [flag]}
    benign = {"outcome": "self-care", "fires": ["scope.after_exercise"], "does_not_fire": [f"{topic}.{sign}"]}
    return {
        "cases": [
            {"name": "nothing out of the ordinary", "from": _BASE, "expect": benign},
            {"name": "a red flag", "from": _BASE, "set": {flag: "yes"}, "expect": {"fires": [f"{topic}.{sign}"]}},
            {"name": "a red flag not answered", "from": _BASE, "leave_out": [flag], "expect": skipped},
            {"name": "no exercise", "from": _BASE, "set": {EXERCISE: "no"}, "expect": scope},
            {"name": "a child", "from": _BASE, "set": {AGE: 10}, "expect": {"fires": ["scope.under_16"]}},
        ]
    }


class _Dumper(yaml.SafeDumper):
    """Writes what stands twice twice: packs have no aliases."""

    def ignore_aliases(self, data: Any) -> bool:
        """Always: nothing is written as an alias."""
        return True


def _write(file: Path, data: dict[str, Any]) -> None:
    words = yaml.dump(data, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=116)
    file.write_text(words, encoding="utf-8")
