"""``docs/cds-hooks-conformance.md``, made from the rows: ``python -m tests.service.conformance.document``."""

from __future__ import annotations

import sys
from collections import Counter
from typing import Final

from tests.service.conformance.requirement import ROOT, Requirement, requirements

DOCUMENT: Final = ROOT / "docs" / "cds-hooks-conformance.md"
INTRODUCTION: Final = """\
# Conformance with CDS Hooks

What CDS Hooks 2.0 asks of a service, and what shows that this one does it. The numbers are those of the requirements
that [Inferno](https://inferno-framework.github.io/) lists for CDS Hooks; those that concern a service are all here.
What is asked is told in short and in our words: the
[specification](https://cds-hooks.hl7.org/2.0/) is what counts.

Where there is no test, the reason stands in its place. The service keeps to 2.0.1, the current release, which changes
none of these.

This page is generated: `python -m tests.service.conformance.document` writes it anew from
`tests/service/conformance/requirements.yaml`, and a test sees to it that every test named here exists.

"""
LEVELS: Final = ("SHALL", "SHALL NOT", "SHOULD", "SHOULD NOT", "MAY")


def document() -> str:
    """The page."""
    return INTRODUCTION + _summary() + "\n" + _table()


def _summary() -> str:
    asked = Counter(row.level for row in requirements())
    shown = Counter(row.level for row in requirements() if row.tests)
    lines = ["| | asked | shown by tests |\n", "|---|---|---|\n"]
    lines += [f"| {level} | {asked[level]} | {shown[level]} |\n" for level in LEVELS]
    return "".join(lines)


def _table() -> str:
    lines = ["| | | asked | shown by |\n", "|---|---|---|---|\n"]
    lines += [f"| {row.number} | {row.level} | {row.says} | {_shown(row)} |\n" for row in requirements()]
    return "".join(lines)


def _shown(row: Requirement) -> str:
    tests = [_link(test) for test in row.tests]
    if row.planned:
        tests.append("(a test is still missing)")
    return " ".join([", ".join(tests), row.reason]).strip()


def _link(test: str) -> str:
    file, _, function = test.partition("::")
    return f"[{function.removeprefix('test_').replace('_', ' ')}](../{file})"


if __name__ == "__main__":
    DOCUMENT.write_text(document(), encoding="utf-8")
    sys.stderr.write(f"wrote {DOCUMENT.name}\n")
