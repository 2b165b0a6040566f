"""The garbage collector passes by what stays, until something else is to stay."""

from __future__ import annotations

import gc
import weakref
from typing import TYPE_CHECKING

import pytest

from optimizer.collector import collect_all, keep_for_good, put_off_full_collections

if TYPE_CHECKING:
    from collections.abc import Iterator


class Ring:
    """Holds itself, so that only the collector ends it."""

    def __init__(self) -> None:
        self.held = self


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    before = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*before)


def test_what_stays_is_passed_by_and_given_back_once_something_else_stays() -> None:
    ring = Ring()
    seen = weakref.ref(ring)
    keep_for_good()
    del ring
    gc.collect()
    assert seen() is not None, "the collector looked through what stays"
    keep_for_good()
    assert seen() is None, "an instance that is read again is never given back"


def test_what_is_old_is_looked_through_once_nothing_is_waited_for_or_there_is_much_of_it() -> None:
    put_off_full_collections()
    for waited_for, young in ((False, 1), (True, 101)):
        ring = Ring()
        seen = weakref.ref(ring)
        gc.collect()
        del ring
        collect_all(waited_for=True)
        assert seen() is not None, "it was looked through while something was waited for"
        for _ in range(young):
            gc.collect(1)
        collect_all(waited_for=waited_for)
        assert seen() is None
