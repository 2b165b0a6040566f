"""Live progress on stderr, on one line that is wiped at the end: incumbent, bound and gap, or how much is done."""

from __future__ import annotations

import math
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from optimizer.cli.escape import escape, terminal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from optimizer.results.interval import Progress

_SILENT_SECONDS = 0.5


@contextmanager
def show_progress(*, quiet: bool) -> Iterator[Callable[[Progress], None] | None]:
    """Yield what shows progress, or None where nobody would see it: quietly, or away from a terminal."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from rich import markup
    from rich.console import Console

    console = Console(file=terminal(), highlight=False)
    with console.status("solving") as status:

        def watch(progress: Progress) -> None:
            if progress.seconds >= _SILENT_SECONDS:
                status.update(markup.escape(escape(_describe(progress))))

        yield watch


@contextmanager
def count_done(what: str, *, quiet: bool) -> Iterator[Callable[[int, int], None]]:
    """Yield what shows how many of all are done; it shows nothing where nobody would see it."""
    if quiet or not sys.stderr.isatty():
        yield lambda *_: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    console = Console(file=terminal(), highlight=False)
    ending = TextColumn("(Ctrl-C stops)")
    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), ending)
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("", total=None)
        yield lambda done, whole: progress.update(task, completed=done, total=whole)


def _describe(progress: Progress) -> str:
    about = f"solving {progress.part}" if progress.part else "solving"
    if progress.stopping:
        return f"stopping, {progress.seconds:.0f} s: waiting for the solver to end its step (Ctrl-C again gives up)"
    if math.isinf(progress.incumbent):
        return f"{about}, {progress.seconds:.0f} s: no plan yet (Ctrl-C stops)"
    bound = f"bound {progress.bound:,.0f}, gap {progress.gap:.2%}" if math.isfinite(progress.bound) else "no bound yet"
    return f"{about}, {progress.seconds:.0f} s: best plan {progress.incumbent:,.0f}, {bound} (Ctrl-C keeps it)"
