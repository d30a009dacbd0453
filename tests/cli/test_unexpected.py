"""What nobody foresaw: one patient's evaluation breaks, and the others still get their answer."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import pytest

from cds.cards import CardMaker
from cds.decision_support import DecisionSupport
from tests.cli.running import EMERGENCY, GOOD, ROOT, run

PATIENT = "Maria Example, born 1990"
FORMATS = ("text", "brief", "json", "cards", "fhir")


def _break_first(monkeypatch: pytest.MonkeyPatch, owner: type, name: str, error: BaseException) -> None:
    """The method fails at its first call, and works again after it."""
    original = getattr(owner, name)
    calls = iter([True])

    def broken(*arguments: Any, **named: Any) -> Any:
        if next(calls, False):
            raise error
        return original(*arguments, **named)

    monkeypatch.setattr(owner, name, broken)


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("error", [KeyError(PATIENT), RecursionError(PATIENT), MemoryError(PATIENT), OSError(PATIENT)])
def test_one_evaluation_breaks(form: str, error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    _break_first(monkeypatch, DecisionSupport, "decide", error)
    found = run("evaluate", GOOD, EMERGENCY, "--format", form)
    assert found.exit_code == 1
    assert found.stderr.startswith(f"{GOOD}: not evaluated: an unexpected {type(error).__name__} at ")
    assert PATIENT not in found.output
    assert "Traceback" not in found.output
    if form in ("json", "cards", "fhir"):
        assert len(found.stdout.splitlines()) == 1
    else:
        assert "EMERGENCY: now" in found.stdout
        assert "Refused" in found.stdout


@pytest.mark.parametrize("form", FORMATS)
def test_one_output_breaks(form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    _break_first(monkeypatch, CardMaker, "texts", KeyError(PATIENT))
    found = run("evaluate", GOOD, EMERGENCY, "--format", form)
    assert found.exit_code == 1
    assert found.stderr.startswith(f"{GOOD}: not shown: an unexpected KeyError at ")
    assert PATIENT not in found.output
    if form == "json":
        assert [json.loads(line)["outcome"] for line in found.stdout.splitlines()] == ["emergency"]


def test_a_stop_is_a_stop(monkeypatch: pytest.MonkeyPatch) -> None:
    _break_first(monkeypatch, DecisionSupport, "decide", KeyboardInterrupt())
    found = run("evaluate", GOOD, EMERGENCY, "--format", "json")
    assert found.exit_code == 1
    assert found.stdout == ""


@pytest.mark.parametrize("form", ["text", "brief"])
@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_an_encoding_without_the_letters_does_not_cost_the_answer(form: str, encoding: str) -> None:
    command = [sys.executable, "-m", "cds", "evaluate", str(EMERGENCY), "--lang", "es", "--format", form]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": encoding}
    found = subprocess.run(command, capture_output=True, env=environment, cwd=ROOT, timeout=120, check=False)
    assert found.returncode == 0
    assert b"EMERGENCIA: ahora" in found.stdout
