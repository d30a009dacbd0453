"""``make bench``: run the benchmarks with pytest-benchmark and print their medians as tables."""

from __future__ import annotations

import json
import platform
import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path
from typing import Any

from benchmarks.patients import KINDS, response
from benchmarks.test_never_seen import KINDS as UNSEEN


def main() -> None:
    """Run all benchmarks in one go and print Markdown tables of median microseconds."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        command = [sys.executable, "-m", "pytest", "benchmarks", "-q", "--benchmark-enable", "--benchmark-only"]
        command += ["--benchmark-warmup=on", "--benchmark-min-rounds=50", "--benchmark-quiet"]
        subprocess.run([*command, f"--benchmark-json={report}"], check=True, stdout=sys.stderr)
        benchmarks = json.loads(report.read_text())["benchmarks"]
    print(f"Python {platform.python_version()}, {platform.machine()}, median of pytest-benchmark, microseconds\n")
    _stages(benchmarks)
    _never_seen(benchmarks)
    _scaling(benchmarks)
    for entry in benchmarks:
        if entry["extra_info"].keys() == {"step"}:
            print(f"- {entry['extra_info']['step']}: {entry['stats']['median'] * 1000:.0f} ms")


def _stages(benchmarks: list[dict[str, Any]]) -> None:
    table: dict[str, dict[str, float]] = defaultdict(dict)
    for entry in benchmarks:
        info = entry["extra_info"]
        if "kind" in info:
            table[info["step"]][info["kind"]] = entry["stats"]["median"] * 1e6
    sizes = " | ".join(f"{kind} ({len(response(kind))} bytes)" for kind in KINDS)
    print(f"| step | {sizes} |\n|---|{'---:|' * len(KINDS)}")
    for step, row in table.items():
        print(f"| {step} | {' | '.join(f'{row[kind]:.0f}' for kind in KINDS)} |")
    whole = {kind: table["whole path"][kind] for kind in KINDS}
    parsed = table["orjson.loads"]
    print(f"| whole path / orjson.loads | {' | '.join(f'{whole[kind] / parsed[kind]:.0f}' for kind in KINDS)} |\n")


def _never_seen(benchmarks: list[dict[str, Any]]) -> None:
    table: dict[str, dict[str, float]] = defaultdict(dict)
    for entry in benchmarks:
        info = entry["extra_info"]
        if "unseen" in info:
            table[info["step"]][info["unseen"]] = entry["stats"]["median"] * 1e6
    print(f"| step | {' | '.join(UNSEEN)} |\n|---|{'---:|' * len(UNSEEN)}")
    for step, row in table.items():
        print(f"| {step} | {' | '.join(f'{row[kind]:.0f}' for kind in UNSEEN)} |")
    whole, parsed = table["whole path"], table["orjson.loads"]
    print(f"| whole path / orjson.loads | {' | '.join(f'{whole[kind] / parsed[kind]:.0f}' for kind in UNSEEN)} |\n")


def _scaling(benchmarks: list[dict[str, Any]]) -> None:
    table: dict[int, dict[str, float]] = defaultdict(dict)
    for entry in benchmarks:
        info = entry["extra_info"]
        if "size" in info:
            table[info["size"]][info["evaluator"]] = entry["stats"]["median"] * 1e6
    print("| rules | durable-rules | reference | durable-rules for each rule |\n|---:|---:|---:|---:|")
    for size, row in sorted(table.items()):
        engine = row["DurableEngine"]
        print(f"| {size} | {engine:.0f} | {row['ReferenceEvaluator']:.0f} | {engine / size:.2f} |")
    print()


if __name__ == "__main__":
    main()
