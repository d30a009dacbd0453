"""The page as a whole.

One file without scripts and without anything from elsewhere, so that it can be mailed, archived and printed; the same
input gives the same bytes.
"""

from __future__ import annotations

from itertools import groupby

from jinja2 import Environment, PackageLoader, StrictUndefined

from cds.pack.text import text_in
from cds.verify.difference.compare import Difference
from cds.verify.difference.groups import grouped
from cds.verify.difference.page.ribbons import picture
from cds.verify.difference.population import Population

MARKS = {"lowered": "▼", "raised": "▲", "changed": "◆"}
"""What tells directions apart without colour."""
_TEMPLATES = Environment(
    loader=PackageLoader("cds.verify.difference.page"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_TEMPLATES.filters["arrow"] = lambda text: text.replace(" -> ", " → ")


def difference_page(found: Difference, population: Population | None) -> str:
    """The difference as HTML, with who moves where if responses were given."""
    return _TEMPLATES.get_template("page.html").render(
        title=text_in(found.new.header.title, "en"),
        found=found,
        marks=MARKS,
        groups=grouped(found.classes),
        population=population,
        picture=None if population is None else picture(population),
        changes=[(kind, list(own)) for kind, own in groupby(found.changes, key=lambda one: one.kind)],
        not_known=(
            *(f"Not compared: {one}" for one in (*found.unclear, *found.left_out)),
            *(f"Not decided: {one}" for one in found.undecided),
        ),
    )
