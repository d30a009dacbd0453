"""Loading the shipped pack: reading and checking its files, and compiling its rules."""

from __future__ import annotations

from pytest_benchmark.fixture import BenchmarkFixture

from cds import DecisionSupport, default_pack, load_pack


def test_load(benchmark: BenchmarkFixture) -> None:
    benchmark.extra_info.update(step="read and check the files")
    benchmark(load_pack, default_pack())


def test_compile(benchmark: BenchmarkFixture) -> None:
    pack = load_pack(default_pack())
    benchmark.extra_info.update(step="compile for the engine")
    benchmark(DecisionSupport, pack)
