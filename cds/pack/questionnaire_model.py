"""A Questionnaire held against the FHIR model, after its JSON types."""

from __future__ import annotations

from typing import Any, Final

from pydantic import ValidationError

from cds.pack.questionnaire_problem import Problems

_BOOLEANS: Final = frozenset({"required", "repeats", "readOnly", "valueBoolean", "answerBoolean"})
_INTEGERS: Final = frozenset({"maxLength", "valueInteger", "answerInteger"})


def check_model(resource: dict[str, Any], problems: Problems) -> None:
    """Check with the R4B model of fhir.resources; JSON types first: the model takes ``"false"`` as false."""
    # Slow to import: only when it is used.
    from fhir.resources.R4B.questionnaire import Questionnaire  # noqa: PLC0415

    _check_types(resource, "Questionnaire", problems)
    try:
        Questionnaire.model_validate(resource)
    except ValidationError as error:
        for entry in error.errors(include_url=False, include_input=False):
            problems.add(_path(entry["loc"]), entry["msg"])


def _check_types(value: Any, path: str, problems: Problems) -> None:
    if isinstance(value, dict):
        for name, child in value.items():
            if name in _BOOLEANS and type(child) is not bool:
                problems.add(f"{path}.{name}", "this must be true or false, without quotes")
            elif name in _INTEGERS and type(child) is not int:
                problems.add(f"{path}.{name}", "this must be a whole number, without quotes")
            else:
                _check_types(child, f"{path}.{name}", problems)
    elif isinstance(value, list):
        if not value:
            problems.add(path, "an array cannot be empty: leave the element out")
        for index, child in enumerate(value):
            _check_types(child, f"{path}[{index}]", problems)
    elif value is None:
        problems.add(path, "null is not allowed here: leave the element out")


def _path(location: tuple[int | str, ...]) -> str:
    path = "Questionnaire"
    for part in location:
        path += f"[{part}]" if isinstance(part, int) else f".{part}"
    return path
