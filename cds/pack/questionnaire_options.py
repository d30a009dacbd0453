"""The options that a choice item offers, from ``answerOption`` or from a value set."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from cds.pack.questionnaire import Option
from cds.pack.questionnaire_problem import Problems
from cds.pack.questionnaire_text import extensions, text_of
from cds.pack.text import Text

EXCLUSIVE: Final = "http://hl7.org/fhir/StructureDefinition/questionnaire-optionExclusive"
OptionValue = tuple[str, str] | str | int
_TYPES: Final[dict[str, Any]] = {"valueCoding": dict, "valueString": str, "valueInteger": int, "valueDate": str}


class OptionReader:
    """Reads options; value sets are found by canonical URL, by its last segment, or in ``contained``."""

    def __init__(
        self,
        resource: dict[str, Any],
        value_sets: Mapping[str, Iterable[tuple[str, str]]],
        language: str,
        problems: Problems,
    ) -> None:
        contained = (entry for entry in resource.get("contained", ()) if isinstance(entry, dict))
        self._contained = {f"#{entry.get('id')}": entry for entry in contained}
        self._value_sets = value_sets
        self._language = language
        self._problems = problems

    def read(self, item: dict[str, Any], path: str) -> dict[OptionValue, Option]:
        """The options of an item by value, in their order; problems are noted."""
        options: dict[OptionValue, Option] = {}
        for index, entry in enumerate(item.get("answerOption", ())):
            place = f"{path}.answerOption[{index}]"
            option = self._option(entry, place)
            if option is not None:
                self._add(options, option, place)
        if (canonical := item.get("answerValueSet")) is not None:
            if options:
                self._problems.add(path, "write either answerOption or answerValueSet, not both")
            for option in self._expand(canonical, f"{path}.answerValueSet"):
                self._add(options, option, f"{path}.answerValueSet")
        return options

    def _add(self, options: dict[OptionValue, Option], option: Option, path: str) -> None:
        if option.value in options:
            self._problems.add(path, f"the option {option.code!r} is offered twice: remove one")
        elif any(other.code == option.code for other in options.values()):
            message = f"the code {option.code!r} is offered in two systems: an item offers a code only once"
            self._problems.add(path, message)
        else:
            options[option.value] = option

    def _option(self, entry: Any, path: str) -> Option | None:
        values = [name for name in entry if name.startswith("value")] if isinstance(entry, dict) else []
        if len(values) != 1 or values[0] not in _TYPES:
            self._problems.add(path, f"an option needs exactly one of {', '.join(_TYPES)}")
            return None
        (name,) = values
        value: Any = entry[name]
        if type(value) is not _TYPES[name]:
            self._problems.add(f"{path}.{name}", "this has the wrong JSON type")
            return None
        exclusive = any(extension.get("valueBoolean") is True for extension in extensions(entry, EXCLUSIVE))
        if name == "valueCoding":
            code, system = value.get("code"), value.get("system", "")
            if not isinstance(code, str) or not code or not isinstance(system, str):
                self._problems.add(path, "the Coding of an option needs a code, and a system that is a URI")
                return None
            text = text_of(value, "display", self._language)
            if not text:
                self._problems.add(path, f"the option {code!r} has no display: write what the patient reads")
            return Option((system, code), text, exclusive)
        text = text_of(entry, name, self._language) if name == "valueString" else {self._language: str(value)}
        if not text:
            self._problems.add(path, "the option is empty: write what the patient reads")
        return Option(value, text, exclusive)

    def _expand(self, canonical: Any, path: str) -> list[Option]:
        if not isinstance(canonical, str):
            self._problems.add(path, "this must be a canonical URL")
        elif canonical in self._contained:
            return self._concepts(self._contained[canonical])
        else:
            url = canonical.split("|")[0]
            codes = self._value_sets.get(url) or self._value_sets.get(url.rsplit("/", 1)[-1])
            if codes is None:
                self._problems.add(path, f"there is no value set {canonical!r}: add it, or list the options")
            return [Option(coding, {self._language: coding[1]}) for coding in sorted(codes or ())]
        return []

    def _concepts(self, value_set: dict[str, Any]) -> list[Option]:
        found = []
        for include in value_set.get("compose", {}).get("include", ()):
            for concept in include.get("concept", ()):
                text: Text = text_of(concept, "display", self._language) or {self._language: concept["code"]}
                for designation in concept.get("designation", ()):
                    text.setdefault(designation.get("language", self._language), designation["value"])
                found.append(Option((include.get("system", ""), concept["code"]), text))
        return found
