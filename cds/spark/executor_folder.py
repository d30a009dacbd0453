"""Where an executor keeps files for as long as it lives."""

from __future__ import annotations

import os
from pathlib import Path

from pyspark import SparkFiles


def executor_folder() -> Path:
    """The folder that has the executor's shuffle files: on its largest disks, and removed along with them."""
    folders = os.environ.get("SPARK_LOCAL_DIRS", "").split(",")
    return Path(folders[0] or SparkFiles.getRootDirectory()).resolve()
