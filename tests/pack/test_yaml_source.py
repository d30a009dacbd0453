"""YAML is read by the core schema of YAML 1.2, with the place of everything, and without surprises."""

from __future__ import annotations

import math
import re
from datetime import date, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from cds.pack import PackError
from cds.pack.yaml_source import parse_yaml, read_yaml
from tests.pack.overlay import HERE, MINIMAL

SHIPPED = HERE.parent.parent / "rules" / "exercise-low-back-pain"
FILES = [file for folder in (MINIMAL, SHIPPED) for file in sorted(folder.rglob("*.yaml"))]

WORDS = {
    "null": None,
    "Null": None,
    "~": None,
    "": None,
    "true": True,
    "TRUE": True,
    "false": False,
    "yes": "yes",
    "no": "no",
    "on": "on",
    "off": "off",
    "y": "y",
    "N": "N",
    "tRUE": "tRUE",
    "0": 0,
    "-7": -7,
    "+12": 12,
    "08": 8,
    "010": 10,
    "0o17": 15,
    "0x1F": 31,
    "1_000": "1_000",
    "1:30": "1:30",
    "0b11": "0b11",
    "1.5": 1.5,
    ".5": 0.5,
    "5.": 5.0,
    "-1e3": -1000.0,
    ".": ".",
    "1.2.3": "1.2.3",
    ".inf": math.inf,
    "-.INF": -math.inf,
    "2026-11-22": "2026-11-22",
    "<<": "<<",
    "=": "=",
}
"""Plain scalars and what they stand for in YAML 1.2; YAML 1.1 reads a third of them differently."""


@pytest.mark.parametrize(("text", "value"), WORDS.items(), ids=repr)
def test_plain_scalars(text: str, value: Any) -> None:
    source = parse_yaml(f"key: {text}", "f.yaml")
    assert not source.problems
    assert source.data == {"key": value}
    assert type(source.data["key"]) is type(value)


def test_not_a_number() -> None:
    assert math.isnan(parse_yaml("[.nan]", "f.yaml").data[0])


@pytest.mark.parametrize("text", ["'true'", '"true"', "|-\n  true", ">-\n  true"])
def test_quoted_and_block_scalars_are_text(text: str) -> None:
    assert parse_yaml(f"key: {text}", "f.yaml").data == {"key": "true"}


def test_keys_are_text() -> None:
    assert parse_yaml("{true: 1, 2: 3, no: 4}", "f.yaml").data == {"true": 1, "2": 3, "no": 4}


REFUSED = {
    "a: 1\na: 2": "2:1 duplicate-key",
    "a: {b: 1, b: 2}": "1:11 duplicate-key",
    "a: &x [1]\nb: *x": "1:4 alias",
    "a: !!str 5": "1:4 tag",
    "a: !!str 'x'": "1:4 tag",
    "a: !colour red": "1:4 tag",
    "a: !!set {b}": "1:4 tag",
    "!!map {a: 1}": "1:1 tag",
    "!!str a: 1": "1:1 tag",
    "{[a]: 1}": "1:2 yaml-syntax",
    "? a\n: b": "1:3 yaml-syntax",
    "a: [?b]": "1:6 yaml-syntax",
    "a: 1\n---\nb: 2": "2:1 several-documents",
    "a: b: c": "1:5 yaml-syntax",
    "a:\n\tb: 1": "2:1 yaml-syntax",
    "a:\n  - b\n - c": "3:2 yaml-syntax",
    'a: "b': "1:6 yaml-syntax",
    "a: [1, 2": "2:1 yaml-syntax",
    "a: \x07": "1:1 yaml-syntax",
    "[" * 2000 + "]" * 2000: "1:1 yaml-syntax",
}


@pytest.mark.parametrize(("text", "expected"), REFUSED.items(), ids=lambda text: text[:20])
def test_refused(text: str, expected: str) -> None:
    problem = parse_yaml(text, "f.yaml").problems[0]
    assert f"{problem.line}:{problem.column} {problem.code}" == expected
    assert problem.hint


def test_merge_key_is_a_plain_key() -> None:
    assert parse_yaml("<<: {a: 1}", "f.yaml").data == {"<<": {"a": 1}}


def test_places() -> None:
    source = parse_yaml("a: 1\nb:\n  - c: x\n    d: [y,  z]\n", "f.yaml")
    assert source.place(("b", 0, "d", 1)) == (4, 13)
    assert source.place(("b", 0, "d"), at_key=True) == (4, 5)
    assert source.place(("b", 0, "d")) == (4, 8)
    assert source.place(("b", 0, "nothing", 7)) == (3, 5)
    assert source.place(("nothing",)) == (1, 1)


def test_a_byte_order_mark_is_no_part_of_the_text() -> None:
    assert parse_yaml("\ufeffa: 1", "f.yaml").data == {"a": 1}


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(PackError, match=r"^f\.yaml:1:1: the pack has no f\.yaml\. Add it"):
        read_yaml(tmp_path / "f.yaml", "f.yaml")
    (tmp_path / "f.yaml").write_bytes(b"a: \xe9")
    with pytest.raises(PackError, match=r"byte 4 is not UTF-8\. Save the file as UTF-8"):
        read_yaml(tmp_path / "f.yaml", "f.yaml")


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.relative_to(HERE.parent.parent).as_posix())
def test_pack_files_read_as_ruamel_reads_them(file: Path) -> None:
    source = read_yaml(file, file.name)
    assert not source.problems
    assert source.data == _as_text(YAML(typ="safe", pure=True).load(file.read_text(encoding="utf-8")))


def _as_text(value: Any) -> Any:
    """What ruamel reads, its dates and keys as they were written: it has YAML 1.1's dates all the same."""
    if isinstance(value, dict):
        return {_as_key(key): _as_text(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [_as_text(entry) for entry in value]
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    return value


def _as_key(key: object) -> str:
    return str(key).lower() if isinstance(key, bool) else str(key)


TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=20)
LINES = st.lists(TEXT, max_size=3).map("\n".join)
SCALARS: st.SearchStrategy[Any] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**12), 10**12),
    st.floats(allow_nan=False),
    TEXT,
    LINES,
    st.sampled_from([text for text, value in WORDS.items() if text == value]),
)
DATA = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(TEXT, inner, max_size=4)),
    max_leaves=12,
)


@given(DATA, st.sampled_from([None, False, True]))
def test_what_ruamel_writes_is_read_back(data: Any, flow: bool | None) -> None:
    writer = YAML(typ="safe", pure=True)
    writer.default_flow_style = flow
    writer.allow_unicode = True
    text = StringIO()
    writer.dump({"data": data}, text)
    source = parse_yaml(text.getvalue(), "f.yaml")
    if source.problems:  # text that begins with ? or : in brackets is YAML 1.2, but libyaml is of 1.1: it is refused
        assert re.search(r"[\[{,:]\s*[?:]", text.getvalue()), source.problems
        return
    assert _typed(source.data["data"]) == _typed(data)


def _typed(value: Any) -> Any:
    """The value with the type of everything in it, so that 1, 1.0 and true are told apart."""
    if isinstance(value, dict):
        return {key: _typed(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [_typed(entry) for entry in value]
    return type(value), value
