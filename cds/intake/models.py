"""A response held against the R4B models of fhir.resources, as a second opinion on its structure.

The models check an item by itself: whether it is valid depends on nothing around it. Most answers come from closed
sets, so the same items come again and again; one that was found valid is remembered, and only what is new goes through
the models. Items with anything but codes, booleans and link ids are never kept: they may hold a patient's words.
"""

from __future__ import annotations

from typing import Any, Final

import orjson
from pydantic import ValidationError

from cds.intake.faults import IntakeError, fault
from cds.intake.response_types import ROOT, is_plain
from cds.intake.type_problem import path_of

_MAX_REMEMBERED: Final = 20_000
_remembered: set[bytes] = set()
LONGEST_LIST: Final = 2_000
MOST_ENTRIES: Final = 5_000
"""Of all lists together. The longest questionnaires in use have some hundreds of questions; the models take 0.1 ms
for each entry."""


def validate_models(resource: Any) -> None:
    """Check a QuestionnaireResponse with fhir.resources, after :func:`check_types`.

    Raises :class:`IntakeError`; the messages name the kind of error and its place, never the value.
    """
    refuse_long_lists(resource)
    plain: set[bytes] = set()
    rest = _without_plain_items(resource, plain)
    if plain <= _remembered and _is_valid(rest):
        return
    validate_whole(resource)  # for what is new, and for the right places in messages
    if len(_remembered) + len(plain) > _MAX_REMEMBERED:
        _remembered.clear()
    _remembered.update(plain)


def validate_whole(resource: Any) -> None:
    """As :func:`validate_models`, with every item through the models."""
    refuse_long_lists(resource)
    from fhir.resources.R4B.questionnaireresponse import QuestionnaireResponse  # noqa: PLC0415 - slow to import

    try:
        QuestionnaireResponse.model_validate(resource)
    except ValidationError as error:
        found = error.errors(include_url=False, include_context=False, include_input=False)
        places = dict.fromkeys((entry["type"], path_of(ROOT, entry["loc"])) for entry in found)
        raise IntakeError(fault("model", path, type=kind) for kind, path in places) from None


def refuse_long_lists(resource: Any, most: int = MOST_ENTRIES) -> None:
    """Raise :class:`IntakeError` for a list with more than 2,000 entries, or ``most`` in all lists of a resource."""
    entries = 0
    rest: list[tuple[Any, tuple[Any, ...]]] = [(resource, ())]
    while rest:
        node, place = rest.pop()
        if type(node) is list:
            entries += len(node)
            if len(node) > LONGEST_LIST:
                raise IntakeError([fault("too-many-entries", path_of(ROOT, _steps(place)), limit=LONGEST_LIST)])
            if entries > most:
                raise IntakeError([fault("too-many-entries", ROOT, limit=most)])
            rest.extend((child, (place, index)) for index, child in enumerate(node) if type(child) in (dict, list))
        elif type(node) is dict:
            rest.extend((child, (place, name)) for name, child in node.items() if type(child) in (dict, list))


def _steps(place: tuple[Any, ...]) -> list[str | int]:
    """The names and indexes of a place, which is given as the place around it and its last step."""
    steps: list[str | int] = []
    while place:
        place, step = place
        steps.append(step)
    return steps[::-1]


def _is_valid(resource: Any) -> bool:
    try:
        validate_whole(resource)
    except IntakeError:
        return False
    return True


def _without_plain_items(holder: dict[str, Any], plain: set[bytes]) -> dict[str, Any]:
    """What holds items, without those that are plain or hold plain ones alone; these go to ``plain``, as JSON."""
    items = holder.get("item")
    if items is None:
        return holder
    kept = []
    for item in items:
        left = _without_plain_items(item, plain)
        if is_plain(left):
            plain.add(orjson.dumps(left))
        else:
            kept.append(left)
    rest = {name: value for name, value in holder.items() if name != "item"}
    if kept:
        rest["item"] = kept
    return rest
