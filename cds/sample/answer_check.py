"""One entry under ``answers`` held against its question."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from cds.intake.answer_source import NOT_SURE
from cds.pack import Pack
from cds.pack.problem import did_you_mean
from cds.pack.questionnaire import Item
from cds.pack.yaml_source import KeyPath
from cds.sample.model import AnswerEntry, Follows, Phrases

Report = Callable[[KeyPath, str, str], None]
"""Called with the place, what is wrong, and what to write."""

Ends = Sequence[Sequence[float]]
"""Ranges, each with its weight."""

WAYS: Final = ("options", "each", "numbers", "yes", "ago", "follows", "text")
_FITTING: Final[dict[str, tuple[str, ...]]] = {
    "boolean": ("yes",),
    **dict.fromkeys(("integer", "decimal", "quantity"), ("numbers",)),
    **dict.fromkeys(("date", "dateTime"), ("ago", "follows")),
    **dict.fromkeys(("string", "text"), ("text",)),
}
"""The ways to answer questions of each type that have no options."""
_FORMS: Final = {
    "options": "options: {CODE: weight}",
    "each": "each: {CODE: share}",
    "numbers": "numbers: [[low, high, weight]]",
    "yes": "yes: share",
    "ago": "ago: [[least, most, weight]]",
    "follows": "follows: {question: LINK-ID, ago: {CODE: [least, most]}}",
    "text": "text: {share: share, phrases: [TEXT]}",
}


def fitting(item: Item) -> tuple[str, ...]:
    """The ways in which a question can be answered."""
    if item.options:
        return ("options", "each") if item.repeats else ("options",)
    return _FITTING.get(item.type, ())


def forms(item: Item) -> str:
    """What to write for a question."""
    return " or ".join(_FORMS[way] for way in fitting(item))


def unsure_code(pack: Pack, item: Item) -> str | None:
    """The option that stands for "not sure"; ``None`` where the question has none."""
    sources = (source for finding in pack.findings.values() for source in finding.answers)
    codes = [NOT_SURE, *(code for one in sources if one.link_id == item.link_id for code in one.unknown)]
    return next((code for code in codes if code in item.option_codes), None)


@dataclass(frozen=True, slots=True)
class AnswerCheck:
    """Checks entries of one pack; faults go to ``report``."""

    pack: Pack
    report: Report

    def check(self, item: Item, entry: AnswerEntry, path: KeyPath, must: bool) -> None:
        """Report all that is wrong with an entry; ``must``: the question has to be answered."""
        ways = [way for way in WAYS if getattr(entry, way) is not None]
        if len(ways) != 1:
            given = " and ".join(ways) or "none"
            self.report(path, f"an answer is drawn in one way, and here is {given}", f"Write {forms(item)}")
            return
        (way,) = ways
        if way not in fitting(item):
            self.report((*path, way), f"{item.link_id} cannot be answered by {way}", f"Write {forms(item)}")
            return
        self._way(item, entry, path)
        self._details(item, entry, path)
        if must and _may_be_empty(entry):
            hint = "Write 'otherwise: CODE', or a way that always gives an answer"
            self.report(path, f"{item.link_id} must be answered, and this may give nothing", hint)

    def _way(self, item: Item, entry: AnswerEntry, path: KeyPath) -> None:
        """What goes with the one way that is given."""
        if entry.options is not None:
            self._options(item, entry.options, (*path, "options"))
        if entry.each is not None:
            self._each(item, entry.each, entry.otherwise, path)
        if entry.numbers is not None:
            self._numbers(item, entry.numbers, entry.at_most, path)
        if entry.ago is not None:
            check_ranges(entry.ago, (*path, "ago"), self.report, least=0)
        if entry.follows is not None:
            self._follows(item, entry.follows, (*path, "follows"))
        if entry.text is not None:
            self._text(item, entry.text, (*path, "text", "phrases"))

    def _details(self, item: Item, entry: AnswerEntry, path: KeyPath) -> None:
        """Keys that go with one way only, or with some questions only."""
        if entry.otherwise is not None and entry.each is None:
            self.report((*path, "otherwise"), "'otherwise' goes with 'each'", "Take it out")
        if entry.at_most is not None and entry.numbers is None:
            self.report((*path, "at_most"), "'at_most' goes with 'numbers'", "Take it out")
        if entry.not_sure and unsure_code(self.pack, item) is None:
            self.report((*path, "not_sure"), f"{item.link_id} has no option for 'not sure'", "Take it out")

    def _options(self, item: Item, weights: Mapping[str, float], path: KeyPath) -> None:
        self._codes(item, weights, path)
        if not any(weights.values()):
            self.report(path, "no option can be drawn", "Write a weight above 0")

    def _each(self, item: Item, shares: Mapping[str, float], otherwise: str | None, path: KeyPath) -> None:
        self._codes(item, shares, (*path, "each"))
        for code in shares:
            option = item.option_codes.get(code)
            if option is not None and option.exclusive:
                hint = f"Take it out, and write 'not_sure: share' or 'otherwise: {code}'"
                self.report((*path, "each", code), f"{code} stands alone, and cannot be one of several", hint)
        if otherwise is not None:
            self._codes(item, [otherwise], (*path, "otherwise"))

    def _codes(self, item: Item, codes: Collection[str], path: KeyPath) -> None:
        known = item.option_codes
        for code in codes:
            if code not in known:
                place = path if path[-1] == "otherwise" else (*path, code)
                self.report(place, f"{item.link_id} has no option {code!r}", _one_of(code, known))

    def _numbers(self, item: Item, ranges: Ends, at_most: str | None, path: KeyPath) -> None:
        place = (*path, "numbers")
        check_ranges(ranges, place, self.report)
        least, most = (None if end is None else float(end) for end in (item.minimum, item.maximum))
        for index, (low, high, _) in enumerate(ranges):
            if item.type == "integer" and not (float(low).is_integer() and float(high).is_integer()):
                self.report((*place, index), f"{item.link_id} takes whole numbers", "Write them without a fraction")
            if (least is not None and low < least) or (most is not None and high > most):
                hint = f"Write numbers from {item.minimum} to {item.maximum}"
                self.report((*place, index), f"{item.link_id} does not take all these numbers", hint)
        if at_most is not None:
            self._earlier(item, at_most, ("integer", "decimal"), (*path, "at_most"))

    def _follows(self, item: Item, follows: Follows, path: KeyPath) -> None:
        other = self._earlier(item, follows.question, ("choice", "open-choice"), (*path, "question"))
        if other is not None:
            self._codes(other, follows.ago, (*path, "ago"))
        for code, ends in follows.ago.items():
            check_range(ends, (*path, "ago", code), self.report, least=0)

    def _text(self, item: Item, text: Phrases, path: KeyPath) -> None:
        for index, phrase in enumerate(text.phrases):
            if item.max_length is not None and any(len(one) > item.max_length for one in phrase.values()):
                hint = f"Write at most {item.max_length} characters"
                self.report((*path, index), f"this text is too long for {item.link_id}", hint)

    def _earlier(self, item: Item, link_id: str, types: Sequence[str], path: KeyPath) -> Item | None:
        """The question before this one that it depends on."""
        items = self.pack.questionnaire.items
        other = items.get(link_id)
        if other is None or other.type not in types or other.order >= item.order:
            before = [one.link_id for one in items.values() if one.type in types and one.order < item.order]
            detail = f"{link_id} is no question before {item.link_id} of the type {' or '.join(types)}"
            self.report(path, detail, _one_of(link_id, before))
            return None
        return other


def check_ranges(ranges: Ends, path: KeyPath, report: Report, *, least: float | None = None) -> None:
    """Report what :func:`check_range` does of each range; and ranges of which none can be drawn."""
    for index, ends in enumerate(ranges):
        check_range(ends, (*path, index), report, least=least)
    weights = [weight for _, _, weight in ranges]
    if min(weights) < 0 or not any(weights):
        report(path, "weights must not be negative, nor all of them 0", "Write a weight above 0")


def check_range(ends: Sequence[float], path: KeyPath, report: Report, *, least: float | None = None) -> None:
    """Report a range that holds nothing, or begins before ``least``, which is a time ago."""
    low, high = ends[:2]
    if low > high:
        report(path, "this range holds nothing", "Write the smaller number first")
    if least is not None and low < least:
        report(path, "this would be in the future", f"Write hours from {least:g} on")


def _one_of(name: str, known: Collection[str]) -> str:
    return did_you_mean(name, known) or "Take it out, or name one that is there"


def _may_be_empty(entry: AnswerEntry) -> bool:
    """Whether some patients would give no answer."""
    unticked = entry.each is not None and entry.otherwise is None
    return unticked or entry.follows is not None or (entry.text is not None and entry.text.share < 1)


def merged(base: AnswerEntry, over: AnswerEntry) -> AnswerEntry:
    """An entry of a profile laid over the general one: ``each`` code by code, everything else as a whole."""
    given: dict[str, Any] = {name: getattr(over, name) for name in over.model_fields_set}
    if any(way in given for way in WAYS):
        kept: dict[str, Any] = dict.fromkeys((*WAYS, "otherwise", "at_most"))
        if over.each is not None and base.each is not None:
            kept["otherwise"] = base.otherwise
            given["each"] = {**base.each, **over.each}
        if over.numbers is not None and base.numbers is not None:
            kept["at_most"] = base.at_most
        given = kept | given
    return base.model_copy(update=given)
