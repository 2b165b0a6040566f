"""The ways that units can take: lanes with their costs, and the most that can pass in each period.

Pure facts, worked out once from a market: which flows exist at all, when they arrive, what a unit
costs on its way, and the upper bounds that capacities, demand and yields imply (`models.market.bounds`; they serve
as the "M" of every link, so that none is larger than it must be).
"""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from math import inf
from typing import TYPE_CHECKING, NamedTuple

from models.market.bounds import Bounds

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from models.market import Control, Corridor, Lane, Offer, PreparedMarket, Stock
    from models.market.bounds import FlowKey, Sale

_MOST_NAMED = 3
"""Closed ways that a sentence names."""


class Way(NamedTuple):
    """A lane as the program sees it: money per unit and terms per period of use."""

    freight: float
    duty: float
    """Currency per unit: the sum of duty rates times the customs value."""
    capacity: float | None
    lead_time: int
    fixed_cost: float
    minimum: float
    corridor: str | None


class Network:
    """Nodes, lanes, flows and their bounds, by name."""

    def __init__(self, market: PreparedMarket, thrifty: Collection[str] = ()) -> None:
        """Work on a market whose figures are in its materials' own bases.

        Of `thrifty` materials no more is stored than is needed later (`models.market.bounds` says why that is safe).
        """
        self.market = market
        self._thrifty = thrifty
        self._periods = list(market.years)
        self._position = {period: i for i, period in enumerate(self._periods)}
        self._stock = {(s.site, s.material): s for s in market.stock}
        self._rooms: dict[tuple[str, str], dict[str, float]] = {}
        self._leavings: dict[tuple[str, int], tuple[Sequence[str], Sequence[float], Sequence[str]]] = {}
        self._full = market.full_years

    @cached_property
    def nodes(self) -> dict[tuple[str, str, str], float]:
        """Demand by (site, material, period), 0 where a site that needs or stores a material needs none."""
        pairs = dict.fromkeys((d.site, d.material) for d in self.market.demand if d.quantity > 0)
        pairs |= dict.fromkeys(self._stock)
        needed = self.market.needed
        return {
            (site, material, period): needed.get((site, material, period), 0.0)
            for site, material in sorted(pairs)
            for period in self._periods
        }

    @cached_property
    def corridors(self) -> dict[str, Corridor]:
        """Corridors by name."""
        return {corridor.corridor: corridor for corridor in self.market.corridors}

    @cached_property
    def lanes(self) -> dict[tuple[str, str], Way]:
        """Every lane that is open, by (origin, destination), in the order of names."""
        rates, closed = self._duty_rates(), self.closed
        ways = {}
        for lane in self._stated:
            pair = lane.origin, lane.destination
            if pair not in closed:
                ways[pair] = Way(
                    lane.freight,
                    self._duty(*pair, rates) if rates else 0.0,
                    lane.capacity,
                    lane.lead_time,
                    lane.fixed_cost,
                    lane.minimum,
                    lane.corridor,
                )
        return dict(sorted(ways.items()))

    @cached_property
    def closed(self) -> dict[tuple[str, str], Control]:
        """Lanes that a control in force closes, by (origin, destination)."""
        closing = {pair: [c for c in controls if c.effect == "closed"] for pair, controls in self._controlled.items()}
        return {pair: controls[0] for pair, controls in closing.items() if controls}

    def describe_closed(self, ways: Sequence[tuple[str, str]]) -> str:
        """Name the controls that close ways, as the end of a sentence about what cannot come."""
        if not ways:
            return ""
        names = list(dict.fromkeys(self.closed[way].control for way in ways))
        shown = ", ".join(f"{origin} to {destination}" for origin, destination in ways[:_MOST_NAMED])
        more = f" and {len(ways) - _MOST_NAMED} more ways" if len(ways) > _MOST_NAMED else ""
        what = f"the control {names[0]} closes" if len(names) == 1 else f"the controls {' and '.join(names)} close"
        return f"; {what} {shown}{more}"

    @cached_property
    def licences(self) -> dict[tuple[str, str], tuple[str, ...]]:
        """Names of the licences that an open lane needs, by (origin, destination)."""
        return {
            pair: tuple(dict.fromkeys(control.control for control in controls))
            for pair, controls in self._controlled.items()
            if pair not in self.closed
        }

    @cached_property
    def _controlled(self) -> dict[tuple[str, str], list[Control]]:
        """Controls in force that a lane meets, in the order of the table; none for lanes inside a country."""
        meant: dict[tuple[str, str, str], list[Control]] = defaultdict(list)
        for control in self.market.controls:
            if control.holds(self.market.as_of):
                meant[control.material, control.stage, control.from_country].append(control)
        met = {}
        for lane in self._stated if meant else ():
            offer, abroad = self.market.offer[lane.origin], self._country[lane.destination]
            controls = meant.get((offer.material, offer.stage, offer.country), ())
            here = [c for c in controls if abroad != offer.country and c.to_country in {None, abroad}]
            if here:
                met[lane.origin, lane.destination] = here
        return met

    @cached_property
    def _country(self) -> dict[str, str]:
        """Where offers and sites stand."""
        return {o.offer: o.country for o in self.market.offers} | {s.site: s.country for s in self.market.sites}

    @cached_property
    def _stated(self) -> Sequence[Lane]:
        """The lanes of the instance, open or closed."""
        return self.market.lanes or self._every_lane()

    @property
    def flows(self) -> dict[FlowKey, float]:
        """Most units that can move, by (origin, destination, period of leaving); none that cannot move."""
        return self._bounds.flows

    @property
    def carrying(self) -> frozenset[tuple[str, str]]:
        """Lanes over which anything can move, by (origin, destination)."""
        return self._bounds.carrying

    @property
    def arrival(self) -> dict[FlowKey, str]:
        """Period of arrival of each flow."""
        return self._bounds.arrival

    @cached_property
    def _bounds(self) -> Bounds:
        yields = {offer.offer: offer.yield_ for offer in self.market.offers if offer.yield_ is not None}
        chain = {m.material: tuple(reversed(m.stages)) for m in self.market.materials}
        bounds, offers = Bounds(self.available, yields), self.market.offer
        for (origin, destination), way in self.lanes.items():
            offer = offers[origin]
            if destination in yields or destination not in offers:
                after = chain[offer.material].index(offer.stage)
                bounds.add(after, origin, destination, *self._rooms_of(offer, destination, way))
        self._leavings.clear()
        bounds.cut()
        return bounds

    def _rooms_of(
        self, offer: Offer, destination: str, way: Way
    ) -> tuple[Sequence[str], Sequence[float], Sequence[str]]:
        """Return the periods in which units can leave, the room there is for them in each, and when they arrive."""
        periods, rooms, arrivals = self._leaving(offer, way.lead_time)
        rate = inf if way.capacity is None else way.capacity
        shared = self.corridors[way.corridor].capacity if way.corridor else None
        if shared is not None:
            rate = min(rate, shared)
        if rate < inf:
            rooms = [min(room, rate * self.market.years[period]) for room, period in zip(rooms, periods, strict=True)]
        if destination not in self.market.offer:
            taken = self._room(offer.material, destination)
            rooms = [min(room, taken[period]) for room, period in zip(rooms, arrivals, strict=True)]
        return periods, rooms, arrivals

    def _leaving(self, offer: Offer, lead_time: int) -> tuple[Sequence[str], Sequence[float], Sequence[str]]:
        """Return when units can leave and arrive in time, what there is to sell then, and when they arrive."""
        found = self._leavings.get((offer.offer, lead_time))
        if found is None:
            full, last = self._full[offer.offer], len(self._periods) - lead_time
            periods = [period for period in full if self._position[period] < last]
            arrivals = (
                [self._periods[self._position[period] + lead_time] for period in periods] if lead_time else periods
            )
            found = self._leavings[offer.offer, lead_time] = (
                periods,
                [offer.most * full[period] for period in periods],
                arrivals,
            )
        return found

    @cached_property
    def deliverable(self) -> frozenset[tuple[str, str]]:
        """(offer, period) pairs in which units could leave and still arrive within the horizon, needed or not."""
        soonest: dict[str, int] = {}
        for (origin, _), way in self.lanes.items():
            if way.lead_time < soonest.get(origin, inf):
                soonest[origin] = way.lead_time
        position, last = self._position, len(self._periods)
        return frozenset(
            (origin, period)
            for origin, lead_time in soonest.items()
            for period in self._full[origin]
            if position[period] + lead_time < last
        )

    @cached_property
    def available(self) -> dict[tuple[str, str], float]:
        """Units that an offer has to sell, by (offer, period), in every period in which it can be bought.

        Infinite where no capacity is stated.
        """
        most = {offer.offer: offer.most for offer in self.market.offers}
        return {(name, p): most[name] * years for name, full in self._full.items() for p, years in full.items()}

    @cached_property
    def least(self) -> dict[tuple[str, str], float]:
        """Units that must be taken of a signed offer, by (offer, period): of what ramps up, no more than there is."""
        takes = {offer.offer: offer.minimum_take for offer in self.market.offers if offer.minimum_take}
        return {
            (name, period): self._taken(name, period, takes[name])
            for name, period in self.available
            if name in takes and (name, period) in self.deliverable
        }

    def _taken(self, name: str, period: str, rate: float) -> float:
        years = self.market.years[period]
        ramping = self._full[name][period] < years
        return min(rate * years, self.available[name, period]) if ramping else rate * years

    @property
    def committed(self) -> dict[tuple[str, str], float]:
        """Units that are bought in any case, by (offer, period)."""
        return {(record.offer, record.period): record.quantity for record in self.market.commitments}

    @property
    def quantities(self) -> dict[Sale, float]:
        """Most units that can be bought, by (offer, period): no more than can be had, carried and used."""
        return self._bounds.quantities

    @property
    def wanted(self) -> dict[Sale, float]:
        """Most units that could be used, by (offer, period), if whatever feeds a processor were there."""
        return self._bounds.wanted

    @cached_property
    def kept(self) -> dict[tuple[str, str, str], float]:
        """Most units that can be in stock at the end of a period, by (site, material, period)."""
        arriving: dict[tuple[str, str, str], float] = defaultdict(float)
        for key, most in self.flows.items() if self._stock else ():
            arriving[key[1], self.market.offer[key[0]].material, self.arrival[key]] += most
        kept = {}
        for (site, material), stock in self._stock.items():
            most = stock.opening
            for period, useful in zip(self._periods, self._useful(stock), strict=True):
                most = min(useful, most + arriving[site, material, period])
                kept[site, material, period] = most
            kept[site, material, self._periods[-1]] = max(most, stock.closing_minimum)
        return kept

    def _useful(self, stock: Stock) -> list[float]:
        """Return the most that a stock can be of use for at the end of each period."""
        if stock.material not in self._thrifty:
            return [stock.capacity] * len(self._periods)
        later, useful = stock.closing_minimum, []
        for period in reversed(self._periods):
            useful.append(min(stock.capacity, max(stock.opening, later)))
            later += self.nodes[stock.site, stock.material, period]
        return useful[::-1]

    def _room(self, material: str, site: str) -> dict[str, float]:
        """Return the most that a site can take of a material, by period."""
        if (material, site) not in self._rooms:
            stock = self._stock.get((site, material))
            useful = self._useful(stock) if stock else [0.0] * len(self._periods)
            needs = [self.nodes.get((site, material, period)) for period in self._periods]
            room = [0.0 if need is None else need + more for need, more in zip(needs, useful, strict=True)]
            self._rooms[material, site] = dict(zip(self._periods, room, strict=True))
        return self._rooms[material, site]

    def _every_lane(self) -> list[Lane]:
        """Return the lanes of an instance that states none: every next node, at no extra cost."""
        from models.market import Lane  # noqa: PLC0415 (only an instance without lanes needs it)

        feeding: dict[tuple[str, str], list[str]] = defaultdict(list)
        for offer in self.market.offers:
            stages = self.market.material[offer.material].stages
            position = stages.index(offer.stage)
            if offer.yield_ is not None:
                feeding[offer.material, stages[position - 1]].append(offer.offer)
        for site, material in dict.fromkeys((site, material) for site, material, _ in self.nodes):
            feeding[material, self.market.material[material].stages[-1]].append(site)
        return [
            Lane(origin=offer.offer, destination=node)
            for offer in self.market.offers
            for node in feeding[offer.material, offer.stage]
        ]

    def _duty(self, origin: str, destination: str, rates: Mapping[tuple[str, str, str | None, str], float]) -> float:
        """Return the duty on a unit that moves over a lane, in currency."""
        offer, abroad = self.market.offer[origin], self._country[destination]
        rate = rates.get((offer.material, offer.stage, offer.country, abroad), 0.0)
        if offer.country != abroad:
            rate += rates.get((offer.material, offer.stage, None, abroad), 0.0)
        return rate * max(offer.price if offer.customs_value is None else offer.customs_value, 0.0)

    def _duty_rates(self) -> dict[tuple[str, str, str | None, str], float]:
        rates: dict[tuple[str, str, str | None, str], float] = defaultdict(float)
        for duty in self.market.duties:
            if duty.holds(self.market.as_of):
                rates[duty.material, duty.stage, duty.from_country, duty.to_country] += duty.rate
        return rates
