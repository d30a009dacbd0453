"""Assessments as Parquet, with the columns that a run without Spark writes."""

from __future__ import annotations

from typing import Final

from pyspark.sql import SparkSession

from cds.batch.parquet import LISTS, TEXTS

COLUMNS: Final = ", ".join(
    [
        *(f"`{name}` string" for name in TEXTS),
        *(f"`{name}` array<string>" for name in LISTS),
        "chart int",
        "chart_whole boolean",
    ]
)
"""The columns of an assessment, as Spark writes them."""


def write_parquet(session: SparkSession, source: str, target: str) -> None:
    """Write the records in a folder of NDJSON."""
    records = session.read.schema(COLUMNS).json(source, mode="FAILFAST", lineSep="\n")
    records.write.option("compression", "zstd").parquet(target)
