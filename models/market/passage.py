"""What lanes and corridors cost and carry in each period."""

from __future__ import annotations

from functools import cached_property
from math import inf
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from models.market import Lane, LaneTerms, Market


class Passage:
    """Freight and capacities of lanes and corridors by period; a lane that is not stated is free and has no bound."""

    def __init__(self, market: Market) -> None:
        """Read the lanes and corridors of a market, and what of them differs in a period."""
        self._market = market
        self._corridors = {corridor.corridor: corridor for corridor in market.corridors}
        self._shared = {name: corridor.capacity for name, corridor in self._corridors.items()}
        self._differing: dict[tuple[str, ...], LaneTerms] = {}
        for row in market.lane_terms:
            key = (row.corridor,) if row.corridor is not None else (row.origin or "", row.destination or "")
            self._differing[*key, row.period] = row
        self._own = {
            (lane.origin, lane.destination): lane.capacity for lane in market.lanes if lane.capacity is not None
        }
        differing = {key[:-1] for key, row in self._differing.items() if row.capacity is not None}
        shared = {(name,) for name, capacity in self._shared.items() if capacity is not None}
        self._bounded: set[tuple[str, ...]] = {*self._own, *differing, *shared}

    @cached_property
    def _lanes(self) -> dict[tuple[str, str], Lane]:
        """Lanes by (origin, destination)."""
        return {(lane.origin, lane.destination): lane for lane in self._market.lanes}

    def freight(self, origin: str, destination: str, period: str) -> float:
        """Return what a unit costs that leaves over a lane in a period, in currency."""
        lane, row = self._lanes.get((origin, destination)), self._differing.get((origin, destination, period))
        if lane is None:
            return 0.0
        stated = lane.freight if row is None or row.freight is None else row.freight
        return stated if lane.currency is None else stated * self._market.exchange.rate(lane.currency, period)

    def fixed_cost(self, origin: str, destination: str, period: str) -> float:
        """Return what it costs to use a lane in a period, in currency."""
        lane = self._lanes.get((origin, destination))
        return 0.0 if lane is None else lane.fixed_cost * self._market.exchange.rate(lane.currency, period)

    def corridor_fixed_cost(self, corridor: str, period: str) -> float:
        """Return what it costs to use a corridor in a period, in currency."""
        terms = self._corridors[corridor]
        return terms.fixed_cost * self._market.exchange.rate(terms.currency, period)

    def assumes_freight(self, lane: Lane, period: str) -> bool:
        """Whether the freight of a lane in a period is assumed and not known."""
        row = self._differing.get((lane.origin, lane.destination, period))
        return (lane if row is None or row.freight is None else row).assumes("freight")

    def capacity(self, origin: str, destination: str, period: str) -> float:
        """Return the units per year that a lane can carry by itself in a period; infinite where nothing bounds it."""
        row = self._differing.get((origin, destination, period))
        if row is not None and row.capacity is not None:
            return row.capacity
        return self._own.get((origin, destination), inf)

    def corridor_capacity(self, corridor: str, period: str) -> float:
        """Return the units per year that all lanes of a corridor can carry in a period; infinite without a bound."""
        row = self._differing.get((corridor, period))
        there = self._shared[corridor] if row is None or row.capacity is None else row.capacity
        return inf if there is None else there

    def is_bounded(self, origin: str, destination: str, corridor: str | None) -> bool:
        """Whether a capacity is stated of a lane or of the corridor that it is in, in any period."""
        return (origin, destination) in self._bounded or (corridor is not None and (corridor,) in self._bounded)

    def rate(self, origin: str, destination: str, corridor: str | None, period: str) -> float:
        """Return the units per year that a lane, and the corridor that it is in, can carry in a period."""
        own = self.capacity(origin, destination, period)
        return own if corridor is None else min(own, self.corridor_capacity(corridor, period))
