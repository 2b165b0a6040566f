"""The garbage collector passes by what stays, until something else is to stay."""

from __future__ import annotations

import gc
import weakref
from typing import TYPE_CHECKING

import pytest

from optimizer.collector import keep_for_good

if TYPE_CHECKING:
    from collections.abc import Iterator


class Ring:
    """Holds itself, so that only the collector ends it."""

    def __init__(self) -> None:
        self.held = self


@pytest.fixture(autouse=True)
def thawed() -> Iterator[None]:
    yield
    gc.unfreeze()


def test_what_stays_is_passed_by_and_given_back_once_something_else_stays() -> None:
    ring = Ring()
    seen = weakref.ref(ring)
    keep_for_good()
    del ring
    gc.collect()
    assert seen() is not None, "the collector looked through what stays"
    keep_for_good()
    assert seen() is None, "an instance that is read again is never given back"
