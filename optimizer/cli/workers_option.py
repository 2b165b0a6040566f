"""What ``--workers`` and ``--journal`` ask for, in commands that without them solve one thing after another here."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from optimizer.cli.notes import print_notes

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from optimizer.work.runner import TaskRunner


@contextmanager
def requested_runner(
    workers: int | str | None, journal: Path | None, output: Path | None, *, quiet: bool
) -> Iterator[TaskRunner | None]:
    """Yield the runner that is asked for, or None; a journal alone asks for this process.

    What should be known of it beforehand is told as notes, unless `quiet`.

    Raises:
        InputError: nobody answers at the address, or the journal cannot be used.
    """
    if workers is None and journal is None:
        yield None
        return
    from optimizer.base.open_runner import open_runner

    with open_runner(1 if workers is None else workers, journal=journal, beside=output) as runner:
        print_notes(runner.workers.notes, quiet=quiet)
        yield runner


def finish(runner: TaskRunner | None, *, whole: bool = True) -> None:
    """Let go of what was kept for another run, once the answer is `whole` and written."""
    if runner is not None and whole:
        runner.finish()
