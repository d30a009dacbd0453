"""All entries of a pack that differ between two versions: rules, findings, advice, levels, citations, texts."""

from __future__ import annotations

from collections.abc import Iterator

from cds.pack import Pack, Rule
from cds.pack.finding import Finding
from cds.pack.header import Header, Level
from cds.pack.sentence import sentence
from cds.verify.difference.data_change import DataChange, Weight, compared, fields, shown
from cds.verify.difference.questionnaire_changes import questionnaire_changes
from cds.verify.difference.rules_behind import effect
from cds.verify.difference.value_set_changes import value_set_changes

_RULE_TEXTS = ("title", "topic", "effective", "review", "rationale", "citations", "unverified", "subsumed_by")
_FINDING: dict[str, Weight] = {
    "type": "major",
    "unit": "major",
    "scale": "major",
    "unanswered": "minor",
    "not_applicable": "minor",
    "safer": "minor",
    "red_flag": "minor",
    "derived": "major",
    "answers": "minor",
    "chart": "minor",
}
_LEVEL: dict[str, Weight] = {
    "indicator": "minor",
    "priority": "minor",
    "given_with_gaps": "minor",
    "advice": "minor",
    "safety_net": "minor",
}
_HEADER: dict[str, Weight] = {
    "id": "major",
    "url": "major",
    "comment_questions": "minor",
    "response_valid_days": "minor",
}
_CARDS: dict[str, Weight] = {"suggestions": "minor", "override_reasons": "minor"}


def data_changes(old: Pack, new: Pack) -> tuple[DataChange, ...]:
    """The changes, the weightiest kinds first; whether a patient notices them, the classes tell."""
    return tuple(_changes(old, new))


def _changes(old: Pack, new: Pack) -> Iterator[DataChange]:
    def rule_differences(before: Rule, after: Rule) -> Iterator[tuple[str, Weight]]:
        return _rule(old, before, new, after)

    yield from compared(
        "rule", _rules(old), _rules(new), rule_differences, place=lambda rule: f"{rule.file}:{rule.line}"
    )
    yield from compared("finding", old.findings, new.findings, _finding, removed="major")
    yield from questionnaire_changes(old.questionnaire, new.questionnaire)
    yield from value_set_changes(old.value_sets, new.value_sets)
    yield from compared("level", _levels(old), _levels(new), lambda a, b: fields(a, b, _LEVEL), removed="major")
    if [name for name in old.rank if name in new.rank] != [name for name in new.rank if name in old.rank]:
        yield DataChange("level", "order", "changed", "major", (shown("order", [*old.rank], [*new.rank]),))
    yield from compared("advice", old.advice, new.advice, lambda a, b: fields(a, b, {"instead": "minor"}))
    yield from compared("instead text", old.instead, new.instead, lambda a, b: fields(a, b, {}))
    yield from _texts(old, new)


def _rules(pack: Pack) -> dict[str, Rule]:
    return {rule.id: rule for rule in pack.all_rules}


def _levels(pack: Pack) -> dict[str, Level]:
    return {level.id: level for level in pack.levels}


def _texts(old: Pack, new: Pack) -> Iterator[DataChange]:
    citations = old.citations, new.citations
    yield from compared("citation", *citations, lambda a, b: fields(a, b, {}), removed="patch", added="patch")
    yield from compared("pack", _header(old), _header(new), lambda a, b: fields(a, b, _HEADER))
    cards = {"cards.yaml": old.cards}, {"cards.yaml": new.cards}
    yield from compared("cards", *cards, lambda a, b: fields(a, b, _CARDS))


def _header(pack: Pack) -> dict[str, Header]:
    """What else stands in ``pack.yaml``: the levels have their own changes, and the version is what it is about."""
    return {"pack.yaml": pack.header.model_copy(update={"levels": [], "version": ""})}


def _rule(old: Pack, before: Rule, new: Pack, after: Rule) -> Iterator[tuple[str, Weight]]:
    if before.when != after.when:
        texts = sentence(before.when, old.findings), sentence(after.when, new.findings)
        yield f"condition: {texts[0]} -> {texts[1]}", "minor"
    if effect(before.then) != effect(after.then):
        changed = [text for text, _ in fields(before.then, after.then, {}) if not text.startswith("reason")]
        yield f"consequence: {'; '.join(changed)}", "minor"
    if before.evaluated != after.evaluated:
        yield shown("status", before.status, after.status), "minor"
    elif before.status != after.status:
        yield shown("status", before.status, after.status), "patch"
    if before.then.reason != after.then.reason:
        yield "reason", "patch"
    for name in _RULE_TEXTS:
        one, other = getattr(before, name), getattr(after, name)
        if one != other:
            one, other = (list(value) if isinstance(value, tuple) else value for value in (one, other))
            yield shown(name, one, other), "patch"


def _finding(before: Finding, after: Finding) -> Iterator[tuple[str, Weight]]:
    for text, weight in fields(before, after, _FINDING):
        if text.startswith("range"):
            narrower = after.low > before.low or after.high < before.high
            yield shown("range", before.range, after.range), "major" if narrower else "minor"
        elif text.startswith("codes"):
            gone, come = before.code_ids - after.code_ids, after.code_ids - before.code_ids
            yield from ((f"code {code} removed", "major") for code in sorted(gone))
            yield from ((f"code {code} added", "minor") for code in sorted(come))
            if not gone and not come:
                yield "codes: texts or order", "patch"
        else:
            yield text, weight
