"""What all records promise."""

from __future__ import annotations

from typing import TYPE_CHECKING

from optimizer.load import load

if TYPE_CHECKING:
    from pathlib import Path


def test_a_copy_forgets_what_was_worked_out_from_the_old_values(small: Path) -> None:
    instance = load(small)
    market = instance.market
    name = market.offers[0].offer
    before = (market.offer[name].capacity, instance.digest)
    larger = market.model_copy(update={"offers": tuple(o.model_copy(update={"capacity": 7e6}) for o in market.offers)})
    after = instance.model_copy(update={"market": larger})
    assert (larger.offer[name].capacity, market.offer[name].capacity) == (7e6, before[0])
    assert after.digest != before[1]
