"""Which questions two questionnaires have in common, and what it means to answer the others alike.

A question that both versions ask in the same way, and show to the same patients, has one set of variables. Others have
two, and are answered alike as far as both versions allow; what only one of them offers is free in the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import lcm

import z3

from cds.pack import Pack
from cds.pack.questionnaire import Item
from cds.verify.encoding import SymbolicPatient
from cds.verify.encoding.kleene import Formula, as_any, both, either, every, negation, some
from cds.verify.encoding.question import QuestionVariables

CHOICES = ("choice", "open-choice")
DATES = ("date", "dateTime")


def common_parts(old: Pack, new: Pack) -> dict[str, int]:
    """For each question a scale that can express the numbers of both versions."""
    scales: dict[str, list[int]] = {}
    for pack in (old, new):
        for finding in pack.findings.values():
            for source in finding.answers:
                scales.setdefault(source.link_id, []).append(finding.scale)
    return {link_id: lcm(*own) for link_id, own in scales.items()}


def asks_alike(old: Pack, new: Pack, link_id: str) -> bool:
    """Whether both versions allow the same answers to a question, and an answer is the same number in both."""
    return _allows(old.questionnaire.items[link_id]) == _allows(new.questionnaire.items[link_id]) and _measures(
        old, link_id
    ) == _measures(new, link_id)


def _allows(item: Item) -> object:
    options = {code: option.exclusive for code, option in item.option_codes.items()}
    return (item.type, item.repeats, options, item.minimum, item.maximum)


def _measures(pack: Pack, link_id: str) -> set[str]:
    """The units in which the encoding counts the answers to a question."""
    item = pack.questionnaire.items[link_id]
    sources = [(one, finding) for finding in pack.findings.values() for one in finding.answers]
    if item.type in DATES:
        return {source.elapsed or "" for source, _ in sources if source.link_id == link_id}
    if item.type == "quantity":
        return {finding.unit or "" for source, finding in sources if source.link_id == link_id}
    return set()


def shown_alike(old: SymbolicPatient, new: SymbolicPatient, link_id: str) -> bool:
    """Whether both versions show the question to the same patients, as far as the formulas tell."""
    return bool(old.shown.state(link_id).shown.eq(new.shown.state(link_id).shown))


def links(old: SymbolicPatient, new: SymbolicPatient, apart: Iterable[str]) -> Iterator[Formula]:
    """That both patients answer alike what both are asked; for the questions that have variables of their own."""
    for link_id in apart:
        mine, theirs = old.questions.get(link_id), new.questions.get(link_id)
        if mine is None or theirs is None or not comparable(old.pack, new.pack, link_id):
            continue
        shown = both(old.shown.state(link_id).shown, new.shown.state(link_id).shown)
        yield either(negation(shown), _alike(mine, theirs))


def comparable(old: Pack, new: Pack, link_id: str) -> bool:
    """Whether an answer in one version can be told to be the same as one in the other."""
    one, other = (pack.questionnaire.items[link_id].type for pack in (old, new))
    if one == other:
        return _measures(old, link_id) == _measures(new, link_id)
    kinds = (CHOICES, ("integer", "decimal"))
    return any(one in kind and other in kind for kind in kinds)


def _alike(old: QuestionVariables, new: QuestionVariables) -> Formula:
    if old.item.type in CHOICES:
        return _chosen_alike(old, new)
    if old.item.type == "boolean":
        return both(as_any(old.yes == new.yes), as_any(old.no == new.no))
    return _same_number(old, new)


def _chosen_alike(old: QuestionVariables, new: QuestionVariables) -> Formula:
    """The same options, unless one of them chose what the other is not offered."""
    free = [asked.options[code] for asked, other in ((old, new), (new, old)) for code in _own(asked, other)]
    same: dict[str, Formula] = {
        code: as_any(option == new.options[code]) for code, option in old.options.items() if code in new.options
    }
    if z3.is_false(old.text) or z3.is_false(new.text):
        free += [one for one in (old.text, new.text) if not z3.is_false(one)]
        text = negation(some(()))
    else:
        text = as_any(old.text == new.text)
    if old.item.repeats and new.item.repeats:
        exclusive = {code for asked in (old, new) for code, one in asked.item.option_codes.items() if one.exclusive}
        kept = (either(one, *free) if code in exclusive else one for code, one in same.items())
        return both(every(kept), either(text, *free))
    several = [_several(asked) for asked in (old, new) if asked.item.repeats]
    return either(every([*same.values(), text]), *free, *several)


def _own(asked: QuestionVariables, other: QuestionVariables) -> list[str]:
    return [code for code in asked.options if code not in other.options]


def _several(asked: QuestionVariables) -> Formula:
    return z3.PbGe([(option, 1) for option in asked.options.values()], 2) if len(asked.options) > 1 else some(())


def _same_number(old: QuestionVariables, new: QuestionVariables) -> Formula:
    """The same number; or one that only one of the versions takes, and no answer in the other."""
    same = as_any(old.number * new.divisor == new.number * old.divisor)
    alike = both(as_any(old.numbered == new.numbered), either(negation(old.numbered), same))
    if old.divisor != new.divisor:
        return alike
    return either(alike, _only(old, new), _only(new, old))


def _only(asked: QuestionVariables, other: QuestionVariables) -> Formula:
    """A number that the other version does not take."""
    taken = z3.substitute(every(other.constraints()), (other.number, asked.number))
    return every([asked.numbered, negation(taken), negation(other.numbered)])
