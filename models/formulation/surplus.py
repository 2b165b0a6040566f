"""Materials of which nobody gains from more than is needed, so that no plan has to keep a surplus.

A surplus costs money, and yet it may be wanted: it keeps a minimum take, it dilutes a share, it reaches a tier. Where
nothing in an instance can ask for more, some cheapest plan keeps none; `models.market.bounds` proves it and cuts
stock.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from models.limits import Limit
    from models.market import Market


def thrifty(market: Market, limits: Iterable[Limit]) -> frozenset[str]:
    """Return the materials whose market and limits hold as well, at no higher cost, when less is bought or moved."""
    wanting = {
        o.material
        for o in market.offers
        if o.ramp is not None or min(market.prices(o.offer)) < 0 or market.has_minimum_take(o.offer)
    }
    wanting |= {market.offer[row.offer].material for row in market.commitments}
    wanting |= {
        material for _, material, _ in market.arriving_anyway
    }  # which arrives though it may be a surplus for a while
    wanting |= {
        market.offer[tier.offer].material for tier in market.tiers if tier.price < 0 or tier.kind == "all-units"
    }
    least = {corridor.corridor for corridor in market.corridors if corridor.minimum}
    wanting |= {market.offer[lane.origin].material for lane in market.lanes if lane.minimum or lane.corridor in least}
    asking = [limit for limit in limits if not limit.holds_with_less]
    return frozenset(
        material
        for material in market.material
        if material not in wanting and not any(limit.speaks_of(material, market) for limit in asking)
    )
