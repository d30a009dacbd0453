"""One YAML file of a pack read into its typed model, with every fault turned into a :class:`Problem`."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from cds.pack.problem import MESSAGES, Problem, did_you_mean
from cds.pack.yaml_source import KeyPath, YamlSource, read_yaml

Model = TypeVar("Model", bound=BaseModel)


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
        found = "nothing" if source.data is None else type(source.data).__name__
        problems.append(source.problem((), "not-a-mapping", found=found))
        return None, source
    try:
        return model.model_validate(source.data, context={"languages": languages}), source
    except ValidationError as error:
        problems.extend(_problem(detail, source, model) for detail in error.errors(include_url=False))
        return None, source


def _problem(error: ErrorDetails, source: YamlSource, model: type[BaseModel]) -> Problem:
    path: KeyPath = error["loc"]
    kind, context = error["type"], error.get("ctx", {})
    if kind == "missing":
        return source.problem(path[:-1], "missing-key", key=path[-1])
    if kind == "extra_forbidden":
        hint = did_you_mean(str(path[-1]), _keys_at(source, path, model))
        return source.problem(path, "unknown-key", hint, at_key=True, key=path[-1])
    if kind in MESSAGES and kind != "wrong-type":
        details: dict[str, Any] = dict(context)
        form = details.pop("form", None)
        return source.problem(path, kind, f"Use {form}" if form else "", **details)
    return source.problem(path, "wrong-type", detail=error["msg"][:1].lower() + error["msg"][1:])


def _keys_at(source: YamlSource, path: KeyPath, model: type[BaseModel]) -> set[str]:
    """The keys that the model allows around ``path``, found by walking its field annotations."""
    current: Any = model
    for step in path[:-1]:
        if isinstance(step, int):
            continue
        fields = {field.alias or name: field for name, field in current.model_fields.items()}
        inner = _model_in(fields[step].annotation) if step in fields else None
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
