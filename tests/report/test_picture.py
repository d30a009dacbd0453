"""The picture: a PNG that another library reads, the same every time, in which no text meets a bar or the edge."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import matplotlib as mpl
import pytest
from PIL import Image, ImageColor

from cds.pack import Pack
from cds.report import Run, read_run
from cds.report.canvas import Canvas
from cds.report.picture import TONES, report_picture
from cds.report.view import View


@pytest.fixture(scope="module")
def run(ankle: Path, ankle_pack: Pack) -> Run:
    return read_run(ankle, ankle_pack)


def test_it_is_a_png_with_a_text_alternative(run: Run) -> None:
    view = View(run, "es")
    data = report_picture(view)
    with Image.open(io.BytesIO(data)) as image:
        image.load()
        assert (image.format, image.width) == ("PNG", 1600)
        assert 1500 < image.height < 4000
        assert image.info["Title"] == "Informe de una evaluación por lotes: Lesión de tobillo y pie (reglas de Ottawa)"
        assert "Incompleto 1, Fuera de alcance 1, Rechazado 1. 9 respuestas leídas" in image.info["Description"]
        coloured = image.convert("RGB")
        colours = {colour for _, colour in coloured.getcolors(1 << 24) or ()}
        shown = {row.tone for row in view.outcomes if row.count} | {row.tone for row in view.rules}
        assert len(shown) >= 5
        for tone in shown & {tone for tone in TONES if tone.startswith("rank-")}:
            assert ImageColor.getrgb(TONES[tone]["facecolor"]) in colours, f"{tone} is another colour"
        edge = [coloured.getpixel((x, y)) for x in (0, 30, 1599) for y in range(0, image.height, 7)]
        assert set(edge) == {(255, 255, 255)}, "nothing is drawn beyond the edge"


def test_settings_of_the_machine_do_not_reach_it(run: Run) -> None:
    data = report_picture(View(run, "en"))
    with mpl.rc_context({"font.size": 30, "savefig.dpi": 20, "axes.facecolor": "red", "text.color": "red"}):
        assert report_picture(View(run, "en")) == data


def test_nothing_overlaps_with_names_of_any_length(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    title = "$\\frac{$ " + "unbreakable" * 30 + " and_a_very long title " * 9
    rules = tuple(replace(rule, title=title) for rule in run.pack.all_rules)
    counts = run.manifest.counts.model_copy(update={"responses": 10**9, "refused": 10**9 - 8})
    manifest = run.manifest.model_copy(update={"counts": counts})
    drawn: list[Canvas] = []
    entered = Canvas.__enter__

    def enter(sheet: Canvas) -> Canvas:
        drawn.append(sheet)
        return entered(sheet)

    monkeypatch.setattr(Canvas, "__enter__", enter)
    report_picture(View(replace(run, pack=replace(run.pack, all_rules=rules), manifest=manifest), "es"))
    (sheet,) = drawn
    texts = [
        (x, y - how["fontsize"] / 1.44, x + sheet.length(text, how["fontsize"] / 0.72), y + how["fontsize"] / 1.44)
        for x, y, text, how in sheet._texts
        if text
    ]
    bars = [(x, y, x + wide, y + high) for x, y, wide, high, _ in sheet._boxes if x >= 700]
    assert len(bars) > 20
    assert max(right for _, _, right, _ in texts) < sheet.width - 20
    for index, one in enumerate(texts):
        assert not [other for other in (*texts[:index], *bars) if _meet(one, other)], sheet._texts[index]


def _meet(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def test_text_is_wrapped_by_its_measured_length() -> None:
    with Canvas(800) as sheet:
        lines = sheet.wrapped("one two  three " + "w" * 100, 21, 300)
        assert all(sheet.length(line, 21) <= 300 for line in lines)
        assert "".join(lines).replace(" ", "") == "onetwothree" + "w" * 100
        short = sheet.wrapped("word " * 100, 21, 300, most=2)
        assert (len(short), short[-1][-1]) == (2, "…")
        assert sheet.length(short[-1], 21) <= 300
