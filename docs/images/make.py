"""Makes the pictures of the documentation from real runs: ``python -m docs.images.make``, from the root of the project.

The same input gives the same bytes. Nothing is loaded from elsewhere: the fonts of an SVG are those of the reader.
"""

from __future__ import annotations

import io
import re
import sys
from contextlib import redirect_stdout
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from rich.console import Console

from cds import DecisionSupport, default_pack
from cds.cards.text import print_decision
from cds.cli import main

ROOT: Final = Path(__file__).resolve().parents[2]
PICTURE: Final = ROOT / "docs" / "images" / "evaluate.svg"
REPORT: Final = ROOT / "docs" / "images" / "report.png"
RESPONSE: Final = Path("fixtures/responses/incomplete-bladder-question-skipped.json")
_WIDTH: Final = 100
_FONTS: Final = "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace"
_LABEL: Final = "What cds evaluate prints when the question about bladder, bowel and numbness was skipped"


def svg() -> str:
    """The picture of one decision as ``cds evaluate`` prints it on a terminal; an SVG document."""
    support = DecisionSupport.load(default_pack())
    decision = support.decide((ROOT / RESPONSE).read_bytes())
    # All that a console would otherwise read off its surroundings is given, or the picture would depend on them.
    console = Console(
        record=True,
        file=io.StringIO(),
        width=_WIDTH,
        height=_WIDTH,
        color_system="truecolor",
        force_terminal=True,
        no_color=False,
        legacy_windows=False,
        highlight=False,
    )
    print_decision(console, support.cards, decision, RESPONSE.as_posix(), "en")
    return _self_contained(console.export_svg(title=f"cds evaluate {RESPONSE.as_posix()}", unique_id="evaluate"))


def png() -> bytes:
    """The picture of the report on 200 synthetic patients, as docs/analyst.md makes it."""
    with TemporaryDirectory() as place, redirect_stdout(io.StringIO()):
        folder = Path(place)
        patients, assessed, picture = folder / "population", folder / "assessed", folder / "report.png"
        for words in (
            ("sample", "200", "--seed", "1", "--out", patients, "--gzip"),
            ("batch", patients, assessed, "--workers", "1", "--no-parquet"),
            ("batch", "report", assessed, "--png", picture),
        ):
            main([str(word) for word in words], standalone_mode=False)
        return picture.read_bytes()


def _self_contained(picture: str) -> str:
    """The picture without the web fonts and the comment that rich writes, and with a label for screen readers."""
    picture = re.sub(r"\s*@font-face \{.*?\}", "", picture, flags=re.DOTALL)
    picture = re.sub(r"\s*<!--.*?-->", "", picture, flags=re.DOTALL)
    picture = re.sub(r"font-family: [^;]+;", f"font-family: {_FONTS};", picture)
    return picture.replace("<svg ", f'<svg role="img" aria-label="{_LABEL}" ', 1)


if __name__ == "__main__":
    PICTURE.write_text(svg(), encoding="utf-8")
    REPORT.write_bytes(png())
    for picture in (PICTURE, REPORT):
        sys.stdout.write(f"{picture.relative_to(ROOT)}\n")
