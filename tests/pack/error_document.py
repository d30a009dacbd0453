"""``docs/pack-errors.md``, made from the messages and the broken packs: ``python -m tests.pack.error_document``."""

from __future__ import annotations

import sys

from cds.pack import MESSAGES
from tests.pack.overlay import HERE, MALFORMED

DOCUMENT = HERE.parent.parent / "docs" / "pack-errors.md"
INTRODUCTION = """\
# Errors of a pack

What the loader says when something is wrong with a pack: `file:line:column: what is wrong. What to do`. All errors of
a pack are reported in one run. The folder `tests/pack/malformed/<code>` has a pack with this one error for each code.

This page is generated: `python -m tests.pack.error_document` writes it anew.

| code | what the loader says (an example) | what to write |
|---|---|---|
"""


def document() -> str:
    """Write the page: each code with an example of its message, and what to write in that place."""
    rows = []
    for code in MESSAGES:
        says = (MALFORMED / code / "expected.txt").read_text(encoding="utf-8").splitlines()[0]
        instead = (MALFORMED / code / "instead.txt").read_text(encoding="utf-8").strip()
        rows.append(f"| `{code}` | {_cell(says)} | `{instead.replace('|', chr(92) + '|')}` |\n")
    return INTRODUCTION + "".join(rows)


def _cell(text: str) -> str:
    place, _, rest = text.partition(": ")
    escaped = rest.replace("|", "\\|").replace("<", "&lt;").replace("*", "\\*").replace("_", "\\_")
    return f"`{place}`: {escaped}"


if __name__ == "__main__":
    DOCUMENT.write_text(document(), encoding="utf-8")
    sys.stderr.write(f"wrote {DOCUMENT.name}\n")
