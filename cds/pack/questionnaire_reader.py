"""Reads a FHIR R4 Questionnaire resource, refusing what could make a form and its checks disagree."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, Final

from cds.pack.questionnaire import Item, Questionnaire
from cds.pack.questionnaire_gates import check_gates, read_enable_when
from cds.pack.questionnaire_model import check_model
from cds.pack.questionnaire_options import OptionReader
from cds.pack.questionnaire_problem import Problems, QuestionnaireError, QuestionnaireProblem
from cds.pack.questionnaire_text import extensions, primary, text_of

__all__ = ["QuestionnaireError", "QuestionnaireProblem", "parse_questionnaire"]

_EXTENSION: Final = "http://hl7.org/fhir/StructureDefinition/"
_SDC: Final = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-"
_NO_ANSWER: Final = ("group", "display")
_CHOICE: Final = ("choice", "open-choice")
_FREE: Final = (
    *("string", "text", "url", "boolean", "date", "dateTime", "time"),
    *("integer", "decimal", "quantity"),
)
_LIMITS: Final[dict[str, tuple[str, ...]]] = {
    "integer": ("valueInteger",),
    "decimal": ("valueDecimal", "valueInteger"),
    "date": ("valueDate",),
    "dateTime": ("valueDateTime", "valueDate"),
    "time": ("valueTime",),
}
"""Item types that can have minValue and maxValue, and the ``value[x]`` of these extensions."""
_ANSWER_KEYS: Final = ("answerOption", "answerValueSet", "initial", "maxLength", "repeats")


def parse_questionnaire(resource: dict[str, Any], value_sets: Mapping[str, Iterable[tuple[str, str]]]) -> Questionnaire:
    """The Questionnaire that ``resource`` (FHIR R4 JSON) describes.

    ``value_sets`` (id or canonical URL to ``(system, code)`` pairs) serve ``answerValueSet``. Raises
    :class:`QuestionnaireError` with every problem that was found.
    """
    problems = Problems()
    if not isinstance(resource, dict) or resource.get("resourceType") != "Questionnaire":
        problems.add("Questionnaire", "this is not a FHIR Questionnaire: check resourceType")
        raise QuestionnaireError(problems.found)
    check_model(resource, problems)
    if problems.found:
        raise QuestionnaireError(problems.found)
    language = primary(resource.get("language", "en"))
    title = text_of(resource, "title", language)
    for element in ("url", "version", "title"):
        if not resource.get(element):
            problems.add(element, f"the Questionnaire has no {element}: responses and pages need it")
    reader = _ItemReader(language, OptionReader(resource, value_sets, language, problems), problems)
    if resource.get("modifierExtension") or resource.get("implicitRules"):
        problems.add("Questionnaire", "modifierExtension and implicitRules are not supported: leave them out")
    reader.read_all(resource.get("item", []), "Questionnaire", None, None)
    if not reader.items:
        problems.add("item", "the Questionnaire has no items")
    check_gates(reader.items, reader.raw, reader.paths, problems)
    if problems.found:
        raise QuestionnaireError(problems.found)
    return Questionnaire(resource["url"], resource["version"], title, reader.items)


class _ItemReader:
    """Walks the items in document order."""

    def __init__(self, language: str, options: OptionReader, problems: Problems) -> None:
        self.items: dict[str, Item] = {}
        self.raw: dict[str, dict[str, Any]] = {}
        self.paths: dict[str, str] = {}
        self._language = language
        self._options = options
        self._problems = problems

    def read_all(self, entries: Any, path: str, parent: str | None, parent_type: str | None) -> None:
        for index, entry in enumerate(entries):
            place = f"{path}.item[{index}]"
            link_id, kind = entry.get("linkId"), entry.get("type")
            if not isinstance(link_id, str) or not link_id:
                self._problems.add(place, "the item has no linkId")
                continue
            if link_id in self.items:
                self._problems.add(place, f"the linkId {link_id!r} is used twice: each must be unique")
                continue
            if parent_type == "display":
                self._problems.add(place, "a display item cannot have items inside")
            self.items[link_id] = self._item(entry, place, link_id, str(kind), parent)
            self.raw[link_id], self.paths[link_id] = entry, place
            self.read_all(entry.get("item", []), place, link_id, str(kind))

    def _item(self, entry: dict[str, Any], path: str, link_id: str, kind: str, parent: str | None) -> Item:
        if kind not in (*_NO_ANSWER, *_CHOICE, *_FREE):
            self._problems.add(f"{path}.type", f"items of type {kind!r} are not supported")
        text = text_of(entry, "text", self._language)
        if not text:
            self._problems.add(path, f"the item {link_id!r} has no text: write what the patient reads")
        for key in _ANSWER_KEYS if kind in _NO_ANSWER else ():
            if entry.get(key):
                self._problems.add(f"{path}.{key}", f"a {kind} item cannot have {key}")
        if kind == "group" and not entry.get("item"):
            self._problems.add(path, f"the group {link_id!r} is empty: put items into it")
        if entry.get("modifierExtension") or extensions(entry, f"{_SDC}enableWhenExpression"):
            self._problems.add(path, "modifierExtension and enableWhenExpression are not supported")
        options = self._options.read(entry, path)
        if kind in _CHOICE and not options:
            self._problems.add(path, f"the choice {link_id!r} offers nothing: add answerOption")
        if kind in _FREE and (entry.get("answerOption") or entry.get("answerValueSet")):
            self._problems.add(path, f"an item of type {kind} cannot offer options: make it a choice")
        minimum, maximum = (self._limit(entry, name, kind, path) for name in ("minValue", "maxValue"))
        if minimum is not None and maximum is not None and minimum > maximum:
            self._problems.add(path, "minValue is greater than maxValue")
        return Item(
            link_id=link_id,
            type=kind,
            text=text,
            parent=parent,
            order=len(self.items),
            repeats=entry.get("repeats", False),
            required=entry.get("required", False),
            options=options,
            enable_when=read_enable_when(entry, path, self._problems),
            enable_any=entry.get("enableBehavior") == "any",
            minimum=minimum,
            maximum=maximum,
            max_length=entry.get("maxLength"),
        )

    def _limit(self, entry: dict[str, Any], name: str, kind: str, path: str) -> Any:
        found = extensions(entry, _EXTENSION + name)
        if not found:
            return None
        names = [key for key in found[0] if key.startswith("value")]
        if len(found) > 1 or len(names) != 1 or names[0] not in _LIMITS.get(kind, ()):
            fitting = " or ".join(_LIMITS.get(kind, ()))
            message = f"give {name} once, with {fitting}" if fitting else f"a {kind} item has no {name}"
            self._problems.add(path, message)
            return None
        value = found[0][names[0]]
        return Decimal(str(value)) if kind == "decimal" else value
