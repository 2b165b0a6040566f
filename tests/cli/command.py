"""The command line, called in this process or started as one of its own, and instances to call it on."""

from __future__ import annotations

import functools
import io
import os
import shutil
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from unittest import mock

import pytest

from optimizer.cli import main
from optimizer.load import load
from optimizer.report.layout import set_width

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.instance import Instance

ROOT = Path(__file__).resolve().parents[2]
START = [sys.executable, "-c", "from optimizer.cli import run; run()"]
ENVIRONMENT = os.environ | {"PYTHONPATH": str(ROOT)}
SECONDS = 120
WIDE = 10_000


class Said(NamedTuple):
    """What a command said, and the code that it ended with."""

    code: int
    out: str
    err: str


def lodeplan(*words: object, width: int = WIDE) -> Said:
    """Call the command line in this process, in a window so wide that sentences stand on one line."""
    set_width(width)
    out, err = io.StringIO(), io.StringIO()
    argv = mock.patch.object(sys, "argv", ["lodeplan", *map(str, words)])
    with argv, redirect_stdout(out), redirect_stderr(err), pytest.raises(SystemExit) as stop:
        main()
    return Said(int(stop.value.code or 0), out.getvalue(), err.getvalue())


def launched(*words: object, start: Sequence[str] = START, environment: dict[str, str] | None = None) -> Said:
    """Call the command line in a process of its own; `start` is what it is started by."""
    done = subprocess.run(
        [*start, *map(str, words)],
        env=ENVIRONMENT | (environment or {}),
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=SECONDS,
        check=False,
    )
    return Said(done.returncode, done.stdout, done.stderr)


@functools.cache
def bundled(name: str) -> Instance:
    """Return a bundled instance, read once for all tests: none can spoil it."""
    return load(ROOT / "instances" / name)


def copied(name: str, folder: Path) -> Path:
    """Return a copy of a bundled instance; a test may spoil it."""
    return shutil.copytree(ROOT / "instances" / name, folder / name)


def solved(instance: Path, folder: Path, *changes: str) -> Path:
    """Return the folder of the plan of an instance."""
    said = lodeplan("solve", instance, "-o", folder, "-q", *changes)
    assert said.code == 0, said.err
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder, byte for byte."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if not path.is_dir()}


def edit(path: Path, old: str, new: str) -> None:
    """Replace the only place where a text stands in a file."""
    text = path.read_text("utf-8")
    assert text.count(old) == 1, f"{path.name} has {text.count(old)} times {old!r}"
    path.write_text(text.replace(old, new), "utf-8")
