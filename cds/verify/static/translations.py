"""Languages: every text that a patient or clinician reads is there in each language of the pack.

The loader sees to the YAML files. Here it is the questionnaire and the code systems, and texts that were copied.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any, Final

from cds.pack.questionnaire import Item, Option
from cds.pack.rule_reader import rule_files
from cds.pack.text import Text
from cds.pack.yaml_source import KeyPath
from cds.verify.issue import Issue, Place
from cds.verify.static.inspection import Inspection, issue, names
from cds.verify.static.sources import QUESTIONNAIRE

FEW_WORDS: Final = 3
"""A text of so many words may well be the same in two languages, such as a name or a unit; a longer one is not."""

_FILES: Final = ("pack.yaml", "findings.yaml", "advice.yaml", "cards.yaml")
_SHOWN: Final = 60


def translation_issues(inspection: Inspection) -> Iterator[Issue]:
    """Texts that lack a language, and texts that are the same in two."""
    yield from _missing(inspection)
    yield from _code_systems(inspection)
    first, *others = inspection.pack.header.languages
    for text, place in chain(_written_texts(inspection), _questionnaire_texts(inspection)):
        for language in others:
            said = text.get(first, "").strip()
            if said == text.get(language, "").strip() and len(said.split()) > FEW_WORDS:
                shown = said if len(said) <= _SHOWN else f"{said[:_SHOWN]}..."
                yield issue("text-not-translated", [place], text=shown, first=first, language=language)


def _missing(inspection: Inspection) -> Iterator[Issue]:
    questionnaire, languages = inspection.pack.questionnaire, inspection.pack.header.languages
    for language in languages:
        if language not in questionnaire.title:
            place = inspection.sources.place(QUESTIONNAIRE, ("title",), "title")
            name = "the title of the questionnaire"
            yield issue("question-untranslated", [place], name=name, language=language)
    for item in questionnaire.items.values():
        place = inspection.sources.question(item.link_id)
        for language in languages:
            if language not in item.text:
                yield issue("question-untranslated", [place], name=f"the item {item.link_id!r}", language=language)
            bare = [option.code for option in _worded(item) if language not in option.text]
            if bare:
                yield issue("option-untranslated", [place], name=item.link_id, language=language, options=names(bare))


def _worded(item: Item) -> Iterable[Option]:
    """The options of an item that are words: numbers and dates are the same in every language."""
    for option in item.options.values():
        if not (isinstance(option.value, int) or option.code[:4].isdigit()):
            yield option


def _code_systems(inspection: Inspection) -> Iterator[Issue]:
    for name, resource in inspection.sources.code_systems():
        if resource is None:
            continue
        own = resource.get("language", inspection.pack.header.languages[0])
        for language in inspection.pack.header.languages:
            bare = [
                str(concept.get("code"))
                for concept in resource.get("concept", ())
                if language not in _languages_of(concept, own)
            ]
            if bare:
                places = [inspection.sources.word(name, code) for code in bare]
                yield issue("code-untranslated", places, language=language, codes=names(bare))


def _languages_of(concept: dict[str, Any], own: str) -> set[str]:
    designations = concept.get("designation", ())
    return {entry.get("language", "") for entry in designations} | ({own} if concept.get("display") else set())


def _questionnaire_texts(inspection: Inspection) -> Iterator[tuple[Text, Place]]:
    for item in inspection.pack.questionnaire.items.values():
        place = inspection.sources.question(item.link_id)
        yield item.text, place
        yield from ((option.text, place) for option in item.options.values())


def _written_texts(inspection: Inspection) -> Iterator[tuple[Text, Place]]:
    """Every mapping of the YAML files that has exactly the languages of the pack as its keys."""
    languages = set(inspection.pack.header.languages)
    for name in (*_FILES, *rule_files(inspection.pack.folder)):
        for path, value in _mappings(inspection.sources.source(name).data, ()):
            if languages <= value.keys() and all(isinstance(text, str) for text in value.values()):
                yield value, inspection.sources.place(name, path)


def _mappings(value: Any, path: KeyPath) -> Iterator[tuple[KeyPath, dict[str, Any]]]:
    if isinstance(value, dict):
        yield path, value
        for key, entry in value.items():
            yield from _mappings(entry, (*path, key))
    elif isinstance(value, list):
        for index, entry in enumerate(value):
            yield from _mappings(entry, (*path, index))
