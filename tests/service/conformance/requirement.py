"""The rows of ``requirements.yaml``."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

ROOT: Final = Path(__file__).resolve().parents[3]
FILE: Final = Path(__file__).parent / "requirements.yaml"


@dataclass(frozen=True, slots=True)
class Requirement:
    """One thing that CDS Hooks asks of a service.

    ``number`` and ``level`` are those of the published list, ``says`` is what is asked in our words. ``tests`` show
    that it is met, as ``file::function``; ``planned`` are tests that are still missing; ``reason`` says why there is
    no test, or what to know besides.
    """

    number: int
    level: str
    says: str
    tests: tuple[str, ...] = ()
    planned: tuple[str, ...] = ()
    reason: str = ""


@cache
def requirements() -> tuple[Requirement, ...]:
    """All rows, in the order of the file. Raises ``TypeError`` for a row with another member."""
    rows: list[dict[str, Any]] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return tuple(Requirement(**row | {name: tuple(row.get(name, ())) for name in ("tests", "planned")}) for row in rows)


@cache
def functions(file: Path) -> frozenset[str]:
    """The test functions of a file; none if there is no such file."""
    if not file.is_file():
        return frozenset()
    tree = ast.parse(file.read_text(encoding="utf-8"))
    found = [node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    return frozenset(name for name in found if name.startswith("test_"))


def exists(test: str) -> bool:
    """Whether there is a test ``file::function``."""
    file, _, function = test.partition("::")
    return function in functions(ROOT / file)
