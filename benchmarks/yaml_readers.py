"""How long the shipped pack's YAML files take to read with libyaml and with ruamel.yaml, in one run."""

from __future__ import annotations

from time import perf_counter

from ruamel.yaml import YAML

from cds import default_pack
from cds.pack.yaml_source import parse_yaml


def main() -> None:
    """Print milliseconds for all YAML files that loading the pack reads, the best of five, and the ratio."""
    files = [file for file in sorted(default_pack().rglob("*.yaml")) if not file.name.endswith(".test.yaml")]
    texts = [file.read_text(encoding="utf-8") for file in files]
    readers = {
        "libyaml and YAML 1.2 resolution": lambda text: parse_yaml(text, "x"),
        "ruamel.yaml, round trip (positions)": YAML(typ="rt").load,
        "ruamel.yaml, safe, pure": YAML(typ="safe", pure=True).load,
    }
    best = {}
    for name, read in readers.items():
        times = []
        for _ in range(5):
            start = perf_counter()
            for text in texts:
                read(text)
            times.append(perf_counter() - start)
        best[name] = min(times) * 1000
    first = next(iter(best.values()))
    for name, milliseconds in best.items():
        print(f"{name}: {milliseconds:.0f} ms ({milliseconds / first:.1f} times)")


if __name__ == "__main__":
    main()
