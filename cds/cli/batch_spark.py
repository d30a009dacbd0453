"""``cds batch --runner spark``: its options, and the run."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from cds.batch import BatchOptions, BatchResult


def check_options(runner: str, source: str, out: str, *, master: str | None, workers: int | None, resume: bool) -> None:
    """Raise ``click.UsageError`` for options that the runner does not have, and for a local place that is not there."""
    if runner == "spark":
        if workers is not None:
            raise click.UsageError('--workers is for --runner local: give --master "local[N]"')
        if resume:
            raise click.UsageError("--resume is for --runner local: Spark repeats what is lost by itself")
    elif master is not None:
        raise click.UsageError("--master is for --runner spark")
    for place, name in ((source, "IN"), (out, "OUT")):
        if "://" in place and runner == "local":
            raise click.UsageError(f"{name}: an address is for --runner spark: name a local path")
    if "://" not in source and not Path(source).exists():
        raise click.UsageError(f"IN: there is no {source!r}")
    if "://" not in out and Path(out).is_file():
        raise click.UsageError(f"OUT: {out!r} is a file: name a folder")


def run_on_spark(
    source: str, out: str, options: BatchOptions, master: str | None, step: Callable[[str, int], None]
) -> BatchResult:
    """Begin a session and evaluate in it. Raises :class:`BatchError`, also if Spark cannot begin."""
    try:
        from cds.spark import run_spark, spark_session
    except ImportError as error:
        from cds.batch import BatchError

        if error.name and error.name.partition(".")[0] not in ("pyspark", "py4j"):
            raise
        raise BatchError("Spark needs pyspark: pip install 'cds-rules[spark]'") from None
    step("Spark begins", 0)
    with spark_session(master) as session:
        return run_spark(session, source, out, options, step)
