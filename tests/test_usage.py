"""What a command takes is told with that of the processes that it starts and kills."""

from __future__ import annotations

import sys

import pytest

from benchmarks.batch.usage import measured

CHILD = """
import time
held = bytearray(100 << 20)
held[::4096] = b"x" * len(held[::4096])
while time.process_time() < 0.5:
    pass
print("done", flush=True)
time.sleep(60)
"""
PARENT = f"""
import subprocess, sys
child = subprocess.Popen([sys.executable, "-c", {CHILD!r}], stdout=subprocess.PIPE)
child.stdout.readline()
child.kill()
child.wait()
print("the end")
"""


def test_time_and_memory_of_a_child_that_is_killed() -> None:
    usage = measured([sys.executable, "-c", PARENT])
    assert usage.output == "the end\n"
    assert usage.cpu >= 0.5
    assert usage.wall < 30
    if sys.platform == "linux":
        assert usage.parent < 100 <= usage.worker


def test_a_command_that_fails_is_an_error() -> None:
    with pytest.raises(RuntimeError, match="exit status 3"):
        measured([sys.executable, "-c", "raise SystemExit(3)"])
