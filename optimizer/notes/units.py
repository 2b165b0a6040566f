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
_ENOUGH = 3
"""Prices of which one can be told from the others."""


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
        for name, price in prices.items() if len(prices) >= _ENOUGH else ():
            if not middle / _FAR < price < middle * _FAR:
                look = "look at its unit, basis and currency"
                unit = f"{instance.currency} a {market.material[material].basis}"
                asked, others = format_amount(price), format_amount(middle)
                yield Remark(
                    "offer",
                    name,
                    f"asks {asked} {unit}, and what lies in the middle of {stage} {material} is {others}: {look}",
                    f"ask a hundred times more or less than others of their stage: {look}",
                )
