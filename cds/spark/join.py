"""Responses and the charts of their patients, brought to the same partitions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from pyspark import StorageLevel
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F  # noqa: N812 - as it is called everywhere

from cds.spark.blocks import BlockReader, SourceFile
from cds.spark.rows import CHART, REFUSED_CHART, SCHEMA, read_rows

_BYTES: Final = 64 << 20
"""Bytes of responses for a partition: some minutes of one core at most, which is what a lost executor may cost."""
_RATIO: Final = 10
"""How many times larger gzipped responses are when they are read."""


def partitions(responses: Sequence[SourceFile], cores: int) -> int:
    """Into how many partitions these files are evaluated."""
    size = sum(one.size * (_RATIO if one.name.endswith(".gz") else 1) for one in responses)
    return max(cores, -(-size // _BYTES))


def read(reader: BlockReader, sources: Sequence[SourceFile]) -> DataFrame:
    """All lines of these files, as :data:`SCHEMA` says."""
    return reader.blocks(sources).mapInArrow(read_rows, SCHEMA)


def chart_rows(reader: BlockReader, charts: Sequence[SourceFile]) -> DataFrame:
    """The lines of chart files, kept on the disks of the executors, as they are needed several times."""
    return read(reader, charts).persist(StorageLevel.DISK_ONLY)


def joined(responses: DataFrame, charts: DataFrame | None, count: int) -> DataFrame:
    """All rows in ``count`` partitions: each response with its patient's chart, charts first, in the files' order."""
    part = _part(count)
    rows = responses.withColumn("part", part)
    if charts is not None:
        rows = rows.unionByName(charts.withColumn("part", part)).unionByName(_medications(charts, part))
    together = rows.repartitionById(count, F.col("part"))
    return together.sortWithinPartitions("section", "file", "number").drop("part", "medications")


def chart_counts(charts: DataFrame | None) -> tuple[int, int]:
    """How many chart resources were read, and how many refused."""
    if charts is None:
        return 0, 0
    found = {row["section"]: row["count"] for row in charts.groupBy("section").count().collect()}
    return found.get(CHART, 0), found.get(REFUSED_CHART, 0)


def _part(count: int) -> Column:
    """The partition of a row: that of its owner, or for a row that is nobody's, any that is always the same."""
    key = F.coalesce(F.col("owner"), F.concat_ws(":", "name", F.col("number").cast("string")))
    return F.pmod(F.hash(key), F.lit(count))


def _medications(charts: DataFrame, part: Column) -> DataFrame:
    """The Medications that charts refer to, once for each partition in which somebody takes them."""
    taken = charts.select(F.explode("medications").alias("owner"), part.alias("part")).distinct()
    medications = charts.where((F.col("section") == CHART) & F.col("owner").startswith("Medication/"))
    return medications.join(taken, "owner").select(*charts.columns, "part")
