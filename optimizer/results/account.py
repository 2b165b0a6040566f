"""A plan accounted for: quantities, stages and costs recomputed from its numbers and the market alone.

Nothing here knows Pyomo or a solver. Audit and reports read accounts; what a model says about the
same plan never enters.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from functools import cached_property
from importlib import import_module
from typing import TYPE_CHECKING, Any

from models.market.exposure import Exposure
from models.market.network import Network
from models.market.price_schedule import list_counted
from models.records.tolerances import RESIDUE, ROUNDING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from models.limits import Limit, Reading
    from models.market import PreparedMarket
    from models.market.losses import Trial
    from optimizer.results.plan import Plan

CostKey = tuple[str, str]


class Account:
    """The books of one plan in one market (whose figures are in its materials' own bases)."""

    settled: frozenset[tuple[str, str]] = frozenset()
    """Nothing is taken as known: what passes a stage is counted."""

    def __init__(self, market: PreparedMarket, limits: tuple[Limit, ...], plan: Plan) -> None:
        """Open the books; everything is worked out when it is first asked for."""
        self.market = market
        self.limits = limits
        self.plan = plan
        self.exposure = Exposure(market)
        self.network = Network(market)

    @cached_property
    def flow(self) -> dict[tuple[str, str, str], float]:
        """Units moved, by (origin, destination, period of leaving), 0 for every flow that the plan does not name."""
        return dict.fromkeys(self.network.flows, 0.0) | self.plan.flow

    @cached_property
    def quantity(self) -> dict[tuple[str, str], float]:
        """Units bought, by (offer, period), 0 for every period in which an offer can be bought."""
        bought = {(o.offer, period): 0.0 for o in self.market.offers for period in self.market.window(o)}
        for (origin, _, period), units in self.plan.flow.items():
            bought[origin, period] = bought.get((origin, period), 0.0) + units
        return bought

    @property
    def signed(self) -> dict[str, bool]:
        """Whether the contract of an offer is signed, by offer, where that is a decision."""
        return self.plan.signed

    @property
    def reserved(self) -> dict[str, float]:
        """Capacity that is reserved for responses [units per year], by offer of which any is."""
        return self.plan.reserved

    def reservation_cost(self, offer: str) -> float:
        """Return what is paid for the capacity that is reserved of an offer [currency]."""
        years = sum(self.market.full_years[offer].values())
        return self.market.reservation_price(offer) * self.reserved.get(offer, 0.0) * years

    @cached_property
    def arriving(self) -> dict[tuple[str, str], float]:
        """Units that arrive of what is bought, by (offer, period), of offers whose worth depends on where they go."""
        return self.exposure.worth.arriving(self.flow)

    @cached_property
    def supplied(self) -> dict[tuple[str, str, str], float]:
        """Units that arrive of what passes a stage, by (material, stage, period)."""
        return self.exposure.supply(self)

    @cached_property
    def stock(self) -> dict[tuple[str, str, str], float]:
        """Units in stock at the end of the period, by (site, material, period), where there is room for them."""
        room = [(s.site, s.material, period) for s in self.market.stock for period in self.market.years]
        return dict.fromkeys(room, 0.0) | self.plan.stock

    @cached_property
    def arrived(self) -> dict[tuple[str, str, str], float]:
        """Units that arrive, by (destination, material, period of arrival): bought, or under way at the beginning."""
        totals = defaultdict(float, self.market.arriving_anyway)
        for key, units in self.plan.flow.items():
            origin, destination, _ = key
            arrives = self.network.arrives(*key)
            if arrives is not None:
                totals[destination, self.market.offer[origin].material, arrives] += units
        return totals

    @cached_property
    def spent(self) -> dict[str, dict[str, list[tuple[float, float]]]]:
        """Price and units of each tier, by offer, then by period."""
        spent: dict[str, dict[str, list[tuple[float, float]]]] = defaultdict(dict)
        for (name, period), units in self.quantity.items():
            spent[name][period] = [(self.market.price(name, period), units)]
        for counted in list_counted(self.market) if self.market.tiers else ():
            spent[counted.offer] |= counted.spend(self.quantity, RESIDUE)
        return dict(spent)

    @cached_property
    def costs_by_material(self) -> dict[CostKey, float]:
        """Currency by (name of cost, material); penalties and corridors belong to no material."""
        totals: dict[CostKey, float] = defaultdict(float)
        self._unit_costs(totals)
        self._fixed_costs(totals)
        for stock in self.market.stock:
            for period, years in self.market.years.items():
                units = self.plan.stock.get((stock.site, stock.material, period), 0.0)
                totals["holding", stock.material] += self.market.holding_cost(stock, period) * years * units
        for node, units in self.plan.unmet.items():
            totals["shortage", node[1]] += (self.market.shortage_cost(*node) or 0.0) * units
        return {key: cost for key, cost in totals.items() if cost}

    @cached_property
    def landed(self) -> dict[str, tuple[float, float]]:
        """Units that arrive at the sites, and all that they cost up to there [currency], by material that arrives.

        Through the whole chain: metal, processing, freight, duties, fixed and other costs of the material; without
        what is unmet, and without penalties and corridors, which belong to no material.
        """
        arrived: dict[str, float] = defaultdict(float)
        for (destination, material, period), units in self.arrived.items():
            bought = units - self.market.arriving_anyway.get((destination, material, period), 0.0)
            arrived[material] += bought if destination in self.market.site else 0.0
        spent: dict[str, float] = defaultdict(float)
        for (name, material), cost in self.costs_by_material.items():
            spent[material] += cost if name != "shortage" else 0.0
        return {name: (arrived[name], spent[name]) for name in self.market.material if arrived[name] > 0}

    @cached_property
    def costs(self) -> dict[str, float]:
        """Currency by name of cost, without penalties."""
        totals: dict[str, float] = defaultdict(float)
        for (name, _), cost in self.costs_by_material.items():
            totals[name] += cost
        return dict(totals)

    def find_unmet(self, asked: Sequence[tuple[Trial, Mapping[str, float]]]) -> list[dict[str, float]]:
        """Return what stays unmet in the best response to each loss, as little beyond what may be as can be [quantity].

        Raises:
            SolverFailure: the solver does not find it.
        """
        found: list[dict[str, float]] = self._responses.find_unmet(asked)
        return found

    @cached_property
    def _responses(self) -> Any:
        """What answers losses; by name, as that takes a solver, and books are kept without one."""
        return import_module("optimizer.programs.answering").PlanResponses(self)

    @cached_property
    def readings(self) -> list[tuple[Limit, Reading]]:
        """Every limit recounted, row by row."""
        return [(limit, reading) for limit in self.limits for reading in self._read(limit)]

    @cached_property
    def soft_readings(self) -> list[tuple[Limit, Reading]]:
        """The limits that may be broken at a penalty recounted, and no others: all of them take far longer."""
        return [(limit, reading) for limit in self.limits if limit.penalty is not None for reading in self._read(limit)]

    def _read(self, limit: Limit) -> Iterator[Reading]:
        """Yield the rows of a limit recounted; one that is broken by rounding alone holds."""
        for reading in limit.recount(self):
            is_none = 0 < reading.excess <= ROUNDING * limit.size(reading.key, self.market)
            yield replace(reading, excess=0.0) if is_none else reading

    @cached_property
    def penalty(self) -> float:
        """Currency for what soft limits give."""
        return sum((limit.penalty or 0.0) * reading.excess for limit, reading in self.soft_readings)

    @cached_property
    def total(self) -> float:
        """All costs and penalties."""
        return sum(self.costs.values()) + self.penalty

    def _unit_costs(self, totals: dict[CostKey, float]) -> None:
        for name, by_period in self.spent.items():
            offer = self.market.offer[name]
            kind = "purchases" if offer.yield_ is None else "processing"
            for terms in by_period.values():
                totals[kind, offer.material] += sum(price * units for price, units in terms)
        for (origin, destination, period), units in self.plan.flow.items():
            material = self.market.offer[origin].material
            totals["freight", material] += self.market.passage.freight(origin, destination, period) * units
            arrives = self.network.arrives(origin, destination, period)
            totals["duty", material] += self.network.duty(origin, destination, period, arrives) * units

    def _fixed_costs(self, totals: dict[CostKey, float]) -> None:
        for offer in self.market.offers:
            signed = self.plan.signed.get(offer.offer, False)
            totals["fixed", offer.material] += self.market.fixed_cost(offer.offer) * signed
            totals["opening", offer.material] += self.market.opening_cost(offer.offer) * signed
            if offer.switching_cost and signed != bool(offer.incumbent_quantity):
                totals["switching", offer.material] += self.market.switching_cost(offer.offer)
            if self.reserved.get(offer.offer):
                totals["reservation", offer.material] += self.reservation_cost(offer.offer)
        for (name, period), units in self.quantity.items():
            if units > 0:
                totals["fixed", self.market.offer[name].material] += self.market.fixed_cost_per_period(name, period)
        corridors: dict[tuple[str, str], None] = {}
        for (origin, destination, period), units in self.plan.flow.items():
            way = self.network.lanes[origin, destination]
            if units > 0:
                fixed = self.market.passage.fixed_cost(origin, destination, period)
                totals["fixed", self.market.offer[origin].material] += fixed
                if way.corridor is not None:
                    corridors[way.corridor, period] = None
        for key in corridors:
            totals["fixed", ""] += self.market.passage.corridor_fixed_cost(*key)
