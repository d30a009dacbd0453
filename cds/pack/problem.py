"""What can be wrong with a pack: each message once, with the place and what to write instead."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

MESSAGES: Final[dict[str, str]] = {
    # the file
    "missing-file": "the pack has no {name}",
    "yaml-syntax": "this is not valid YAML: {detail}",
    "json-syntax": "this is not valid JSON: {detail}",
    "not-a-mapping": "the file must hold a mapping (key: value), not {found}",
    "duplicate-key": "the key {key!r} stands here a second time",
    "alias": "anchors and aliases (& and *) are not allowed: write the value out",
    "tag": "tags (!…) are not allowed",
    "several-documents": "the file holds more than one YAML document",
    # the shape
    "missing-key": "{key!r} is missing",
    "unknown-key": "unknown key {key!r}",
    "wrong-type": "{detail}",
    "language-missing": "the text has no {language!r} version",
    "bad-name": "{name!r} is not a valid {kind} name",
    "duplicate-id": "the {kind} {name!r} is declared twice",
    # references
    "unknown-finding": "there is no finding {name!r}",
    "unknown-level": "there is no level {name!r}",
    "unknown-advice": "there is no advice {name!r}",
    "unknown-instead": "there is no instead text {name!r}",
    "unknown-citation": "there is no citation {name!r}",
    "unknown-scope": "cards.yaml has no out_of_scope text {name!r}",
    "unknown-link-id": "the questionnaire has no item {name!r}",
    "unknown-option": "the item {link_id!r} has no answer option {code!r}",
    "unknown-value-set": "there is no codes/ValueSet-{name}.json",
    "unknown-code": "the finding {finding!r} has no code {code!r}",
    # findings
    "finding-incomplete": "a finding of type {type} needs {need!r}",
    "finding-excess": "a finding of type {type} cannot have {key!r}",
    "derived-with-source": "a derived finding cannot have {key!r}: rules conclude it",
    "no-source": "the finding {name!r} has no answers, no chart source and is not derived",
    "red-flag-not-escalated": "the red flag {name!r} must be 'unanswered: escalate'",
    "item-type": "an item of type {item_type} cannot give a {finding_type} finding this way",
    "bad-range": "the range must go from a smaller to a larger number",
    "bad-not-applicable": "{value!r} is not a value of this finding",
    "unread-question": "no finding reads the question {link_id!r}",
    "gate-without-finding": "the question {link_id!r} decides whether others are shown, but no finding reads it",
    # conditions
    "condition-syntax": "{text!r} is not a condition",
    "condition-shape": "a condition is a sentence, or one of all, any, not, at_least",
    "condition-empty": "{key!r} needs a list of conditions",
    "condition-type": "{finding!r} is a {type} finding: {expected}",
    "condition-constant": "{text!r} is always {truth} for a value between {low} and {high}",
    "condition-unit": "the unit {unit!r} does not fit {finding!r}, which is in {own}",
    "condition-number": "{number} cannot be held by {finding!r}",
    "at-least-count": "at_least must be between 1 and {count}",
    # rules
    "rule-without-effect": "a rule must have at least one of level, conclude, advise, block, out_of_scope",
    "reason-missing": "a rule with {key!r} needs a 'reason' for the patient",
    "reason-unused": "'reason' belongs to a level or to out_of_scope",
    "instead-without-block": "'instead' belongs to 'block'",
    "conclude-base": "{name!r} is not a derived finding",
    "not-concluded": "no rule concludes the derived finding {name!r}",
    "cycle": "these derived findings conclude each other: {path}",
    "no-citation": "an active rule needs at least one citation",
    "table-inputs": "a table has at most 9 inputs, this one has {count}",
    "table-cell": "{text!r} is not a cell for the {type} finding {finding!r}",
    "table-column": "{name!r} is not an input of this table",
    "table-hit": "rows {first!r} and {second!r} can both match, which 'hit: {hit}' forbids",
    "table-priority": "with 'hit: priority' each row gives a level",
    "table-empty-row": "a row needs at least one cell that is not '-'",
    # levels, texts, cards
    "levels-few": "a pack needs at least two levels",
    "critical-misused": "only the most urgent level may have 'indicator: critical'",
    "level-text-missing": "cards.yaml has no texts for the level {name!r}",
    "safety-net-missing": "the level {name!r} must say what to watch for: 'safety_net' is missing",
    "summary-long": "the summary has {length} characters, 139 is the most",
    "label-missing": "the label {name!r} is missing",
    "template": "the template {name!r} does not work: {detail}",
    # engine limits
    "name-collision": "{first!r} and {second!r} have the same hash in the rules engine",
    "too-large": "{what}: {count}, and the rules engine holds {limit}",
    # questionnaire and trace
    "questionnaire": "{detail}",
    "value-set": "{detail}",
    "trace-empty": "the evidence row {name!r} leads nowhere and gives no reason",
    "trace-unknown": "the evidence row {row!r} names the {kind} {name!r}, which is not there",
}
"""Every message of the loader by its code; each has a broken pack in ``tests/pack/malformed``."""


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One fault of a pack.

    ``file`` is relative to the pack folder, ``line`` and ``column`` count from 1, ``hint`` says what to write.
    """

    file: str
    line: int
    column: int
    code: str
    message: str
    hint: str = ""

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}:{self.column}"
        return f"{where}: {self.message}" + (f". {self.hint}" if self.hint else "")


class PackError(ValueError):
    """A pack that cannot be used, with every problem found in it (``problems``, in file order)."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(map(str, self.problems)))


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """A hint with the nearest known name, or with all names when there are few, or nothing."""
    names = sorted(known)
    near = get_close_matches(name, names, n=1, cutoff=0.6)
    if near:
        return f"Did you mean {near[0]!r}?"
    return f"Write one of: {', '.join(names)}" if 0 < len(names) <= 12 else ""
