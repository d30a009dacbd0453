"""axe-core finds nothing to object to in the report's page, in light and dark, on a phone and on a desk.

axe-core (Deque) is what browsers' accessibility checks are made with: contrast, names, tables, headings, landmarks.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any, Final

import pytest

HERE: Final = Path(__file__).parent / "axe"
GOLDEN: Final = Path(__file__).parents[1] / "report" / "golden"
LOOKS: Final = (
    ("ottawa-ankle.en.html", "light", 360),
    ("ottawa-ankle.en.html", "dark", 1280),
    ("ottawa-ankle.es.html", "light", 1280),
    ("ottawa-ankle.es.html", "dark", 360),
)
"""Page, colour scheme, and pixels of the screen."""


def _missing() -> str | None:
    there = {
        "node": shutil.which("node"),
        "chromium": shutil.which("chromium"),
        "axe-core": (HERE / "node_modules" / "axe-core").is_dir(),
        "playwright-core": (HERE / "node_modules" / "playwright-core").is_dir(),
    }
    absent = ", ".join(name for name, found in there.items() if not found)
    return f"not installed: {absent}. `make oracle` installs what is missing and runs these tests" if absent else None


def _look(at: list[tuple[str, str, int]]) -> list[dict[str, Any]]:
    """What axe-core says; the test is skipped where it is not installed, but never in CI."""
    if absent := _missing():
        if os.environ.get("CI") == "true":
            pytest.fail(absent)
        pytest.skip(absent)
    ran = subprocess.run(
        ["node", "check.mjs"],
        cwd=HERE,
        input=json.dumps(at),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
        env={**os.environ, "CHROMIUM": shutil.which("chromium") or ""},
    )
    assert ran.returncode == 0, ran.stderr
    found: list[dict[str, Any]] = json.loads(ran.stdout)
    return found


def test_pages(tmp_path: Path) -> None:
    bad = tmp_path / "bad.html"
    bad.write_text("<!doctype html><title>x</title><p style='color:#eee;background:#fff'>grey</p><img src=x>")
    seen = [(str(GOLDEN / name), scheme, width) for name, scheme, width in LOOKS]
    *good, by_hand = _look([*seen, (str(bad), "light", 360)])
    assert {told.partition(":")[0] for told in by_hand["violations"]} >= {
        "color-contrast",
        "html-has-lang",
        "image-alt",
    }
    assert len(by_hand["requests"]) == 1
    for look, found in zip(LOOKS, good, strict=True):
        told = {name: found[name] for name in ("violations", "undecided", "requests")}
        assert told == {"violations": [], "undecided": [], "requests": []}, look
        assert found["wide"] <= 0, f"{look}: wider than the screen"
        assert {"color-contrast", "html-has-lang", "heading-order", "link-name"} <= set(found["passed"]), look
