"""A Dask cluster on this machine: a scheduler and workers, each a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60
ENVIRONMENT = os.environ | {"PYTHONPATH": str(ROOT), "DASK_DISTRIBUTED__SCHEDULER__WORKER_TTL": "30s"}


class Cluster:
    """A scheduler that runs, and the workers that it was given."""

    def __init__(self, folder: Path, host: str = "127.0.0.1") -> None:
        """Start a scheduler, and wait until it is there."""
        told = folder / "scheduler.json"
        self._running: list[subprocess.Popen[bytes]] = []
        self.scheduler = self._start("scheduler", "--host", host, "--port", "0", "--scheduler-file", str(told))
        self.address = str(json.loads(_wait_for(told))["address"])

    def add_worker(self, *words: str, before: Sequence[str] = ()) -> subprocess.Popen[bytes]:
        """Start one more worker, with other options; `before` is what it is started by."""
        return self._start("worker", self.address, "--nthreads", "1", *words, before=before)

    def end(self) -> None:
        """End all that was started."""
        for process in reversed(self._running):
            process.terminate()
        for process in self._running:
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def _start(self, what: str, *words: str, before: Sequence[str] = ()) -> subprocess.Popen[bytes]:
        command = [*before, sys.executable, "-m", f"distributed.cli.dask_{what}", "--no-dashboard", *words]
        nowhere = subprocess.DEVNULL
        process = subprocess.Popen(command, env=ENVIRONMENT, stdout=nowhere, stderr=nowhere)
        self._running.append(process)
        return process


@contextmanager
def running(folder: Path, workers: int, host: str = "127.0.0.1") -> Iterator[Cluster]:
    """Yield a cluster with some workers, and end it."""
    cluster = Cluster(folder, host)
    try:
        for _ in range(workers):
            cluster.add_worker("--local-directory", str(folder))
        yield cluster
    finally:
        cluster.end()


def _wait_for(path: Path) -> str:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if path.exists() and (text := path.read_text("utf-8")):
            return text
        time.sleep(0.05)
    msg = f"{path.name} did not come"
    raise TimeoutError(msg)
