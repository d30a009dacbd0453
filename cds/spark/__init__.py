"""A population past one machine: the batch run and a function for notebooks, on Apache Spark (the extra ``spark``)."""

from cds.spark.frame import assess
from cds.spark.run import run_spark
from cds.spark.session import spark_session

__all__ = ["assess", "run_spark", "spark_session"]
