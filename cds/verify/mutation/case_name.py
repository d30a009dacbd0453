"""A name for a drafted case: who the patient is, by what differs from the base patient."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cds.pack import Pack
from cds.pack.finding import Finding
from cds.pack.text import text_in
from cds.verify.mutation.shorthand import Shorthand
from cds.verify.witness import Facts
from cds.verify.witness.words import in_words


def case_name(pack: Pack, shorthand: Shorthand, facts: Facts, ordinary: Facts) -> str:
    """Each difference in a few words, of a response in a file question by question; for an author to better."""
    if shorthand.in_file:
        return "; ".join(in_words(pack, facts, ordinary)) or "the ordinary patient"
    return "; ".join(_parts(pack, shorthand)) or f"{shorthand.base}, nothing else"


def _parts(pack: Pack, shorthand: Shorthand) -> Iterator[str]:
    language = pack.header.languages[0]

    def title(finding: Finding) -> str:
        text = text_in(finding.title, language)
        return text[:1].lower() + text[1:]

    for name, value in shorthand.changed.items():
        yield _said(title(pack.findings[name]), pack.findings[name], value, language)
    for name in shorthand.left_out:
        yield f"{title(pack.findings[name])} not answered"
    for name, value in shorthand.chart.items():
        yield f"by the chart {_said(title(pack.findings[name]), pack.findings[name], value, language)}"


def _said(title: str, finding: Finding, value: Any, language: str) -> str:
    if isinstance(value, bool):
        return title if value else f"not {title}"
    if finding.type == "integer":
        return f"{title} {value}" + (f" {finding.unit}" if finding.unit else "")
    names = {code.code: text_in(code.title, language) for code in finding.codes}
    codes = value if isinstance(value, list) else [value]
    return f"{title}: {', '.join(names[code] for code in codes) or 'none'}"
