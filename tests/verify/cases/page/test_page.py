"""The page: self-contained, well formed and escaped, its links lead somewhere, and it says what was counted."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from cds.verify.cases.page import coverage_page
from tests.verify.cases.tiny_pack import covered, tiny_pack

_VOID = ("meta",)


class _Reader(HTMLParser):
    """Reads a page: its ids, its links, its marks, and whether each element is closed."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _VOID:
            self.open.append(tag)
        self.tags.add(tag)
        given = dict(attrs)
        self.attributes |= given.keys()
        self.ids += [value for key, value in attrs if key == "id" and value]
        self.links += [value for key, value in attrs if key == "href" and value]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, f"</{tag}> closes another element, at {self.getpos()}"


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> str:
    return coverage_page(covered(tiny_pack(tmp_path_factory.mktemp("page") / "pack")))


def test_well_formed_and_links_lead_somewhere(page: str) -> None:
    read = _Reader(page)
    assert read.open == []
    assert len(read.ids) == len(set(read.ids))
    assert {link.removeprefix("#") for link in read.links} <= set(read.ids)
    assert {"rule-tiny.hot_child", "case-1", "question-signs", "topic-tiny"} <= set(read.ids)


def test_nothing_comes_from_elsewhere_and_nothing_runs(page: str) -> None:
    read = _Reader(page)
    assert not read.tags & {"script", "link", "img", "iframe", "object"}
    assert not {name for name in read.attributes if name.startswith("on") or name == "src"}
    assert not re.search(r"https?:|url\(|@import", page)
    assert all(link.startswith("#") for link in read.links)


def test_text_of_the_pack_is_escaped(page: str) -> None:
    assert "Neither &lt;b&gt;hot&lt;/b&gt; nor a rash" in page
    assert "<b>hot</b>" not in page


def test_counts_stand_there_and_no_percentages(page: str) -> None:
    text = " ".join(re.sub(r"<style>.*?</style>|<[^>]+>", " ", page, flags=re.DOTALL).split())
    # 24 truths of 8 clauses, 7 options, 2 questions without options, 4 that may be left out
    assert "26 of 37 truths and answers" in text
    assert "10 are missing" in text
    assert "3 of 3 cases passed" in text
    assert not re.search(r"\d\s*%", text)


def test_marks_say_the_same_without_colour(page: str) -> None:
    assert "never seen unknown; " in page
    assert "never unknown: Who does not say the age cannot go on.; " in page
    assert "true in 1 case; " in page
    assert 'class="clause full combined"' not in page, "no combined clause of the tiny pack is complete"
    assert 'class="clause part combined"' in page


def test_a_rule_links_to_the_cases_that_make_it_fire(page: str) -> None:
    assert '<a href="#case-1">a hot child of three</a>' in page
    assert page.count("No case makes it fire.") == 1


def test_a_failed_case_is_told(tmp_path: Path) -> None:
    folder = tiny_pack(tmp_path / "pack")
    cases = "cases:\n  - {name: wrong, set: {age: 3, hot: yes, rash: no}, expect: {fires: [tiny.rash]}}\n"
    (folder / "rules" / "tiny.test.yaml").write_text(cases, encoding="utf-8")
    page = coverage_page(covered(folder))
    assert "1 case failed." in page
    assert "rule tiny.rash should fire" in page


def test_the_same_cases_give_the_same_bytes(tmp_path: Path, page: str) -> None:
    assert coverage_page(covered(tiny_pack(tmp_path / "pack"))) == page
