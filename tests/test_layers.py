"""Imports run one way: each part of the package imports only what its place allows (docs/decisions/0006-layers.md)."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent / "cds"

ALLOWED = {
    "pack": set[str](),
    "intake": {"pack"},
    "engine": {"pack"},
    "assessment": {"pack", "intake", "engine"},
    "cards": {"pack", "intake", "assessment"},
    "decision_support": {"pack", "intake", "engine", "assessment", "cards"},
    "sample": {"pack", "intake"},
    "shipped": set[str](),
    "verify": {"pack", "intake", "engine", "assessment", "cards", "decision_support"},
    "service": {"pack", "intake", "engine", "assessment", "cards", "decision_support", "verify"},
    "batch": {"pack", "intake", "engine", "assessment", "cards", "decision_support"},
    "report": {"pack", "assessment", "cards", "batch"},
    "spark": {"batch", "pack", "intake", "engine", "assessment", "cards", "decision_support", "shipped"},
    "cli": {
        "batch",
        "report",
        "spark",
        "service",
        "pack",
        "intake",
        "engine",
        "assessment",
        "cards",
        "decision_support",
        "verify",
        "sample",
        "shipped",
    },
    "__main__": {"cli"},
    "__init__": {"pack", "intake", "engine", "assessment", "decision_support", "shipped"},
}
"""Part of the package to the parts that it may import."""


def _imports(file: Path) -> set[str]:
    """The parts of ``cds`` that a module imports."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        names = []
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        found |= {[*name.split("."), "__init__"][1] for name in names if name.split(".")[0] == "cds"}
    return found


@pytest.mark.parametrize("file", sorted(ROOT.rglob("*.py")), ids=lambda file: str(file.relative_to(ROOT)))
def test_imports_run_one_way(file: Path) -> None:
    part = file.relative_to(ROOT).parts[0].removesuffix(".py")
    assert part in ALLOWED, f"say in ALLOWED what cds/{part} may import"
    assert _imports(file) - {part} <= ALLOWED[part]
