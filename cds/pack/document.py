"""One YAML file of a pack read into its typed model, with every fault turned into a :class:`Problem`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, Literal, TypeVar, get_args, get_origin

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
        places.setdefault(source.place(_path(error["loc"], source)), []).append(error)
    for together in places.values():
        kinds = dict.fromkeys(_KINDS[error["type"]] for error in together)
        quotes = "text" in kinds and isinstance(together[0]["input"], bool | int | float)
        hint = "Put it in quotes" if quotes else ""
        path = _path(together[0]["loc"], source)
        yield source.problem(path, "wrong-type", hint, detail=f"this must be {' or '.join(kinds)}")


def _problem(error: ErrorDetails, source: YamlSource, model: type[BaseModel]) -> Problem:
    path = _path(error["loc"], source)
    kind, context = error["type"], error.get("ctx", {})
    if kind == "union_tag_not_found":
        return source.problem(path, "missing-key", key=context["discriminator"].strip("'"))
    if kind == "union_tag_invalid":
        hint = did_you_mean(str(context["tag"]), context["expected_tags"].replace("'", "").split(", "))
        detail = f"this must be one of {context['expected_tags']}"
        return source.problem((*path, context["discriminator"].strip("'")), "wrong-type", hint, detail=detail)
    if kind == "missing":
        return source.problem(path[:-1], "missing-key", key=path[-1])
    if kind == "extra_forbidden":
        hint = did_you_mean(str(path[-1]), _keys_at(error["loc"], model))
        return source.problem(path, "unknown-key", hint, at_key=True, key=path[-1])
    if kind in MESSAGES and kind != "wrong-type":
        return source.problem(path, kind, **context)
    return source.problem(path, "wrong-type", detail=_detail(error))


def _detail(error: ErrorDetails) -> str:
    context = error.get("ctx", {})
    match error["type"]:
        case "literal_error":
            return f"this must be one of {context['expected'].replace(' or ', ', ')}"
        case "string_too_short":
            return "this must not be empty"
        case "too_short":
            return f"this list must have at least {context['min_length']} entries"
        case "too_long":
            return f"this list must have at most {context['max_length']} entries"
        case _:
            return error["msg"][:1].lower() + error["msg"][1:]


def _path(location: KeyPath, source: YamlSource) -> KeyPath:
    """Where pydantic's location stands in the file: without the tags by which it chose among models."""
    path: list[str | int] = []
    at: Any = source.data
    for step in location:
        if isinstance(at, dict) and step not in at and step in at.values():
            continue
        path.append(step)
        try:
            at = at[step]
        except (KeyError, IndexError, TypeError):
            at = None
    return tuple(path)


def _keys_at(location: KeyPath, model: type[BaseModel]) -> set[str]:
    """The keys that the model allows around pydantic's location, found by walking its field annotations."""
    current = [model]
    for step in location[:-1]:
        inner = [one for candidate in current for one in _models_at(candidate, step)]
        tagged = [candidate for candidate in current if _has_tag(candidate, step)]
        if any(step in _fields(candidate) for candidate in current):
            current = inner
        elif tagged:
            current = tagged
    return {name for candidate in current for name in _fields(candidate)}


def _fields(model: type[BaseModel]) -> dict[str, Any]:
    return {field.alias or name: field.annotation for name, field in model.model_fields.items()}


def _models_at(model: type[BaseModel], step: str | int) -> list[type[BaseModel]]:
    fields = _fields(model)
    return _models_in(fields[step]) if isinstance(step, str) and step in fields else []


def _has_tag(model: type[BaseModel], step: str | int) -> bool:
    """Whether the model is the one of its union that bears this tag."""
    return any(
        get_origin(annotation) is Literal and step in get_args(annotation) for annotation in _fields(model).values()
    )


def _models_in(annotation: Any) -> list[type[BaseModel]]:
    """The model classes inside an annotation such as ``list[Model]`` or ``Annotated[list[Model], …]``."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [found for argument in get_args(annotation) for found in _models_in(argument)]
