"""What changed in a questionnaire; *major* is what makes the new version refuse a response to the old one."""

from __future__ import annotations

from collections.abc import Iterator

from cds.pack.questionnaire import Item, Questionnaire
from cds.verify.difference.data_change import DataChange, Weight, compared, shown


def questionnaire_changes(old: Questionnaire, new: Questionnaire) -> Iterator[DataChange]:
    """The questionnaire itself, then its items in their order."""
    own = list(_canonical(old, new))
    if own:
        weight: Weight = "patch" if all(one == "patch" for _, one in own) else "major"
        how = "texts" if weight == "patch" else "changed"
        yield DataChange("questionnaire", new.url, how, weight, tuple(text for text, _ in own))  # type: ignore[arg-type]
    required = {name for name, item in new.items.items() if item.required}
    for change in compared("question", old.items, new.items, _item, removed="major"):
        must = change.how == "added" and change.name in required
        yield DataChange("question", change.name, "added", "major", ("required",)) if must else change
    if [name for name in old.items if name in new.items] != [name for name in new.items if name in old.items]:
        yield DataChange("questionnaire", "order of the questions", "texts", "patch")


def _canonical(old: Questionnaire, new: Questionnaire) -> Iterator[tuple[str, Weight]]:
    if old.url != new.url:
        yield shown("url", old.url, new.url) or "url", "major"
    if old.version != new.version:
        yield f"{shown('version', old.version, new.version)}: responses to the old version are refused", "major"
    if old.title != new.title:
        yield "title", "patch"


def _item(before: Item, after: Item) -> Iterator[tuple[str, Weight]]:
    if before.type != after.type:
        yield shown("type", before.type, after.type), "major"
    if before.repeats != after.repeats:
        yield shown("repeats", before.repeats, after.repeats), "minor" if after.repeats else "major"
    if before.required != after.required:
        yield shown("required", before.required, after.required), "major" if after.required else "minor"
    yield from _options(before, after)
    if (before.enable_when, before.enable_any) != (after.enable_when, after.enable_any):
        yield "enableWhen: it is shown to other patients", "major"
    if before.parent != after.parent:
        yield shown("inside", before.parent, after.parent), "major"
    yield from _bound("minimum", before.minimum, after.minimum, 1)
    yield from _bound("maximum", before.maximum, after.maximum, -1)
    yield from _bound("maximum length", before.max_length, after.max_length, -1)
    if before.text != after.text:
        yield "text", "patch"


def _options(before: Item, after: Item) -> Iterator[tuple[str, Weight]]:
    for value, option in before.options.items():
        if value not in after.options:
            yield f"option {option.code} removed", "major"
    for value, option in after.options.items():
        if value not in before.options:
            yield f"option {option.code} added", "minor"
        elif option.exclusive != before.options[value].exclusive:
            yield f"option {option.code}: exclusive {option.exclusive}", "major" if option.exclusive else "minor"
        elif option.text != before.options[value].text:
            yield f"option {option.code}: text", "patch"


def _bound(name: str, before: object, after: object, sign: int) -> Iterator[tuple[str, Weight]]:
    if before == after:
        return
    if after is None:
        narrower = False
    elif before is None:
        narrower = True
    else:
        narrower = (float(str(after)) - float(str(before))) * sign > 0
    yield shown(name, before, after), "major" if narrower else "minor"
