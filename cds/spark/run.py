"""A whole run on Spark: the same input, records, counts and refusals as :func:`cds.batch.run_batch`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from py4j.protocol import Py4JJavaError
from pyspark.errors import PySparkException
from pyspark.sql import SparkSession

from cds.batch.part_files import ASSESSMENT
from cds.batch.problem import BatchError
from cds.batch.result import BatchResult
from cds.batch.run import STATE, BatchOptions, Step
from cds.pack import load_pack
from cds.spark.blocks import BlockReader, SourceFile
from cds.spark.hadoop import HadoopFiles, hadoop_path
from cds.spark.inputs import find_sources, of_use
from cds.spark.join import chart_counts, chart_rows, joined, partitions, read
from cds.spark.output import Output
from cds.spark.pack_copy import PackCopy
from cds.spark.parquet import write_parquet
from cds.spark.partition import RECORDS, Evaluation
from cds.spark.written import read_back

_SETTINGS: Final = {
    "spark.sql.execution.arrow.maxRecordsPerBatch": "256",
    "spark.sql.execution.arrow.maxBytesPerBatch": str(16 << 20),
}
"""What keeps blocks, and the longest lines, from filling the memory of an executor."""
_OURS: Final = re.compile(r"BatchError: (.+)")
_KIND: Final = re.compile(r"\b(?:[a-z]\w*\.)*(\w+(?:Exception|Error))\b")


def run_spark(
    session: SparkSession,
    source: str | Path,
    out: str | Path,
    options: BatchOptions,
    step: Step = lambda what, count: None,
) -> BatchResult:
    """Evaluate an export on Spark. ``source`` and ``out`` are local paths or addresses of a Hadoop file system.

    ``workers`` and ``resume`` of the options are not used: Spark has executors, and repeats what is lost by itself.
    Raises :class:`BatchError` for what stops the run, and :class:`PackError`.
    """
    pack = load_pack(options.pack)
    hadoop, place = HadoopFiles(session), hadoop_path(out)
    _claim(hadoop, place)
    try:
        with _settings(session):
            reader = BlockReader(session)
            step("files", 0)
            sources = find_sources(hadoop, reader, source)
            charts = _evaluate(session, reader, sources, f"{place}/{STATE}", options, step)
            if options.parquet:
                write_parquet(session, f"{place}/{STATE}/records/kind={ASSESSMENT}", f"{place}/{STATE}/parquet")
            step("checksums", 0)
            output = Output(hadoop, place, f"{place}/{STATE}")
            written = read_back(session, reader, output.files())
            result = output.checked(sources, charts, written, guidance=options.guidance, parquet=options.parquet)
            output.publish(pack, written, result)
    except (PySparkException, Py4JJavaError) as error:
        raise BatchError(f"Spark could not finish: {_reason(error)}") from None
    finally:
        hadoop.remove(f"{place}/{STATE}")
    return result


def _claim(hadoop: HadoopFiles, out: str) -> None:
    hadoop.make_folder(out)
    if not hadoop.is_empty(out):
        raise BatchError(f"{out} is not empty: name an empty folder")
    hadoop.claim(f"{out}/{STATE}/lock")


@contextmanager
def _settings(session: SparkSession) -> Iterator[None]:
    before = {name: session.conf.get(name, None) for name in _SETTINGS}
    try:
        for name, value in _SETTINGS.items():
            session.conf.set(name, value)
        yield
    finally:
        for name, old in before.items():
            if old is not None:
                session.conf.set(name, old)


def _evaluate(
    session: SparkSession,
    reader: BlockReader,
    sources: list[SourceFile],
    state: str,
    options: BatchOptions,
    step: Step,
) -> tuple[int, int]:
    """Write all records, in folders by their kind; how many chart resources were read and refused."""
    responses, chart_files = of_use(sources, "responses"), of_use(sources, "chart")
    charts = chart_rows(reader, chart_files) if chart_files else None
    try:
        step("charts", 0)
        counts = chart_counts(charts)
        step("responses", 0)
        whole = not counts[1]
        evaluation = Evaluation(
            PackCopy.of(options.pack), options.as_of, options.guidance, options.language, charts is not None, whole
        )
        count = partitions(responses, session.sparkContext.defaultParallelism)
        rows = joined(read(reader, responses), charts, count)
        records = rows.mapInArrow(evaluation.records, RECORDS).sortWithinPartitions("kind", "file", "number")
        writer = records.select("kind", "record").write.partitionBy("kind")
        writer.option("maxRecordsPerFile", options.lines).text(f"{state}/records")
    finally:
        if charts is not None:
            charts.unpersist()
    return counts


def _reason(error: Exception) -> str:
    """What is wrong, less anything that could be of a patient: the full message is in the log of Spark."""
    text = str(error)
    if ours := _OURS.findall(text):
        return str(ours[-1])
    kinds = _KIND.findall(text) or [type(error).__name__]
    return f"{kinds[-1]}: the log of Spark says where; mend that, and begin anew"
