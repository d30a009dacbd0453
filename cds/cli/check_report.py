"""How ``cds check`` tells what it found: as text, or as one JSON object."""

from __future__ import annotations

import shlex
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import orjson

from cds.pack import Pack
from cds.verify.issue import Issue

if TYPE_CHECKING:
    from cds.verify.proofs import Counterexample, Proof


class CheckReport(ABC):
    """Takes what is found as it is found. ``folder`` is the pack's, ``out`` where patients are written."""

    def __init__(self, pack: Pack, folder: Path, out: Path) -> None:
        self._pack = pack
        self._folder = folder
        self._out = out

    @abstractmethod
    def issues(self, issues: Sequence[Issue], warnings: bool) -> None:
        """Tell what the static checks found."""

    @abstractmethod
    def proof(self, proof: Proof) -> None:
        """Tell what came of one property."""

    def finish(self) -> None:  # noqa: B027 - some forms have nothing more to say
        """Tell what stands at the end."""

    def _written(self, proof: Proof, number: int, failure: Counterexample) -> list[Path]:
        """The response files of the patients who show a failure; charts stand beside them."""
        found = []
        for index, witness in enumerate(failure.witnesses):
            then = "-then" if index else ""
            found.append(witness.write(self._out, f"{proof.name}-{number}{then}")[0])
        return found

    def _command(self, file: Path) -> str:
        """The command that reproduces it."""
        chart = file.with_suffix(".chart.json")
        parts = ["cds", "evaluate", str(file), "--pack", str(self._folder)]
        return shlex.join([*parts, *(["--chart", str(chart)] if chart.exists() else [])])


class TextReport(CheckReport):
    """For people."""

    def __init__(self, pack: Pack, folder: Path, out: Path) -> None:
        super().__init__(pack, folder, out)
        self._proved = self._claimed = self._empty = self._statements = 0
        click.echo(f"{pack.id} {pack.version}: {len(pack.rules)} rules, {len(pack.findings)} findings")

    def issues(self, issues: Sequence[Issue], warnings: bool) -> None:
        """Each error, and warnings by count or one by one."""
        for issue in issues:
            if issue.severity == "error" or warnings:
                self._issue(issue)
        if not warnings:
            counted = Counter(issue.check for issue in issues if issue.severity == "warning")
            for check, count in counted.items():
                click.echo(f"warning  {check}: {count} (cds check --warnings lists them)")

    def _issue(self, issue: Issue) -> None:
        click.echo(f"{issue.severity:<8} {issue.check}: {issue.message}")
        for place in issue.places:
            click.echo(f"           {place}")
        if issue.hint:
            click.echo(f"           {issue.hint}")

    def proof(self, proof: Proof) -> None:
        """One line, and each failure with its patient."""
        self._claimed += not proof.empty
        self._empty += proof.empty
        self._proved += proof.proved and not proof.empty
        self._statements += proof.statements
        word = "nothing" if proof.empty else "proved" if proof.proved else "NOT SO" if proof.failures else "OPEN"
        told = "there is nothing of the kind" if proof.empty else _count(proof.statements, "statement")
        click.echo(f"{word:<8} {proof.name}: {proof.title} ({told})")
        for number, failure in enumerate(proof.failures, 1):
            self._failure(proof, number, failure)
        for reason in proof.undecided:
            click.echo(f"           not decided: {reason}")

    def _failure(self, proof: Proof, number: int, failure: Counterexample) -> None:
        click.echo(f"           {failure.sentence}")
        for place in failure.places:
            click.echo(f"             {place}")
        if failure.differs:
            click.echo(f"             patient: {'; '.join(failure.differs)}")
        for file in self._written(proof, number, failure):
            click.echo(f"             {self._command(file)}")
        if failure.hint:
            click.echo(f"             {failure.hint}")

    def finish(self) -> None:
        """The count of what is proved."""
        if self._claimed:
            statements = _count(self._statements, "statement")
            rest = f"; {self._empty} with nothing to prove" if self._empty else ""
            click.echo(f"{self._proved} of {self._claimed} properties proved, {statements} about all patients{rest}")


class JsonReport(CheckReport):
    """One JSON object at the end."""

    def __init__(self, pack: Pack, folder: Path, out: Path) -> None:
        super().__init__(pack, folder, out)
        self._object: dict[str, Any] = {
            "pack": {"id": pack.id, "version": pack.version},
            "issues": [],
            "properties": [],
        }

    def issues(self, issues: Sequence[Issue], warnings: bool) -> None:
        """All of them, warnings included."""
        self._object["issues"] = [
            {
                "check": issue.check,
                "severity": issue.severity,
                "message": issue.message,
                "places": list(map(str, issue.places)),
                "hint": issue.hint,
            }
            for issue in issues
        ]

    def proof(self, proof: Proof) -> None:
        """Keep what came of it."""
        failures = [
            {
                "sentence": failure.sentence,
                "places": list(map(str, failure.places)),
                "patient": list(failure.differs),
                "files": [str(file) for file in self._written(proof, number, failure)],
                "hint": failure.hint,
            }
            for number, failure in enumerate(proof.failures, 1)
        ]
        self._object["properties"].append(
            {
                "id": proof.name,
                "title": proof.title,
                "proved": proof.proved and not proof.empty,
                "empty": proof.empty,
                "statements": proof.statements,
                "failures": failures,
                "undecided": list(proof.undecided),
                "seconds": round(proof.seconds, 3),
            }
        )

    def finish(self) -> None:
        """Print the object."""
        click.echo(orjson.dumps(self._object, option=orjson.OPT_INDENT_2).decode())


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
