"""Where the packs are that come with this package."""

from __future__ import annotations

from pathlib import Path


def shipped_packs() -> tuple[Path, ...]:
    """The folders of all packs that come with the installed package, or stand beside it in a checkout."""
    here = Path(__file__).resolve().parent
    for folder in (here / "_rules", here.parent / "rules"):
        if folder.is_dir():
            return tuple(sorted(file.parent for file in folder.glob("*/pack.yaml")))
    return ()


def default_pack() -> Path:
    """The first shipped pack. Raises ``FileNotFoundError`` if there is none."""
    packs = shipped_packs()
    if not packs:
        raise FileNotFoundError("no pack is installed: name one with --pack FOLDER")
    return packs[0]
