"""``make soak``: memory over 300,000 evaluations by both evaluators; fails if it grows."""

from __future__ import annotations

import resource
import sys
from pathlib import Path

from benchmarks.patients import KINDS, response, support

EVALUATIONS = 300_000
STEPS = 10
ALLOWED_GROWTH_KB = 1024
"""A megabyte over 300,000 evaluations: less than four bytes each, the noise of the allocator."""


def resident_kb() -> int:
    """Resident memory of this process in kilobytes (Linux), or its peak elsewhere."""
    statm = Path("/proc/self/statm")
    if statm.exists():
        return int(statm.read_text().split()[1]) * resource.getpagesize() // 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def main() -> None:
    """Evaluate, print resident memory at each step, and exit with 1 if it grew."""
    made = support()
    patients = [made.decide(response(kind)).patient.values for kind in KINDS]
    evaluate = made.assessor.evaluator.evaluate
    measured = []
    for step in range(STEPS + 1):
        for index in range(EVALUATIONS // STEPS):
            evaluate(patients[index % len(patients)])
        if step == 0:
            print("warmed up")
        measured.append(resident_kb())
        print(f"{step * EVALUATIONS // STEPS:>7} evaluations: {measured[-1]} KiB")
    growth = measured[-1] - measured[0]
    print(f"growth over {EVALUATIONS} evaluations: {growth} KiB")
    sys.exit(growth > ALLOWED_GROWTH_KB)


if __name__ == "__main__":
    main()
