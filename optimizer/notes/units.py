"""Prices that are so far from those beside them that they are likely in another unit or currency than they say."""

from __future__ import annotations

from collections import defaultdict
from statistics import median
from typing import TYPE_CHECKING

from models.records.wording import format_amount
from optimizer.notes.remark import Remark

if TYPE_CHECKING:
    from collections.abc import Iterator

    from models.enforcement import EnforcedInstance
    from models.market import Market

_FAR = 100.0
"""How many times as dear as what lies in the middle a price is that is doubted: a pound is 2 205 times in a tonne."""
_LOOK = "look at its unit, basis and currency"
_TWO = 2
"""Prices of which neither lies in the middle."""


def find_doubtful_prices(instance: EnforcedInstance, market: Market) -> Iterator[Remark]:
    """Yield offers of which the price is a hundred times more or less than what others of their stage ask."""
    beside: dict[tuple[str, str, bool], dict[str, float]] = defaultdict(dict)
    first = next(iter(market.years))
    for offer in market.offers:
        price = market.price(offer.offer, first)
        if price > 0:
            beside[offer.material, offer.stage, offer.yield_ is None][offer.offer] = price
    for (material, stage, _), prices in beside.items():
        middle = median(prices.values())
        for name, price in prices.items():
            beside_it = sum(prices.values()) - price if len(prices) == _TWO else middle
            if not beside_it / _FAR < price < beside_it * _FAR:
                what = f"the other offer of {stage} {material}"
                if len(prices) != _TWO:
                    what = f"what lies in the middle of {stage} {material} is"
                unit = f"{instance.currency} a {market.material[material].basis}"
                asked, others = format_amount(price), format_amount(beside_it)
                yield Remark(
                    "offer",
                    name,
                    f"asks {asked} {unit}, and {what} {others}: {_LOOK}",
                    f"ask a hundred times more or less than others of their stage: {_LOOK}",
                )
