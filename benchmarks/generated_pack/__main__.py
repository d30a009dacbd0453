"""``python -m benchmarks.generated_pack FOLDER``: write a generated pack."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path

from benchmarks.generated_pack import write_pack


def main() -> None:
    """Write a pack, and say where it stands."""
    parser = ArgumentParser(prog="python -m benchmarks.generated_pack", description="Write a generated pack.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rules", type=int, default=1000, help="evaluated rules, exactly")
    parser.add_argument("--findings", type=int, default=200, help="base findings")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    print(write_pack(given.folder, given.rules, given.findings, given.seed))


if __name__ == "__main__":
    main()
