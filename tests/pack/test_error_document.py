"""The page of error codes is up to date."""

from __future__ import annotations

import re

from cds.pack import MESSAGES
from tests.pack.error_document import DOCUMENT, document


def test_page_is_up_to_date() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    assert text == document(), "run: python -m tests.pack.error_document"


def test_every_code_is_documented() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    assert re.findall(r"^\| `([a-z-]+)` \|", text, re.MULTILINE) == list(MESSAGES)
