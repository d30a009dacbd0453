"""Summaries of cards as they are shown: not longer than CDS Hooks allows, and without placeholders."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from cds.pack import Pack
from cds.pack.content import SUMMARY_MAX, CardTexts
from cds.pack.yaml_source import KeyPath
from cds.verify.issue import Issue
from cds.verify.static.inspection import Inspection, issue

_PLACEHOLDER: Final = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{\w*\}|%\(\w+\)s|\$\{\w+\}")


def summary_issues(inspection: Inspection) -> Iterator[Issue]:
    """Every summary in every language, as the card shows it.

    Summaries are fixed texts: the same words that the loader measured. They are measured again where they are shown,
    so that a summary which one day takes in values cannot grow beyond the limit unseen.
    """
    for path, texts in _card_texts(inspection.pack):
        name = " ".join(str(step) for step in path)
        for language in inspection.pack.header.languages:
            shown = texts.summary_in(language)
            details = {"language": language, "name": name}
            place = inspection.sources.place("cards.yaml", (*path, "summary"), name)
            if len(shown) > SUMMARY_MAX:
                yield issue("summary-too-long", [place], **details, length=len(shown), limit=SUMMARY_MAX)
            found = _PLACEHOLDER.search(shown)
            if found:
                yield issue("summary-placeholder", [place], **details, placeholder=found[0])


def _card_texts(pack: Pack) -> Iterator[tuple[KeyPath, CardTexts]]:
    """The texts of every card that the pack can make, and where they stand."""
    cards = pack.cards
    yield from ((("levels", name), texts) for name, texts in cards.levels.items())
    yield from ((("out_of_scope", name), texts) for name, texts in cards.out_of_scope.items())
    yield from ((("incomplete",), cards.incomplete), (("open",), cards.open), (("advice",), cards.advice))
