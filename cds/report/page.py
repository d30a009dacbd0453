"""The report as a web page.

One file without scripts and without anything from elsewhere, so that it can be mailed, archived and printed; the same
run gives the same bytes.
"""

from __future__ import annotations

from jinja2 import Environment, PackageLoader, StrictUndefined

from cds.report.view import View

_FIRST = 20
"""Rows of a long table that are open to see."""
_TEMPLATES = Environment(
    loader=PackageLoader("cds.report"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def report_page(view: View) -> str:
    """The run as HTML, in the language of the view."""
    return _TEMPLATES.get_template("page.html").render(view=view, words=view.words, first=_FIRST)
