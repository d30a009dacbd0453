"""How long the verification of packs takes: ``make bench-verify``. Each line is one command, run from the start."""

from __future__ import annotations

import resource
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

from benchmarks.generated_pack import write_pack
from cds import default_pack

SIZES = ((30, 20), (300, 80), (1000, 200))
"""Rules and findings of the generated packs."""
EDITS = (
    ("compartment.yaml", "[rapidly_worse, pain_severity >= 7]", "[rapidly_worse, pain_severity >= 6]"),
    ("infection.yaml", "temperature >= 38.0]}", "temperature >= 37.8]}"),
    ("cauda-equina.yaml", "when: bowel_change", "when: {all: [bowel_change, saddle_numbness]}"),
    ("fracture.yaml", "age >= 70", "age >= 75"),
)
"""A rule file of the shipped pack, what is in it, and what is written instead."""


def main() -> None:
    """Print a table of commands, seconds and exit statuses."""
    print("| command | seconds | exit status |\n|---|---:|---:|")
    for name in ("exercise-low-back-pain", "ottawa-ankle"):
        for command in ("check", "mutate", "test --coverage"):
            _row(f"cds {command} {name}")
    for count in (1, len(EDITS)):
        with tempfile.TemporaryDirectory() as folder:
            _edited(Path(folder) / f"{count}-edits", count)
            for only in ("", "--only levels --only advice"):
                _row(f"cds diff exercise-low-back-pain ./{count}-edits {only}".rstrip(), cwd=Path(folder))
    with tempfile.TemporaryDirectory() as folder:
        for rules, findings in SIZES:
            pack = write_pack(Path(folder) / f"{rules}-rules-{findings}-findings", rules=rules, findings=findings)
            _row(f"cds check {pack.name}", cwd=pack.parent)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    print(f"\nmost memory of any of them: {peak} MiB")


def _edited(folder: Path, count: int) -> None:
    """A copy of the shipped pack with so many of the edits."""
    shutil.copytree(default_pack(), folder)
    for name, before, after in EDITS[:count]:
        file = folder / "rules" / name
        text = file.read_text(encoding="utf-8")
        if before not in text:
            raise ValueError(f"{name} has no {before!r}: name something else to be changed")
        file.write_text(text.replace(before, after), encoding="utf-8")


def _row(command: str, cwd: Path | None = None) -> None:
    words = [sys.executable, "-m", *shlex.split(command)]
    started = perf_counter()
    done = subprocess.run(words, cwd=cwd, capture_output=True, check=False)
    print(f"| `{command}` | {perf_counter() - started:.1f} | {done.returncode} |", flush=True)


if __name__ == "__main__":
    main()
