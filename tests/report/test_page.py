"""The page: self-contained, well formed and escaped; its figures are those of the manifest."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Final

import pytest

from cds.pack import Pack
from cds.report import Run, read_run
from cds.report.page import report_page
from cds.report.view import View
from tests.report.runs import change_manifest, copy

GOLDEN: Final = Path(__file__).parent / "golden"
_VOID: Final = ("meta",)


class _Reader(HTMLParser):
    """Reads a page: ids, links, attributes, the rows of its tables, and whether each element is closed."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.refers: list[str] = []
        self.tags: list[str] = []
        self.attributes: set[str] = set()
        self.rows: list[list[str]] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _VOID:
            self.open.append(tag)
        self.tags.append(tag)
        given = dict(attrs)
        self.attributes |= given.keys()
        self.ids += [value for key, value in attrs if key == "id" and value]
        self.refers += [value.removeprefix("#") for key, value in attrs if key in ("href", "aria-labelledby") and value]
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th") and self.rows:
            self.rows[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, f"</{tag}> closes another element, at {self.getpos()}"

    def handle_data(self, data: str) -> None:
        if self.rows and self.rows[-1] and "tr" in self.open:
            self.rows[-1][-1] += data


@pytest.fixture(scope="module")
def run(ankle: Path, ankle_pack: Pack) -> Run:
    return read_run(ankle, ankle_pack)


@pytest.mark.parametrize("language", ["en", "es"])
def test_page(run: Run, language: str, golden: Callable[[Path, str], None]) -> None:
    golden(GOLDEN / f"ottawa-ankle.{language}.html", report_page(View(run, language)))


@pytest.mark.parametrize("language", ["en", "es"])
def test_well_formed_self_contained_and_linked(run: Run, language: str) -> None:
    page = report_page(View(run, language))
    read = _Reader(page)
    assert read.open == []
    assert len(read.ids) == len(set(read.ids))
    assert set(read.refers) <= set(read.ids)
    assert not set(read.tags) & {"script", "link", "img", "iframe", "object", "form"}
    assert not {name for name in read.attributes if name.startswith("on") or name in ("src", "style")}
    assert not re.search(r"https?:|@import|url\((?!#)", page)
    assert f'<html lang="{language}">' in page
    assert read.tags.count("main") == read.tags.count("h1") == 1
    assert page.count("<svg") == page.count('aria-hidden="true"'), "what bars show stands beside them as text"


def test_the_outcomes_are_all_there_and_add_up(run: Run) -> None:
    told = run.manifest.counts
    rows = [row for row in _Reader(report_page(View(run, "en"))).rows if len(row) == 3][1:]
    found = {" ".join(name.split()): int(count) for name, count, _ in rows[: len(run.pack.levels) + 3]}
    by_title = {name.split(" could ")[0].split(" calls ")[0]: count for name, count in found.items()}
    assert sum(found.values()) == told.responses
    assert by_title["Refused not assessed, nothing is known"] == told.refused == 1
    assert by_title["Incomplete not an all-clear"] == told.outcomes["incomplete"] == 1
    assert by_title["Emergency now"] == told.outcomes["emergency"]


def test_what_the_figures_do_not_say_stands_there(run: Run) -> None:
    page = report_page(View(run, "en"))
    assert "9 responses read = 8 assessed + 1 refused" in page
    assert "Incomplete, out of scope and refused are not all-clears" in page
    assert "no prevalence of any disease" in page
    assert "These rules are a draft" in page
    assert "8 of 8 responses assessed (100.0%) have a chart that may not be whole" in page
    assert "0 chart resources read, 1 refused" in page


def test_names_from_files_are_escaped(ankle: Path, ankle_pack: Pack, tmp_path: Path) -> None:
    out = copy(ankle, tmp_path)
    hostile = "<script>alert('x')</script>\"onload=x"
    change_manifest(out, lambda told: told.update(empty=[hostile]))
    page = report_page(View(read_run(out, ankle_pack), "en"))
    assert "<script" not in page
    assert "&lt;script&gt;alert(&#39;x&#39;)" in page
    assert "&lt;b&gt;Encounter.ndjson" in page


def test_texts_of_the_pack_are_escaped(run: Run) -> None:
    rules = tuple(replace(rule, title=f"</th><b onclick=x>{rule.title}") for rule in run.pack.all_rules)
    page = report_page(View(replace(run, pack=replace(run.pack, all_rules=rules)), "en"))
    assert "onclick" not in _Reader(page).attributes
    assert "&lt;/th&gt;&lt;b onclick=x&gt;" in page


def test_a_rule_leads_to_its_sources(run: Run) -> None:
    page = report_page(View(run, "en"))
    cited = {key for row in View(run, "en").rules for key in row.citations}
    assert cited
    for key in cited:
        assert f'<a href="#source-{key}">{key}</a>' in page
        assert f'<li id="source-{key}"><b>{key}</b>' in page


def test_shares_never_say_none_or_all_where_it_is_not_so(run: Run) -> None:
    share = View(run, "en").words.as_share
    assert [share(0, 9), share(1, 100_000), share(1, 3)] == ["0.0%", "<0.1%", "33.3%"]
    assert [share(99_999, 100_000), share(5, 5), share(0, 0)] == [">99.9%", "100.0%", "-"]
    assert View(run, "es").words.as_share(1, 3) == "33,3\N{NARROW NO-BREAK SPACE}%"


def test_a_bar_is_seen_however_small_its_share_is(run: Run) -> None:
    counts = run.manifest.counts.model_copy(update={"responses": 10**8})
    page = report_page(View(replace(run, manifest=run.manifest.model_copy(update={"counts": counts})), "en"))
    assert '<rect class="refused" x="0.000%" width="0.500%"' in page
    assert 'class="scope" x="0.000%" width="0.000%"' not in page


def test_both_languages_say_the_same_numbers(run: Run) -> None:
    def numbers(language: str) -> list[list[str]]:
        rows = _Reader(report_page(View(run, language))).rows
        return [[re.sub(r"\D", "", cell) for cell in row[1:]] for row in rows]

    assert numbers("en") == numbers("es")


def test_the_order_is_that_of_urgency(run: Run) -> None:
    names = [row.name for row in View(run, "en").outcomes]
    assert names == [level.id for level in run.pack.levels] + ["incomplete", "out-of-scope", "refused"]
