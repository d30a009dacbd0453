"""Languages: what the loader sees to, and what is left to the checks."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cds.pack import MESSAGES, PackError, load_pack
from cds.pack.questionnaire import Option
from cds.pack.rule_reader import rule_files
from cds.pack.yaml_source import KeyPath, read_yaml
from cds.verify.static import static_issues
from tests.pack.overlay import MINIMAL
from tests.verify.static.faulty_pack import TODAY
from tests.verify.static.page import DOCUMENT

FILES = ("pack.yaml", "findings.yaml", "advice.yaml", "cards.yaml", *rule_files(MINIMAL))


def texts(value: Any, path: KeyPath = ()) -> Iterator[KeyPath]:
    """The places of all texts in two languages."""
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    if isinstance(value, dict) and {"en", "es"} <= value.keys():
        yield path
    for key, entry in entries:
        yield from texts(entry, (*path, key))


@pytest.mark.parametrize("name", FILES)
def test_the_loader_refuses_every_text_that_lacks_a_language(name: str, tmp_path: Path) -> None:
    folder = shutil.copytree(MINIMAL, tmp_path / "pack")
    places = list(texts(read_yaml(MINIMAL / name, name).data))
    assert places
    for path in places:
        data = read_yaml(MINIMAL / name, name).data
        at = data
        for step in path:
            at = at[step]
        del at["es"]
        (folder / name).write_text(json.dumps(data), encoding="utf-8")
        with pytest.raises(PackError) as caught:
            load_pack(folder)
        codes = [problem.code for problem in caught.value.problems]
        assert codes.count("language-missing") == 1, path
        assert set(codes) <= {"language-missing", "not-concluded"}, "a file with a fault concludes nothing"


def test_what_the_page_leaves_to_the_loader_is_a_message_of_the_loader() -> None:
    page = DOCUMENT.read_text(encoding="utf-8")
    for code in ("language-missing", "table-inputs", "no-citation", "not-concluded"):
        assert code in MESSAGES
        assert f"`{code}`" in page


def test_numbers_and_dates_need_no_translation() -> None:
    pack = load_pack(MINIMAL)
    item = pack.questionnaire.items["since"]
    for value, bare in ((3, False), ("2026-11-22", False), ("three", True)):
        changed = replace(item, options={value: Option(value, {"en": str(value)})})
        questionnaire = replace(pack.questionnaire, items={**pack.questionnaire.items, "since": changed})
        found = {issue.check for issue in static_issues(replace(pack, questionnaire=questionnaire), TODAY)}
        assert ("option-untranslated" in found) is bare
