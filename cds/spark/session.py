"""A session of Spark for a command."""

from __future__ import annotations

import os
import shutil
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from py4j.protocol import Py4JError
from pyspark import SparkConf, SparkContext
from pyspark.errors import PySparkException
from pyspark.sql import SparkSession

from cds.batch.problem import BatchError

_SECONDS: Final = 5.0
"""How long a master may take to answer; Spark itself tries for minutes."""
_PORT: Final = 7077
_HERE: Final = "127.0.0.1"


@contextmanager
def spark_session(master: str | None) -> Iterator[SparkSession]:
    """A session that ends with the block. ``master`` defaults to Spark's own settings, else all cores of this machine.

    Raises :class:`BatchError`, with what to do, if Java is missing or no master answers.
    """
    _find_java()
    if master is not None:
        _find_master(master)
    try:
        session = _begun(master)
    except (PySparkException, Py4JError) as error:
        raise BatchError(f"Spark cannot begin: {_first_line(error)}: check Java (17 or later) and --master") from None
    try:
        session.sparkContext.setLogLevel("ERROR")
        yield session
    finally:
        session.stop()


def _begun(master: str | None) -> SparkSession:
    SparkContext._ensure_initialized()  # so that Spark's own settings are read
    settings = SparkConf().setAppName("cds batch")
    if master is not None:
        settings.setMaster(master)
    settings.setIfMissing("spark.master", "local[*,4]")  # what fails is tried again, as on a cluster
    if str(settings.get("spark.master")).startswith("local"):
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
        settings.setIfMissing("spark.driver.bindAddress", _HERE).setIfMissing("spark.driver.host", _HERE)
    # Its pages would tell the names of files to whoever can reach this machine.
    settings.setIfMissing("spark.ui.enabled", "false")
    settings.set("spark.ui.showConsoleProgress", "false")  # else a session from Python shows it in pipes as well
    # Without the checksum files that Hadoop else writes beside each file on a local disk.
    settings.setIfMissing("spark.hadoop.fs.file.impl", "org.apache.hadoop.fs.RawLocalFileSystem")
    return SparkSession.builder.config(conf=settings).getOrCreate()


def _find_java() -> None:
    home = os.environ.get("JAVA_HOME")
    if shutil.which(Path(home, "bin", "java") if home else "java") is None:
        raise BatchError("Spark needs Java 17 or later: install it, or set JAVA_HOME to where it is")


def _find_master(master: str) -> None:
    """See whether one of the masters of a standalone cluster answers."""
    if not master.startswith("spark://"):
        return
    for address in master.removeprefix("spark://").split(","):
        host, _, port = address.rpartition(":")
        try:
            socket.create_connection((host or address, int(port) if host else _PORT), timeout=_SECONDS).close()
        except (OSError, ValueError):
            continue
        return
    raise BatchError(f"no Spark master answers at {master}: start it, or name another with --master")


def _first_line(error: Exception) -> str:
    java = getattr(error, "java_exception", None)
    text = str(java.getMessage() if java is not None else error)
    return (text.splitlines() or [type(error).__name__])[0]
