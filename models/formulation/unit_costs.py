"""What a unit by itself costs that is bought or moved: the prices of offers, and freight and duty of lanes."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from models.market.price_schedule import Schedule, schedules

if TYPE_CHECKING:
    from models.market import PreparedMarket
    from models.market.bounds import FlowKey
    from models.market.network import Network


class UnitCosts:
    """Currency per unit, of a market whose figures are in its materials' own bases."""

    def __init__(self, market: PreparedMarket, network: Network) -> None:
        """Read the prices of a market and the lanes of its network."""
        self._market, self._network, self._lanes = market, network, network.lanes
        self._turns = bool(network.borders.turning_rates)
        self._tiered = {tier.offer for tier in market.tiers}

    @cached_property
    def schedules(self) -> dict[tuple[str, str], Schedule]:
        """The price schedule of every offer that has tiers, by (offer, period)."""
        return schedules(self._market)

    def bought(self, offer: str, period: str) -> float:
        """Return what a unit bought of an offer in a period costs; 0 where that is for its tiers to say."""
        return 0.0 if offer in self._tiered else self._market.price(offer, period)

    def moved(self, flow: FlowKey) -> tuple[float, float]:
        """Return the freight of a unit that moves, and the duty on it."""
        freight = self._market.passage.freight(*flow)
        if not (self._lanes[flow[:2]].duty_rate or self._turns):
            return freight, 0.0
        return freight, self._network.duty(*flow, self._network.arrives(*flow))
