"""What benchmarks print, ratios of two things measured on one machine, and the processes they measure in."""

from __future__ import annotations

import json
import os
import resource
import statistics
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

_HERE = Path(__file__).resolve().parent
_PATIENCE = 1200
"""Seconds that a process may take."""

Figures = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Ratio:
    """One figure as a multiple of another, and the most that it may be."""

    name: str
    value: float | None
    target: float | None = None
    note: str = ""

    @property
    def verdict(self) -> str:
        """Whether the target is reached, in words."""
        if self.value is None or self.target is None:
            return ""
        return "reached" if self.value <= self.target else "NOT REACHED"


def lines_of(ratios: list[Ratio]) -> list[str]:
    """Return ratios as lines of a table."""
    lines = [f"  {'ratio':<54}{'measured':>9}  must be"]
    for ratio in ratios:
        value = "-" if ratio.value is None else f"{ratio.value:.3g}"
        target = "" if ratio.target is None else f"<= {ratio.target:g}"
        lines.append(f"  {ratio.name:<54}{value:>9}  {target:<8} {ratio.verdict} {ratio.note}".rstrip())
    return lines


def child(script: str, *words: str) -> Figures:
    """Run one measurement of a script in a process of its own and return what it prints last."""
    command = [sys.executable, str(_HERE / script), *words]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=_PATIENCE)
    figures: Figures = json.loads(done.stdout.splitlines()[-1])
    return figures


def forked(step: Callable[[], Figures]) -> Figures:
    """Take a step in a fork of this process, which finds all as it was left, and return the figures that it returns."""
    read, write = os.pipe()
    process = os.fork()
    if not process:
        try:
            with os.fdopen(write, "w") as pipe:
                json.dump(step(), pipe)
        finally:
            os._exit(0)
    os.close(write)
    with os.fdopen(read) as pipe:
        text = pipe.read()
    os.waitpid(process, 0)
    figures: Figures = json.loads(text)
    return figures


def cpu_of(times: int, *words: str) -> float:
    """Return the median CPU seconds of several runs of Python, after one to warm up."""
    spent = []
    for _ in range(times + 1):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(
            [sys.executable, *words], cwd=_HERE.parent, capture_output=True, text=True, check=True, timeout=_PATIENCE
        )
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        spent.append(after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime)
    return statistics.median(spent[1:])
