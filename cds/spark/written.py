"""What a run wrote, read back: counts and checksums are of what is there, not of what was meant."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

import orjson
from pyspark.sql import SparkSession

from cds.batch.part_files import ASSESSMENT
from cds.spark.blocks import BlockReader, SourceFile, streams
from cds.spark.partition import READ_COUNT
from cds.spark.schema import in_batches

if TYPE_CHECKING:
    import pyarrow as pa

_SUMS: Final = "name string, size long, sha256 string, count long, outcomes string, files string"


@dataclass(slots=True)
class Written:
    """Of the files that were written: by name their lines, bytes and SHA-256, and what their records say.

    ``outcomes`` counts assessments, ``read`` has the lines of each file of responses.
    """

    files: dict[str, dict[str, Any]] = field(default_factory=dict)
    outcomes: Counter[str] = field(default_factory=Counter)
    read: dict[str, int] = field(default_factory=dict)

    def count(self, kind: str, suffix: str = ".ndjson") -> int:
        """Records of a kind in all its files."""
        names = (name for name in self.files if name.endswith(suffix))
        return sum(self.files[name]["count"] for name in names if name.rsplit(".", 2)[0] == kind)


def read_back(session: SparkSession, reader: BlockReader, files: Sequence[SourceFile]) -> Written:
    """Read files in the executors; ``name`` is that in the output, ``use`` the kind of the records."""
    found = Written()
    if not files:
        return found
    parquet = _parquet_counts(session, [one.path for one in files if one.name.endswith(".parquet")])
    paths = {one.name: one.path for one in files}
    few = 4 * session.sparkContext.defaultParallelism
    for row in reader.blocks(files, few).mapInArrow(_sums, _SUMS).collect():
        found.outcomes.update(orjson.loads(row["outcomes"]))
        found.read.update(orjson.loads(row["files"]))
        is_parquet = row["name"].endswith(".parquet")
        count = parquet[paths[row["name"]].rpartition("/")[2]] if is_parquet else row["count"]
        found.files[row["name"]] = {"count": count, "bytes": row["size"], "sha256": row["sha256"]}
    return found


def _sums(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    yield from in_batches(_sum_rows(batches), _SUMS)


def _sum_rows(batches: Iterable[pa.RecordBatch]) -> Iterator[tuple[Any, ...]]:
    for _, name, use, stream in streams(batches):
        digest, size, count = sha256(), 0, 0
        outcomes, files = Counter[str](), dict[str, int]()
        for line in iter(partial(stream.read, 1 << 20), b"") if name.endswith(".parquet") else stream:
            digest.update(line)
            size, count = size + len(line), count + 1
            if name.endswith(".parquet"):
                continue
            if use == ASSESSMENT:
                outcomes[orjson.loads(line)["outcome"]] += 1
            elif use == READ_COUNT:
                told = orjson.loads(line)
                files[told["file"]] = told["read"]
        yield name, size, digest.hexdigest(), count, orjson.dumps(outcomes).decode(), orjson.dumps(files).decode()


def _parquet_counts(session: SparkSession, paths: Sequence[str]) -> dict[str, int]:
    """Rows of each Parquet file, by the last part of its path."""
    if not paths:
        return {}
    rows = session.read.parquet(*paths).groupBy("_metadata.file_name").count().collect()
    return {row["file_name"]: row["count"] for row in rows}
