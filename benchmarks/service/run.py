"""``make bench-service``: the service, a bare echo and an empty HealthChain service, one after the other, under wrk.

One worker each, pinned to one core, wrk on another. The service does all that it does in use: it checks, evaluates with
both evaluators, counts, logs and remembers what it showed.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

from benchmarks.service.bodies import PATIENTS, bodies

HERE: Final = Path(__file__).resolve().parent
ROOT: Final = HERE.parent.parent
SECONDS: Final = int(os.environ.get("CDS_BENCH_SECONDS", "10"))
_PATH: Final = "/cds-services/exercise-low-back-pain"
_FULL: Final = 16
_HALF: Final = 32


def main() -> None:
    """Run all three, and print a Markdown table."""
    if shutil.which("wrk") is None:
        sys.exit("wrk is needed: apt-get install wrk")
    with tempfile.TemporaryDirectory() as folder:
        calls = Path(folder) / "calls.ndjson"
        some = bodies()
        calls.write_bytes(b"\n".join(some) + b"\n")
        results = {
            name: measure(command, path, calls, Path(folder)) for name, (command, path) in servers(folder).items()
        }
    size = sum(map(len, some)) // len(some)
    print(
        f"{PATIENTS} different patients in turn, {size} bytes a call on average, {SECONDS} s, one worker on one core\n"
    )
    print("| | requests/s | beside the echo | p50 ms | p99 ms | at half load: requests/s | p50 ms | p99 ms |")
    print("|---|---:|---:|---:|---:|---:|---:|---:|")
    for name, (full, half) in results.items():
        beside = rate(full) / rate(results["echo"][0])
        print(
            f"| {name} | {rate(full):.0f} | {beside:.2f} | {full['p50']:.1f} | {full['p99']:.1f} "
            f"| {rate(half):.0f} | {half['p50']:.1f} | {half['p99']:.1f} |"
        )
    if "HealthChain" in results:
        print(f"\ncds-rules / HealthChain: {rate(results['cds-rules'][0]) / rate(results['HealthChain'][0]):.2f}")
    print(f"cds-rules / echo: {rate(results['cds-rules'][0]) / rate(results['echo'][0]):.3f}")


def servers(folder: str) -> dict[str, tuple[Callable[[int], list[str]], str]]:
    """Name to the command that starts a server on a port, and the path that is called."""
    uvicorn = ["--factory", "--loop", "uvloop", "--http", "httptools", "--log-level", "error", "--no-access-log"]
    found: dict[str, tuple[Callable[[int], list[str]], str]] = {
        "echo": (
            lambda port: [
                *(sys.executable, "-m", "uvicorn", "benchmarks.service.echo:app"),
                *uvicorn[1:],
                "--port",
                str(port),
            ],
            _PATH,
        ),
        "cds-rules": (
            lambda port: [
                *(sys.executable, "-m", "cds", "serve", "--port", str(port)),
                "--database",
                f"sqlite:///{folder}/cds.sqlite",
            ],
            _PATH,
        ),
    }
    peer = Path(os.environ.get("CDS_HEALTHCHAIN", ROOT / ".peers/healthchain")) / "bin/python"
    if peer.exists():
        found["HealthChain"] = (
            lambda port: [str(peer), str(HERE / "healthchain_service.py"), str(port)],
            f"/cds{_PATH}",
        )
    else:
        print("HealthChain is not installed (tests/service/peers/install.sh): left out\n", file=sys.stderr)
    return found


def measure(
    command: Callable[[int], list[str]], path: str, calls: Path, folder: Path
) -> tuple[dict[str, Any], dict[str, Any]]:
    """What wrk says of a server at full load, and at half of the rate that it reached."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with started(command(port), port, folder):
        url = f"http://127.0.0.1:{port}{path}"
        wrk(url, calls, _FULL, 0, 2)  # warm up
        full = wrk(url, calls, _FULL, 0, SECONDS)
        pause = _HALF / (rate(full) / 2) * 1000 - full["p50"] / _FULL
        return full, wrk(url, calls, _HALF, pause, SECONDS)


def wrk(url: str, calls: Path, connections: int, pause: float, seconds: int) -> dict[str, Any]:
    """One run of wrk; raises ``RuntimeError`` if a request was refused or broken."""
    command = [*_on(-1), "wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "-s", str(HERE / "replay.lua"), url]
    command += ["--", str(calls), f"{pause:.3f}"]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    result: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    if result["refused"] or result["broken"]:
        raise RuntimeError(f"{url}: {result['refused']} refused, {result['broken']} broken of {result['requests']}")
    return result


def rate(result: dict[str, Any]) -> float:
    """Requests a second."""
    return float(result["requests"] / result["seconds"])


@contextmanager
def started(command: list[str], port: int, folder: Path) -> Iterator[None]:
    """A server, until the end of the block."""
    log = (folder / f"{port}.log").open("wb")
    server = subprocess.Popen([*_on(0), *command], stdout=log, stderr=log, cwd=ROOT)
    try:
        _wait(server, port)
        yield
    finally:
        server.terminate()
        server.wait(20)
        log.close()


def _on(core: int) -> list[str]:
    """What to put before a command to keep it on the first (0) or the last (-1) core."""
    return ["taskset", "-c", str(sorted(os.sched_getaffinity(0))[core])]


def _wait(server: subprocess.Popen[bytes], port: int) -> None:
    for _ in range(300):
        if server.poll() is not None:
            raise RuntimeError(f"the server ended with status {server.returncode}")
        try:
            urlopen(f"http://127.0.0.1:{port}/", timeout=1).close()
        except HTTPError:
            return
        except (URLError, OSError):
            time.sleep(0.1)
            continue
        return
    raise RuntimeError("the server does not answer")


if __name__ == "__main__":
    main()
