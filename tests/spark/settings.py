"""Spark on this machine, small: importing this sets what stands before the first session of a process begins."""

from __future__ import annotations

import os
import sys
import tempfile

MOUNTED = tempfile.TemporaryDirectory(prefix="cds-spark-")
"""A folder that Hadoop knows as ``viewfs://export/in``."""
JAVA = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -XX:+UnlockDiagnosticVMOptions -XX:-BytecodeVerificationRemote"
_SETTINGS = {
    "spark.executor.cores": "1",
    "spark.executor.memory": "512m",
    "spark.cores.max": "2",
    "spark.scheduler.minRegisteredResourcesRatio": "1.0",
    "spark.locality.wait": "0",
    "spark.executor.extraJavaOptions": JAVA,
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
        f"--driver-memory 1g --driver-java-options '{JAVA}'",
        *(f"--conf '{name}={value}'" for name, value in _SETTINGS.items()),
        "pyspark-shell",
    ]
)
