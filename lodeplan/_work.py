"""Who does the work of a question, from Python."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from optimizer.base.open_runner import open_runner, read_workers

if TYPE_CHECKING:
    from collections.abc import Iterator
    from os import PathLike

    from optimizer.work.runner import TaskRunner


@contextmanager
def requested_runner(workers: int | str | None, journal: str | PathLike[str] | None) -> Iterator[TaskRunner | None]:
    """Yield the runner that is asked for, or None where this process goes on from one question to the next.

    A journal alone asks for this process.

    Raises:
        InputError: `workers` is neither a count nor an address, nobody answers there, or the journal cannot be used.
    """
    if workers is None and journal is None:
        yield None
        return
    book = None if journal is None else Path(journal)
    with open_runner(1 if workers is None else read_workers(workers), journal=book) as runner:
        yield runner
