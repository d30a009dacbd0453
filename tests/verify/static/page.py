"""The static part of ``docs/pack-checks.md``, made from the catalogue: ``python -m tests.verify.static.page``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

from cds.verify.static import CHECKS

DOCUMENT: Final = Path(__file__).parents[3] / "docs" / "pack-checks.md"
BEGIN, END = "<!-- static checks: begin -->\n", "<!-- static checks: end -->\n"
"""What stands between these is generated; the rest of the page is written by hand."""


def table() -> str:
    """Every static check: id, severity, what it means, what to do."""
    rows = [
        f"| `{name}` | {check.severity} | {_cell(check.meaning)} | {_cell(check.hint)} |\n"
        for name, check in CHECKS.items()
    ]
    return "| check | severity | means | what to do |\n|---|---|---|---|\n" + "".join(rows)


def _cell(text: str) -> str:
    """Markdown of one cell. A hint that differs from case to case says so."""
    if text == "{hint}":
        return "The issue says what to write in its case"
    return text.replace("|", "\\|").replace("<", "&lt;").replace("{", "").replace("}", "").replace("!r", "")


def document() -> str:
    """The page with a new table in its place."""
    before, _, rest = DOCUMENT.read_text(encoding="utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}{table()}{END}{after}"


if __name__ == "__main__":
    DOCUMENT.write_text(document(), encoding="utf-8")
    sys.stderr.write(f"wrote {DOCUMENT.name}\n")
