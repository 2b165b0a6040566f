"""The garbage collector, paused where many small objects are made of which none is garbage."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


_NEVER = 1_000_000
"""Collections of what is newer after which a full one comes by itself."""
_MANY = 100
"""The same, after which one comes though somebody waits: some 700 000 objects later."""


@contextmanager
def pause_collector(*, for_good: bool = False) -> Iterator[None]:
    """Pause the garbage collector: a model is many small objects, none of them garbage.

    At the end it looks through them once, and takes them for old; by itself it would do so twice. What was made
    `for_good`, until the process ends, it never looks through.
    """
    before = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if before:
            if for_good:
                gc.freeze()
            else:
                gc.collect(1)
            gc.enable()


def keep_for_good() -> None:
    """Take all that is there for what stays; from then on the collector looks through what is newer only."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()


def put_off_full_collections() -> None:
    """From now on look through all objects only where `collect_all` is called, as nothing else is done meanwhile."""
    young, middle, _ = gc.get_threshold()
    gc.set_threshold(young, middle, _NEVER)


def collect_all(*, waited_for: bool) -> None:
    """Look through all objects where that was put off; where something is `waited_for` only once they are many."""
    if gc.get_threshold()[2] == _NEVER and gc.get_count()[2] > (_MANY if waited_for else 0):
        gc.collect()
