"""Checks of what a pack says: languages, codes of terminologies, summaries."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from cds.verify.static.catalogue.check import Check

LANGUAGE: Final[Mapping[str, Check]] = {
    "question-untranslated": Check(
        "error",
        "A question, heading or title of the questionnaire lacks a language of the pack.",
        "{name} has no {language!r} text",
        "Add FHIR's translation extension for {language!r} beside it",
    ),
    "option-untranslated": Check(
        "error",
        "An answer option lacks a language of the pack.",
        "options of {name!r} have no {language!r} text: {options}",
        "Add FHIR's translation extension for {language!r} under '_display'",
    ),
    "code-untranslated": Check(
        "error",
        "A code of a code system of the pack lacks a language of the pack.",
        "codes have no {language!r} designation: {codes}",
        "Add a designation for {language!r} to each",
    ),
    "text-not-translated": Check(
        "warning",
        "A text of more than three words is the same in two languages, so it was probably not translated.",
        "the text {text!r} is the same in {first!r} and {language!r}",
        "Translate it",
    ),
    "unknown-system": Check(
        "error",
        "A coding has a system that is neither known nor the pack's own.",
        "{system!r} is not a known code system",
        "Write the URI that FHIR gives the code system, such as http://snomed.info/sct, or one under the pack's url",
    ),
    "malformed-code": Check(
        "error",
        "A code cannot be one of its system: it has another form.",
        "not codes of {system}: {codes}",
        "Copy the code from the terminology; in YAML, codes of digits stand in quotes",
    ),
    "code-without-display": Check(
        "warning",
        "A coding has no display, so a reader cannot tell what it stands for.",
        "the code {code!r} of {name!r} has no display",
        "Add 'display' with the words of the terminology",
    ),
    "unreadable-code-system": Check(
        "error",
        "A file codes/CodeSystem-*.json is no CodeSystem in JSON. The loader does not read it.",
        "this is not a CodeSystem in JSON",
        "Correct it, or take the file out",
    ),
    "own-code-missing": Check(
        "error",
        "An answer option is not in the pack's own code system.",
        "options of {name!r} are not in {system}: {codes}",
        "Add them to that CodeSystem, or correct the option",
    ),
    "summary-too-long": Check(
        "error",
        "The summary of a card, as it is shown, is longer than CDS Hooks allows.",
        "the {language!r} summary of {name!r} has {length} characters as shown, {limit} is the most",
        "Shorten it; details belong in 'action'",
    ),
    "summary-placeholder": Check(
        "error",
        "A summary has a placeholder. Nothing fills it in: it is shown as it stands.",
        "the {language!r} summary of {name!r} shows {placeholder!r} as it stands",
        "Write the words; values belong into the templates",
    ),
}
