"""LForms in Chromium, started once and asked about everything."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

HERE: Final = Path(__file__).parent / "lforms"
_SECONDS: Final = 300


class Form(NamedTuple):
    """A questionnaire and, by name, responses to it (FHIR R4 JSON)."""

    questionnaire: dict[str, Any]
    responses: Mapping[str, dict[str, Any]]


class Result(NamedTuple):
    """What LForms makes of a response.

    ``thrown`` says why it could not be loaded. ``errors`` are those of LForms' validation, ``messages`` its remarks on
    items; ``enabled`` are link ids, and ``item`` the items of the response that it gives back.
    """

    thrown: str | None = None
    errors: tuple[str, ...] = ()
    messages: tuple[Any, ...] = ()
    enabled: frozenset[str] = frozenset()
    item: tuple[Any, ...] = ()

    @property
    def objections(self) -> tuple[Any, ...]:
        """Everything that LForms has against the response."""
        return (*([self.thrown] if self.thrown else ()), *self.errors, *self.messages)


class Report(NamedTuple):
    """Results by form and response; what the page showed step by step; the response that was filled in there.

    ``problems`` are errors of the page and requests that it should not have made.
    """

    results: dict[str, dict[str, Result]]
    shown: list[list[str]]
    filled_in: dict[str, Any]
    problems: list[str]


def missing() -> str | None:
    """What is not installed, with what to do; ``None`` if all is there."""
    there = {
        "node": shutil.which("node"),
        "chromium": shutil.which("chromium"),
        "lforms": (HERE / "node_modules" / "lforms").is_dir(),
        "playwright-core": (HERE / "node_modules" / "playwright-core").is_dir(),
    }
    absent = ", ".join(name for name, found in there.items() if not found)
    return f"not installed: {absent}. `make oracle` installs what is missing and runs these tests" if absent else None


def ask(forms: Mapping[str, Form], live: dict[str, Any], steps: list[dict[str, Any]]) -> Report:
    """Load every response into LForms, and fill in the questionnaire ``live`` on a page, step by step.

    Raises ``RuntimeError`` with what node wrote if it fails.
    """
    asked = {
        "forms": {name: form._asdict() for name, form in forms.items()},
        "live": {"questionnaire": live, "steps": steps},
    }
    ran = subprocess.run(
        ["node", "check.mjs"],
        cwd=HERE,
        input=json.dumps(asked),
        capture_output=True,
        encoding="utf-8",
        timeout=_SECONDS,
        env={**os.environ, "CHROMIUM": shutil.which("chromium") or ""},
        check=False,
    )
    if ran.returncode:
        raise RuntimeError(f"tests/oracle/lforms/check.mjs failed:\n{ran.stderr}")
    told = json.loads(ran.stdout)
    results = {form: {name: _result(one) for name, one in found.items()} for form, found in told["forms"].items()}
    return Report(results, told["live"]["shown"], told["live"]["response"], told["problems"])


def _result(told: dict[str, Any]) -> Result:
    if told["thrown"]:
        return Result(told["thrown"])
    found = (tuple(told["errors"]), tuple(told["messages"]), frozenset(told["enabled"]), tuple(told["item"]))
    return Result(None, *found)
