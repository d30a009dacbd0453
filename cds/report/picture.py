"""The report as one picture: outcomes, open questions and rules as bars, with what the figures do not say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from cds.report.canvas import Canvas
from cds.report.view import OutcomeRow, QuestionRow, RuleRow, View

_WIDTH: Final = 1600
_EDGE: Final = 60
_LABELS: Final = 640
"""Pixels for what stands before a bar."""
_BARS: Final = _WIDTH - 2 * _EDGE - _LABELS - 290
"""Pixels of the longest bar; the number stands behind it."""
_LEAST: Final = 3
"""Pixels of the shortest bar: what is there is seen, however small its share is."""
_TEXT: Final = 21
_SMALL: Final = 18
_LINE: Final = 30
_FIRST: Final = 10
"""Rows of a chart: the page has them all."""

_INK, _SOFT, _WARN = "#1d2127", "#5b6470", "#8a5300"
TONES: Final[dict[str, dict[str, Any]]] = {
    "rank-0": {"facecolor": "#a51d2d"},
    "rank-1": {"facecolor": "#b4540a"},
    "rank-2": {"facecolor": "#8a6a00"},
    "rank-3": {"facecolor": "#1d5a8a"},
    "rank-4": {"facecolor": "#17663a"},
    "incomplete": {"facecolor": "#fff3da", "edgecolor": _WARN, "hatch": "//"},
    "scope": {"facecolor": _SOFT},
    "refused": {"facecolor": "white", "edgecolor": _INK, "hatch": "xx"},
    "open": {"facecolor": "white", "edgecolor": _SOFT, "hatch": ".."},
}
"""How a bar is filled, by the name of its colour."""


class _Bar(NamedTuple):
    """A bar: a strong and a soft line of label, its parts by tone, and the number behind it."""

    title: str
    note: str
    parts: tuple[tuple[str, int], ...]
    number: str


def report_picture(view: View) -> bytes:
    """The run as PNG, 1600 pixels wide, in the language of the view. Needs matplotlib."""
    words = view.words
    with Canvas(_WIDTH) as sheet:
        y = _head(sheet, view)
        y = _chart(sheet, y, words["outcomes"], words["of_read"], view.counts.responses, _outcomes(view))
        questions = view.questions[:_FIRST]
        most = max((row.count for row in view.questions), default=0)
        key = f"{words['holds_back']} + {words['merely_open']}. {words['longest']}"
        y = _chart(sheet, y, words["open"], key, most, [_question(view, row) for row in questions])
        _more(sheet, y, view, len(view.questions))
        rules = [_rule(view, row) for row in view.rules[:_FIRST]]
        most = view.rules[0].count if view.rules else 0
        y = _chart(sheet, y + 20, words["rules"], words["of_assessed"], most, rules)
        _more(sheet, y, view, len(view.rules))
        y = _foot(sheet, y + 40, view)
        return sheet.png(y, f"{words['kicker']}: {view.title}", _described(view))


def _head(sheet: Canvas, view: View) -> float:
    pack = view.pack
    sheet.text(_EDGE, 56, view.words["kicker"], _SMALL, color=_SOFT)
    y: float = 104
    for line in sheet.wrapped(view.title, 42, _WIDTH - 2 * _EDGE - 90):
        sheet.text(_EDGE, y, line, 42, color=_INK, weight="bold")
        y += 52
    status = view.words[f"status_{pack.header.status}"]
    sheet.text(_EDGE, y, f"{pack.id} {pack.version} · {status}", _SMALL, color=_SOFT)
    sheet.text(_EDGE, y + 46, view.sum, 25, color=_INK, weight="bold")
    top = y + 84
    lines = [line for notice in view.notices for line in sheet.wrapped(notice, _TEXT, _WIDTH - 2 * _EDGE - 60)]
    height = len(lines) * _LINE + 28
    sheet.box(_EDGE, top, _WIDTH - 2 * _EDGE, height, facecolor="#fff3da", edgecolor="none")
    sheet.box(_EDGE, top, 8, height, facecolor="#e2b35b", edgecolor="none")
    for index, line in enumerate(lines):
        sheet.text(_EDGE + 30, top + 14 + _LINE * (index + 0.5), line, _TEXT, color=_INK)
    return top + height


def _chart(sheet: Canvas, y: float, title: str, caption: str, longest: int, bars: Sequence[_Bar]) -> float:
    """A chart below ``y``; where it ends."""
    sheet.text(_EDGE, y + 66, title, 29, color=_INK, weight="bold")
    sheet.text(_EDGE, y + 106, caption, _SMALL, color=_SOFT)
    y += 136
    for bar in bars:
        y = _row(sheet, y, longest, bar)
    return y


def _row(sheet: Canvas, y: float, longest: int, bar: _Bar) -> float:
    lines = [(line, _TEXT, _INK) for line in sheet.wrapped(bar.title, _TEXT, _LABELS - 30, 3)]
    lines += [(line, _SMALL, _SOFT) for line in sheet.wrapped(bar.note, _SMALL, _LABELS - 30, 3) if line]
    height = max(len(lines), 1) * _LINE + 16
    for index, (line, size, colour) in enumerate(lines):
        sheet.text(_EDGE, y + 8 + _LINE * (index + 0.5), line, size, color=colour)
    middle, x = y + 8 + _LINE / 2, float(_EDGE + _LABELS)
    sheet.box(x, middle - 13, _BARS, 26, facecolor="#f0eeea", edgecolor="none")
    for tone, count in bar.parts:
        if count and longest:
            wide = max(_BARS * count / longest, _LEAST)
            sheet.box(x, middle - 13, wide, 26, **{"linewidth": 0, **TONES[tone]})
            x += wide
    sheet.text(_EDGE + _LABELS + _BARS + 16, middle, bar.number, _TEXT, color=_INK)
    return y + height


def _more(sheet: Canvas, y: float, view: View, rows: int) -> None:
    text = view.words["and_more"].format(count=rows - _FIRST) if rows > _FIRST else "" if rows else view.words["none"]
    sheet.text(_EDGE, y + 18, text, _SMALL, color=_SOFT)


def _foot(sheet: Canvas, y: float, view: View) -> float:
    sheet.text(_EDGE, y + 56, view.words["charts"], 29, color=_INK, weight="bold")
    y += 92
    contradictions = view.of_assessed("contradictions_note", view.tally.contradicting)
    for sentence in (*view.charts, contradictions, view.never_fired):
        for index, line in enumerate(sheet.wrapped(sentence, _TEXT, _WIDTH - 2 * _EDGE - 30)):
            if not index:
                sheet.box(_EDGE + 4, y + 11, 8, 8, facecolor=_SOFT, edgecolor="none")
            sheet.text(_EDGE + 30, y + _LINE / 2, line, _TEXT, color=_INK)
            y += _LINE
    return y + 50


def _outcomes(view: View) -> list[_Bar]:
    return [_outcome(view, row) for row in view.outcomes]


def _outcome(view: View, row: OutcomeRow) -> _Bar:
    number = f"{view.words.as_count(row.count)}  ({view.words.as_share(row.count, view.counts.responses)})"
    return _Bar(f"{row.title}: {row.note}", row.detail, ((row.tone, row.count),), number)


def _question(view: View, row: QuestionRow) -> _Bar:
    parts = (("incomplete", row.held_back), ("open", row.merely_open))
    number = f"{view.words.as_count(row.held_back)} + {view.words.as_count(row.merely_open)}"
    return _Bar(row.text, row.name, parts, number)


def _rule(view: View, row: RuleRow) -> _Bar:
    number = f"{view.words.as_count(row.count)}  ({view.words.as_share(row.count, view.counts.assessed)})"
    note = f"{row.name}; {view.words['unverified']}" if row.unverified else row.name
    return _Bar(f"{row.does}: {row.title}", note, ((row.tone, row.count),), number)


def _described(view: View) -> str:
    """The outcomes in words, for who does not see the picture."""
    parts = [f"{row.title} {view.words.as_count(row.count)}" for row in view.outcomes]
    text = f"{view.words['picture_of']}: {', '.join(parts)}. {view.sum}. {' '.join(view.notices)}"
    return text.replace("\N{NARROW NO-BREAK SPACE}", " ")
