"""A population: bulk exports in, assessments out, by many processes, and nothing lost on the way."""

from cds.batch.run import BatchError, BatchOptions, BatchResult, run_batch

__all__ = ["BatchError", "BatchOptions", "BatchResult", "run_batch"]
