"""One YAML file of a pack read into its typed model, with every fault turned into a :class:`Problem`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from cds.pack.problem import MESSAGES, Problem, did_you_mean
from cds.pack.yaml_source import KeyPath, YamlSource, read_yaml

Model = TypeVar("Model", bound=BaseModel)

_KINDS: Final = {
    "string_type": "text",
    "bool_type": "true or false",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "finite_number": "a finite number",
    "date_type": "a date, YYYY-MM-DD",
    "list_type": "a list",
    "dict_type": "a mapping (key: value)",
    "model_type": "a mapping (key: value)",
}
"""Pydantic's type errors as what must stand there instead."""


def read_model(
    folder: Path, name: str, model: type[Model], problems: list[Problem], languages: tuple[str, ...] = ()
) -> tuple[Model | None, YamlSource]:
    """Read ``folder/name`` as ``model``; faults go to ``problems``, and then the model is ``None``.

    ``languages``: each Text of the file must have all of these. Raises :class:`PackError` if there is no such file.
    """
    source = read_yaml(folder / name, name)
    if source.problems:
        problems.extend(source.problems)
        return None, source
    if not isinstance(source.data, dict):
        found = "nothing" if source.data is None else "a list" if isinstance(source.data, list) else "one value"
        problems.append(source.problem((), "not-a-mapping", found=found))
        return None, source
    try:
        return model.model_validate(source.data, context={"languages": languages}), source
    except ValidationError as error:
        details = error.errors(include_url=False)
        problems.extend(_problem(detail, source, model) for detail in details if detail["type"] not in _KINDS)
        problems.extend(_wrong_types([detail for detail in details if detail["type"] in _KINDS], source))
        return None, source


def _wrong_types(errors: list[ErrorDetails], source: YamlSource) -> Iterator[Problem]:
    """One problem for each place: pydantic gives one for each type that could have stood there."""
    places: dict[tuple[int, int], list[ErrorDetails]] = {}
    for error in errors:
        places.setdefault(source.place(error["loc"]), []).append(error)
    for together in places.values():
        kinds = dict.fromkeys(_KINDS[error["type"]] for error in together)
        quotes = "text" in kinds and isinstance(together[0]["input"], bool | int | float)
        hint = "Put it in quotes" if quotes else ""
        yield source.problem(together[0]["loc"], "wrong-type", hint, detail=f"this must be {' or '.join(kinds)}")


def _problem(error: ErrorDetails, source: YamlSource, model: type[BaseModel]) -> Problem:
    path: KeyPath = error["loc"]
    kind, context = error["type"], error.get("ctx", {})
    if kind == "missing":
        return source.problem(path[:-1], "missing-key", key=path[-1])
    if kind == "extra_forbidden":
        hint = did_you_mean(str(path[-1]), _keys_at(source, path, model))
        return source.problem(path, "unknown-key", hint, at_key=True, key=path[-1])
    if kind in MESSAGES and kind != "wrong-type":
        return source.problem(path, kind, **context)
    return source.problem(path, "wrong-type", detail=_detail(error))


def _detail(error: ErrorDetails) -> str:
    context = error.get("ctx", {})
    match error["type"]:
        case "literal_error":
            return f"this must be one of {context['expected'].replace(' or ', ', ')}"
        case "too_short":
            return f"this list must have at least {context['min_length']} entries"
        case "too_long":
            return f"this list must have at most {context['max_length']} entries"
        case _:
            return error["msg"][:1].lower() + error["msg"][1:]


def _keys_at(source: YamlSource, path: KeyPath, model: type[BaseModel]) -> set[str]:
    """The keys that the model allows around ``path``, found by walking its field annotations."""
    current: Any = model
    for step in path[:-1]:
        fields = {field.alias or name: field for name, field in current.model_fields.items()}
        if step not in fields:
            continue  # an index, or the key of a mapping of models
        inner = _model_in(fields[step].annotation)
        if inner is None:
            return set()
        current = inner
    return {field.alias or name for name, field in current.model_fields.items()}


def _model_in(annotation: Any) -> type[BaseModel] | None:
    """The model class inside an annotation such as ``list[Model]`` or ``Annotated[list[Model], …]``."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for argument in getattr(annotation, "__args__", ()):
        found = _model_in(argument)
        if found is not None:
            return found
    return None
