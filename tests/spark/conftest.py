"""Spark on this machine, small: its settings stand before the first session of a test process begins."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from cds.spark import spark_session

MOUNTED = tempfile.TemporaryDirectory(prefix="cds-spark-")
"""A folder that Hadoop knows as ``viewfs://export/in``."""
_JAVA = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xss4m"
_SETTINGS = {
    "spark.executor.cores": "1",
    "spark.executor.memory": "512m",
    "spark.executor.extraJavaOptions": _JAVA,
    "spark.sql.shuffle.partitions": "2",
    "spark.shuffle.io.maxRetries": "1",
    "spark.shuffle.io.retryWait": "1s",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.hadoop.fs.viewfs.mounttable.export.link./in": f"file://{MOUNTED.name}",
}

os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
os.environ["PYSPARK_PYTHON"] = sys.executable
os.environ["PYSPARK_SUBMIT_ARGS"] = " ".join(
    [
        f"--driver-memory 1g --driver-java-options '{_JAVA}'",
        *(f"--conf '{name}={value}'" for name, value in _SETTINGS.items()),
        "pyspark-shell",
    ]
)


@pytest.fixture
def mounted() -> Path:
    """The folder behind ``viewfs://export/in``."""
    return Path(MOUNTED.name)


@pytest.fixture(scope="module")
def session() -> Iterator[SparkSession]:
    """Two cores of this machine."""
    with spark_session("local[2]") as found:
        yield found
