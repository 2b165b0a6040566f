"""An instance that pages ask about, pages that only listen, and a server in a process of its own."""

from __future__ import annotations

import queue
import re
import signal
import subprocess
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from optimizer.serve.studio import Studio
from optimizer.serve.worker import Worker
from tests.cli.command import ENVIRONMENT, ROOT, START

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PATIENCE = 120.0
"""Seconds after which something that should have come has failed."""
BATTERY = ROOT / "instances/us-battery-2027"
TUTORIAL = ROOT / "instances/tutorial-lithium-cobalt"


class Listener:
    """A page that notes what it is told, in the place of a mailbox; it never answers slowly."""

    def __init__(self) -> None:
        self._told: queue.Queue[tuple[str, dict[str, Any]]] = queue.Queue()
        self.closed = False

    def put(self, kind: str, data: dict[str, Any]) -> None:
        self._told.put((kind, data))

    def close(self) -> None:
        self.closed = True

    def wait_for(self, *kinds: str, number: int | None = None) -> tuple[str, dict[str, Any]]:
        """Return the next message of some kinds, to the question of a number."""
        while True:
            kind, data = self._told.get(timeout=PATIENCE)
            if kind in kinds and number in (None, data.get("number")):
                return kind, data

    def heard(self) -> list[tuple[str, dict[str, Any]]]:
        """Return what was told and not waited for."""
        return [self._told.get_nowait() for _ in range(self._told.qsize())]


@pytest.fixture
def worker(tmp_path: Path) -> Iterator[Worker]:
    started = Worker(Studio(TUTORIAL), tmp_path)
    yield started
    assert started.join(PATIENCE)


class Served(NamedTuple):
    """A server, and where it is."""

    process: subprocess.Popen[str]
    port: int

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    def interrupt(self) -> int:
        """Press Ctrl-C, and return the exit code."""
        self.process.send_signal(signal.SIGINT)
        code = self.process.wait(PATIENCE)
        assert self.process.stderr is not None
        assert self.process.stderr.read() == "", "it complained at its end"
        return code


@contextmanager
def serving(instance: Path, folder: Path) -> Iterator[Served]:
    """Serve an instance on a free port."""
    words = [*START, "serve", str(instance), "--port", "0", "-o", str(folder)]
    process = subprocess.Popen(words, env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        said = process.stdout.readline()
        found = re.search(r"http://127\.0\.0\.1:(\d+)/", said)
        assert found, said
        yield Served(process, int(found[1]))
    finally:
        process.kill()
        process.communicate()
