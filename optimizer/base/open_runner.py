"""Open a runner, as a user asks for it: so many processes, or a cluster; and open its journal."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from optimizer.base.reply import RECORDS
from optimizer.errors import InputError, NoPlan
from optimizer.work.journal import Journal
from optimizer.work.runner import TaskRunner
from optimizer.work.workers import SerialExecutor

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from optimizer.work.workers import Workers

_LONGEST = 60
"""Signs of a name that the journal beside it keeps."""
_SCHEMES = ("tcp://", "tls://", "ucx://")
_MOST = 1000


def read_workers(said: str | int) -> str | int:
    """Return how many processes, or the address of which scheduler, a user asks for.

    Raises:
        InputError: it is neither.
    """
    if isinstance(said, str) and said.startswith(_SCHEMES):
        return said
    if str(said).isdecimal() and 1 <= int(said) <= _MOST:
        return int(said)
    form = f"write how many processes (1 to {_MOST}), or the address of a Dask scheduler, as tcp://HOST:8786"
    raise InputError([f"--workers {said}: is neither a count nor an address; {form}"])


@contextmanager
def open_runner(
    workers: str | int | None, *, journal: Path | None = None, beside: Path | None = None
) -> Iterator[TaskRunner]:
    """Yield a runner: processes, a cluster or, for 1, this process alone; for None who does the work may be changed.

    Its journal is the file that is named, or else a hidden one beside the place that an answer is written to, which
    `TaskRunner.finish` removes.

    Raises:
        InputError: nobody answers at the address, or the journal cannot be used.
    """
    if journal is None and beside is not None:
        journal, passing = beside.with_name(f".{beside.name[:_LONGEST]}.journal"), True
    else:
        passing = False
    book = None if journal is None else Journal(journal, RECORDS)
    try:
        with _start(workers) as started:
            yield TaskRunner(started, book, asked_for=workers is not None, passing=passing)
    except NoPlan:  # that is an answer, behind which nothing is to go on
        if book is not None and passing:
            book.remove()
        raise
    finally:
        if book is not None:
            book.close()


def _start(workers: str | int | None) -> Workers:
    match workers:
        case None | 1:
            return SerialExecutor()
        case int():
            from optimizer.work.processes import ProcessExecutor

            return ProcessExecutor(workers)
        case str():
            from optimizer.work.cluster import DaskExecutor

            return DaskExecutor(workers)
