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
        self._offers, self._market, self._network = market.offer, market, network
        self._lanes, self._turns = network.lanes, bool(network.borders.turning_duties)

    @cached_property
    def schedules(self) -> dict[str, Schedule]:
        """The price schedule of every offer that has tiers, by offer."""
        return schedules(self._market)

    def bought(self, offer: str) -> float:
        """Return what a unit of an offer costs; 0 where that is for its tiers to say."""
        return 0.0 if offer in self.schedules else self._offers[offer].price

    def moved(self, flow: FlowKey) -> tuple[float, float]:
        """Return the freight of a unit that moves, and the duty on it."""
        origin, destination, leaves = flow
        lane = self._lanes[origin, destination]
        if not self._turns:
            return lane.freight, lane.duty
        arrives = self._network.arrives(origin, destination, leaves)
        return lane.freight, self._network.duty(origin, destination, arrives)
