"""The garbage collector, paused where many small objects are made of which none is garbage."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


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
