"""Sessions of Spark."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from cds.spark import spark_session
from tests.spark.settings import MOUNTED


@pytest.fixture
def mounted() -> Path:
    """The folder behind ``viewfs://export/in``."""
    return Path(MOUNTED.name)


@pytest.fixture(scope="module")
def session() -> Iterator[SparkSession]:
    """Two cores of this machine."""
    with spark_session("local[2]") as found:
        yield found
