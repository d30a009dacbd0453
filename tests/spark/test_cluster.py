"""A real cluster, in which a worker is killed while it evaluates: nothing is lost, and nothing counted twice."""

from __future__ import annotations

import os
import signal
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from pyspark import SparkContext

from cds import default_pack
from cds.batch import BatchOptions, run_batch
from cds.spark import run_spark, spark_session
from tests.spark.cluster import cluster, wait_for
from tests.spark.exports import difference, population

OPTIONS = BatchOptions(default_pack(), parquet=False)
PARTITIONS = 7
"""As no other stage has them: by this the stage that evaluates is known."""


def test_a_worker_is_killed_in_the_middle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cds.spark.run.partitions", lambda _responses, _cores: PARTITIONS)
    population(tmp_path / "in", 42, lines=30)
    here = run_batch(tmp_path / "in", tmp_path / "local", OPTIONS)
    with cluster(tmp_path, workers=2) as running, spark_session(running.master) as session:
        with ThreadPoolExecutor(1) as thread:
            run: Future[Any] = thread.submit(run_spark, session, tmp_path / "in", tmp_path / "spark", OPTIONS)
            victim = running.executor(0)
            wait_for(lambda: _evaluating(session.sparkContext, run, active=2), "evaluation on both workers")
            # Held for a moment, it cannot finish before it is killed: so the kill is in the middle, whatever is quick.
            os.kill(victim, signal.SIGSTOP)
            done = wait_for(lambda: _evaluating(session.sparkContext, run, completed=1), "task that is finished")
            assert done < PARTITIONS
            running.workers[0].kill()
            os.kill(victim, signal.SIGKILL)
            assert not run.done()
            there = run.result()
        assert running.workers[0].wait() == -signal.SIGKILL
        assert running.workers[1].poll() is None
    assert difference(tmp_path / "local", tmp_path / "spark", here, there) == []
    assert here.assessed == 42


def _evaluating(context: SparkContext, run: Future[Any], active: int = 0, completed: int = 0) -> int | None:
    """How many tasks of the stage that evaluates are finished, once so many are at work and finished."""
    if run.done():
        run.result()
        raise AssertionError("the run is over already")
    tracker = context.statusTracker()
    for stage in tracker.getActiveStageIds():
        told = tracker.getStageInfo(stage)
        if told and told.numTasks == PARTITIONS and told.numActiveTasks >= active:
            return told.numCompletedTasks if told.numCompletedTasks >= completed else None
    return None
