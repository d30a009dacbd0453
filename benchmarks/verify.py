"""How long the verification of packs takes: ``make bench-verify``. Each line is one command, run from the start."""

from __future__ import annotations

import resource
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

from benchmarks.generated_pack import write_pack

SIZES = ((30, 20), (300, 80), (1000, 200))
"""Rules and findings of the generated packs."""


def main() -> None:
    """Print a table of commands, seconds and exit statuses."""
    print("| command | seconds | exit status |\n|---|---:|---:|")
    for name in ("exercise-low-back-pain", "ottawa-ankle"):
        for command in ("check", "mutate", "test --coverage"):
            _row(f"cds {command} {name}")
    with tempfile.TemporaryDirectory() as folder:
        for rules, findings in SIZES:
            pack = write_pack(Path(folder) / f"{rules}-rules-{findings}-findings", rules=rules, findings=findings)
            _row(f"cds check {pack.name}", cwd=pack.parent)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    print(f"\nmost memory of any of them: {peak} MiB")


def _row(command: str, cwd: Path | None = None) -> None:
    words = [sys.executable, "-m", *shlex.split(command)]
    started = perf_counter()
    done = subprocess.run(words, cwd=cwd, capture_output=True, check=False)
    print(f"| `{command}` | {perf_counter() - started:.1f} | {done.returncode} |", flush=True)


if __name__ == "__main__":
    main()
