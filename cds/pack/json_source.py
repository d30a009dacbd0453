"""The FHIR JSON of a pack: its questionnaire and its value sets."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NoReturn

from cds.pack.problem import Problem
from cds.pack.questionnaire import Questionnaire
from cds.pack.questionnaire_reader import QuestionnaireError, parse_questionnaire
from cds.pack.value_set import ValueSets, codes_of


def read_value_sets(folder: Path, problems: list[Problem]) -> ValueSets:
    """All of ``codes/ValueSet-*.json`` by the id in the file name; faults go to ``problems``.

    A value set with a fault is there, and empty, so that nobody is told that it is missing.
    """
    found: dict[str, frozenset[tuple[str, str]]] = {}
    for file in sorted((folder / "codes").glob("ValueSet-*.json")):
        name, key = f"codes/{file.name}", file.stem.removeprefix("ValueSet-")
        found[key] = frozenset()
        resource = _read(folder, name, problems)
        if resource is None:
            continue
        try:
            found[key] = codes_of(resource)
        except ValueError as error:
            problems.append(Problem.of(name, (1, 1), "value-set", detail=str(error)))
    return found


def read_questionnaire(folder: Path, value_sets: ValueSets, problems: list[Problem]) -> Questionnaire | None:
    """``questionnaire.json``; faults go to ``problems``, and then it is ``None``."""
    name = "questionnaire.json"
    resource = _read(folder, name, problems)
    if resource is None:
        return None
    try:
        return parse_questionnaire(resource, value_sets)
    except QuestionnaireError as error:
        details = (" ".join(f"{fault.path}: {fault.message}".split()) for fault in error.problems)
        problems.extend(Problem.of(name, (1, 1), "questionnaire", detail=detail) for detail in details)
        return None


def _read(folder: Path, name: str, problems: list[Problem]) -> dict[str, Any] | None:
    """The JSON object in a file; ``None``, and a problem, for anything else."""
    try:
        found = json.loads((folder / name).read_bytes(), object_pairs_hook=_without_repeats, parse_constant=_not_finite)
    except FileNotFoundError:
        problems.append(Problem.of(name, (1, 1), "missing-file", name=name))
    except json.JSONDecodeError as error:
        detail = error.msg[:1].lower() + error.msg[1:]
        problems.append(Problem.of(name, (error.lineno, error.colno), "json-syntax", detail=detail))
    except UnicodeDecodeError:
        problems.append(Problem.of(name, (1, 1), "json-syntax", "Save the file as UTF-8", detail="it is not UTF-8"))
    except RecursionError:
        problems.append(Problem.of(name, (1, 1), "json-syntax", detail="it is nested too deep"))
    except _RefusedError as error:
        problems.append(Problem.of(name, (1, 1), "json-syntax", error.hint, detail=str(error)))
    else:
        if isinstance(found, dict):
            return found
        problems.append(Problem.of(name, (1, 1), "json-syntax", "Write { … }", detail="it must be one JSON object"))
    return None


class _RefusedError(ValueError):
    """What Python's reader takes without a word, and JSON does not mean."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        repeated = next(key for key in keys if keys.count(key) > 1)
        raise _RefusedError(f"the key {repeated!r} stands twice in one object", "Keep one of the two")
    return found


def _not_finite(word: str) -> NoReturn:
    raise _RefusedError(f"{word} is not a number in JSON", "Write a number, or leave the element out")
