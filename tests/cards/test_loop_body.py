"""Loops over recurring entries render as Jinja2 renders them, and no entry gets another's text."""

from __future__ import annotations

from typing import Any

import pytest
from jinja2 import StrictUndefined, UndefinedError

from cds.cards import loop_body
from cds.cards.loop_body import with_kept_bodies
from cds.cards.template import Markdown, _Sandbox, escape

ENVIRONMENT = _Sandbox(finalize=escape, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
SOURCES = [
    "{% for one in reasons %}\n- {{ one.text }} ({{ t.label }})\n{% endfor %}\n",
    "{% for one in reasons if one.text != 'b' %}{{ one.text }}{% else %}none{% endfor %}",
    "{% for one in reasons %}{{ loop.index }}{{ one.text }}{% if not loop.last %};{% endif %}{% endfor %}",
    "{% for one in reasons %}{{ one.text }} {{ other }}{% endfor %}",
    "{% for x in advice %}{% for part in x.parts %}{{ part }}{% if loop.last %}.{% endif %}{% endfor %} {% endfor %}",
    "{% for t in questions %}{% for one in reasons %}{{ t.text }}{{ one.text }}{% endfor %}{% endfor %}",
    "{% for one in questions %}{{ one.text }}{% endfor %}{% for one in reasons %}<{{ one.text }}>{% endfor %}",
    "{% for one in reasons %}{% for two in reasons %}{{ two.text }}{{ one.text }}{% endfor %}{% endfor %}",
    "{% set word = 'x' %}{% for one in reasons %}{{ word }}{{ one.text }}{% endfor %}",
]
ENTRIES: list[dict[str, Any]] = [
    {"text": Markdown("**a**"), "parts": ["p", "*q*"]},
    {"text": "*b* <i>", "parts": []},
    {"text": Markdown("c"), "parts": [Markdown("*r*")]},
]


@pytest.mark.parametrize("source", SOURCES)
def test_it_renders_as_before(source: str) -> None:
    kept, plain = with_kept_bodies(ENVIRONMENT, source, Markdown), ENVIRONMENT.from_string(source)
    for other in ("first", "second"):
        for chosen in (ENTRIES, ENTRIES[::-1], ENTRIES[1:], [], [dict(entry) for entry in ENTRIES]):
            given = {"reasons": chosen, "advice": chosen, "questions": ENTRIES, "other": other, "t": {"label": "L*"}}
            assert kept.render(given) == plain.render(given)


def test_an_entry_is_rendered_once() -> None:
    template = with_kept_bodies(ENVIRONMENT, SOURCES[0], Markdown)
    entry = {"text": "before"}
    first = template.render(reasons=[entry], t={"label": "L"})
    entry["text"] = "after"  # entries are never changed; here it shows that the text was kept
    assert template.render(reasons=[entry], t={"label": "L"}) == first
    assert template.render(reasons=[{"text": "after"}], t={"label": "L"}) != first


def test_what_is_kept_is_bounded_and_never_mixed_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loop_body, "_MAX_KEPT", 3)
    template = with_kept_bodies(ENVIRONMENT, SOURCES[0], Markdown)
    for number in range(200):
        text = template.render(reasons=[{"text": f"n{number}"}], t={"label": "L"})
        assert text == f"- n{number} (L)\n"


def test_a_missing_name_is_still_an_error() -> None:
    template = with_kept_bodies(ENVIRONMENT, "{% for one in reasons %}{{ one.missing }}{% endfor %}", Markdown)
    with pytest.raises(UndefinedError):
        template.render(reasons=[{"text": "x"}])
