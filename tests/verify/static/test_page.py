"""The page of checks has every static check, as the catalogue says it."""

from __future__ import annotations

import re

from cds.verify.static import CHECKS
from tests.verify.static.page import BEGIN, DOCUMENT, END, document


def test_page_is_up_to_date() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    assert text == document(), "run: python -m tests.verify.static.page"


def test_every_check_is_documented() -> None:
    text = DOCUMENT.read_text(encoding="utf-8").partition(BEGIN)[2].partition(END)[0]
    rows = re.findall(r"^\| `([a-z-]+)` \| (error|warning) \| .+ \| .+ \|$", text, re.MULTILINE)
    assert rows == [(name, check.severity) for name, check in CHECKS.items()]
