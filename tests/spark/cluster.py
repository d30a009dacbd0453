"""A standalone cluster of Spark on loopback: a master and workers, each a process of its own."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import pyspark

from tests.cli.running import ROOT
from tests.spark.settings import JAVA

HOME = Path(pyspark.__file__).parent
SECONDS = 90.0
"""How long anything may take on a machine that is busy with other tests."""
_Found = TypeVar("_Found")


@dataclass(slots=True)
class Cluster:
    """The address of the master, and the processes of the workers."""

    master: str
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def executor(self, worker: int) -> int:
        """The process that evaluates for a worker."""
        return wait_for(lambda: _child(self.workers[worker].pid), "executor")


def wait_for(look: Callable[[], _Found | None], what: str) -> _Found:
    """What ``look`` finds, as soon as it does."""
    end = time.monotonic() + SECONDS
    while (found := look()) is None:
        assert time.monotonic() < end, f"there is no {what}"
        time.sleep(0.01)
    return found


@contextmanager
def cluster(folder: Path, workers: int) -> Iterator[Cluster]:
    """A cluster of workers with one core each, ended with the block."""
    log = folder / "master.log"
    started = [_start(log, "master.Master", "--port", "0")]
    try:
        address = re.compile(r"Starting Spark master at (spark://\S+)")
        found = wait_for(lambda: address.search(log.read_text()), "master")
        running = Cluster(found[1])
        for number in range(workers):
            options: list[str | Path] = [
                "--cores",
                "1",
                "--memory",
                "600m",
                "--work-dir",
                folder / f"work-{number}",
                running.master,
            ]
            running.workers.append(_start(folder / f"worker-{number}.log", "worker.Worker", *options))
            started.append(running.workers[-1])
        registered = "Registering worker"
        wait_for(lambda: True if log.read_text().count(registered) == workers else None, "worker")
        yield running
    finally:
        for process in started:
            process.send_signal(signal.SIGTERM)
        for process in started:
            process.wait(SECONDS)


def _start(log: Path, name: str, *options: str | Path) -> subprocess.Popen[bytes]:
    command: list[str | Path] = [HOME / "bin" / "spark-class", f"org.apache.spark.deploy.{name}", "--host", "127.0.0.1"]
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "SPARK_HOME": str(HOME),
        "SPARK_LOCAL_IP": "127.0.0.1",
        "SPARK_DAEMON_MEMORY": "192m",
        "SPARK_DAEMON_JAVA_OPTS": JAVA,
    }
    environment.pop("PYSPARK_SUBMIT_ARGS", None)
    with log.open("wb") as stream:
        return subprocess.Popen(
            [*command, "--webui-port", "0", *options], stdout=stream, stderr=stream, env=environment
        )


def _child(parent: int) -> int | None:
    """The process of Java that this one has started."""
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            status = (folder / "stat").read_text().rpartition(")")[2].split()
            if int(status[1]) == parent and b"CoarseGrainedExecutorBackend" in (folder / "cmdline").read_bytes():
                return int(folder.name)
        except OSError:
            continue  # it ended meanwhile
    return None
