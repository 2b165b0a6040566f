"""The ways that units can take: lanes with their costs, and the most that can pass in each period.

Pure facts, worked out once from a market: which flows exist at all, when they arrive, what a unit
costs on its way, and the upper bounds that capacities, demand and yields imply (`models.market.bounds`; they serve
as the "M" of every link, so that none is larger than it must be).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from models.market.borders import Borders
from models.market.bounds import Bounds
from models.market.minimum_takes import MinimumTakes

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from models.market import Corridor, Lane, Offer, PreparedMarket, Stock
    from models.market.borders import Pair
    from models.market.bounds import FlowKey, Leaving, Sale

    _Open = tuple[Leaving, str, str | None, Sequence[float]]


_OF_WAYS = (
    "borders",
    "corridors",
    "deliverable",
    "lanes",
    "minimum_takes",
    "_after",
    "_leaving_most",
    "_timely",
    "_widest",
)
"""What a network has worked out of its market that hangs on no demand."""


class Way(NamedTuple):
    """A lane as the program sees it, but for what differs by period (`Passage`): terms per period of use."""

    duty_rate: float
    """The sum of the rates of duties that hold on all days, on the customs value."""
    lags: tuple[int, ...]
    """How many periods later arrives what leaves in each."""
    fixed_cost: float
    minimum: float
    corridor: str | None

    @property
    def lead_time(self) -> int:
        """The most periods between leaving and arriving."""
        return max(self.lags)


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
        self._taken_in: dict[tuple[str, str, tuple[str, ...]], list[float]] = {}
        self._timely: dict[tuple[tuple[str, ...], tuple[int, ...]], tuple[tuple[str, ...], tuple[str, ...]]] = {}
        self._full = market.full_years
        self._open: list[_Open] | None = None
        """What `_list_open` yields, once it was asked for by a second market."""

    def beside(self, market: PreparedMarket, thrifty: Collection[str]) -> Network:
        """Return the network of a market that differs in how much is needed alone: its ways are the same."""
        other = Network(market, thrifty)
        vars(other).update({name: vars(self)[name] for name in _OF_WAYS if name in vars(self)})
        other._open = self._open or list(self._list_open(self._empty_bounds()))
        return other

    @cached_property
    def nodes(self) -> dict[tuple[str, str, str], float]:
        """Demand by (site, material, period), 0 where a site that needs or stores a material needs none."""
        pairs = dict.fromkeys((d.site, d.material) for d in self.market.demand if d.quantity > 0)
        pairs |= dict.fromkeys(self._stock)
        pairs |= dict.fromkeys((site, material) for site, material, _ in self.market.arriving_at_sites)
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
    def lanes(self) -> dict[Pair, Way]:
        """Every lane that is open on some day, by (origin, destination), in the order of names."""
        borders = self.borders
        closed = borders.closed
        ways = {}
        for lane in borders.lanes:
            pair = lane.origin, lane.destination
            if pair not in closed:
                ways[pair] = Way(
                    borders.duty_rate(*pair),
                    self.market.lags(lane),
                    lane.fixed_cost,
                    lane.minimum,
                    lane.corridor,
                )
        return {pair: ways[pair] for pair in sorted(ways)}

    @cached_property
    def borders(self) -> Borders:
        """What the law of borders says of each lane, open or closed."""
        return Borders(self.market, self.market.lanes or self._every_lane())

    def arrives(self, origin: str, destination: str, period: str) -> str | None:
        """Return the period in which arrives what leaves over a lane in another; None = after the last."""
        place = self._position[period]
        place += self.lanes[origin, destination].lags[place]
        return self._periods[place] if place < len(self._periods) else None

    def duty(self, origin: str, destination: str, leaves: str, arrives: str | None) -> float:
        """Return the duty on a unit that moves over a lane, in currency.

        On its value in the period in which it leaves, at the rates of that in which it arrives (None = after the last).
        """
        pair = origin, destination
        turning = self.borders.turning_rates.get(pair)
        rate = self.lanes[pair].duty_rate + (turning.get(arrives, 0.0) if turning and arrives else 0.0)
        return rate * self.market.customs_value(origin, leaves) if rate else 0.0

    def room(self, origin: str, destination: str, period: str) -> float:
        """Return the most that a lane can carry in a period by itself [units]: inf where nothing bounds it.

        That is its own capacity; where law closes it on some days, the open share of that and of what its offer has.
        """
        pair = origin, destination
        most = self.market.passage.capacity(*pair, period) * self.market.years[period]
        share = self.borders.open_shares.get(pair, {}).get(period)
        if share is None:
            return most
        return share * min(most, self.available.get((origin, period), 0.0)) if share else 0.0

    def least_of_lane(self, origin: str, destination: str, period: str) -> float:
        """Return the least that a lane carries in a period in which it is used [units]: fewer where law closes it."""
        pair = origin, destination
        rate = min(self.lanes[pair].minimum, self.market.passage.capacity(*pair, period))
        return rate * self.market.years[period] * self.borders.open_shares.get(pair, {}).get(period, 1.0)

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
        bounds = self._empty_bounds()
        for leaving, destination, material, rooms in self._open or self._list_open(bounds):
            if material is None:
                bounds.add(leaving, destination, rooms)
                continue
            taken = self._taken_by(destination, material, leaving.arrivals)
            bounds.add(leaving, destination, list(map(min, rooms, taken)))
        bounds.cut()
        return bounds

    def _empty_bounds(self) -> Bounds:
        yields = {o.offer: o.yield_ for o in self.market.offers if o.yield_ is not None}
        return Bounds(self._leaving_most, yields, self.market.arriving_feed)

    def _list_open(self, bounds: Bounds) -> Iterator[_Open]:
        """Yield every lane over which anything may move, be it needed or not.

        That is what leaves, where it goes, the material where that is a site, and the room for it in each period.
        """
        offers = self.market.offer
        found: dict[tuple[int, ...], Leaving] = {}
        """By lead times, of the offer that is looked at: lanes stand in the order of what they lead from."""
        offer = None
        for (origin, destination), way in self.lanes.items():
            if offer is None or offer.offer != origin:
                offer, found = offers[origin], {}
            taker = offers.get(destination)
            if taker is None or taker.yield_ is not None:
                leaving = found.get(way.lags)
                if leaving is None:
                    leaving = found[way.lags] = self._leaving(offer, way.lags, bounds)
                rooms = self._rooms_of(leaving, destination, way)
                yield leaving, destination, offer.material if taker is None else None, rooms

    def _leaving(self, offer: Offer, lags: tuple[int, ...], bounds: Bounds) -> Leaving:
        """Return when units of an offer can leave and arrive in time, and what there is to sell then."""
        periods, arrivals = self._in_time(tuple(self._full[offer.offer]), lags)
        after, available = self._after[offer.material, offer.stage], self.available
        rooms = [available[offer.offer, period] for period in periods]
        return bounds.leaving(offer.offer, after, periods, arrivals, rooms)

    def _in_time(self, periods: tuple[str, ...], lags: tuple[int, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return those of some periods in which units can leave and arrive in time, and when they arrive."""
        key = periods, lags
        if key not in self._timely:
            arrives = {period: place + lags[place] for period, place in self._position.items()}
            leave = tuple(period for period in periods if arrives[period] < len(arrives))
            self._timely[key] = leave, tuple(self._periods[arrives[period]] for period in leave)
        return self._timely[key]

    @cached_property
    def _after(self) -> dict[tuple[str, str], int]:
        """How many stages there are after a stage, by (material, stage)."""
        return {
            (material.material, stage): after
            for material in self.market.materials
            for after, stage in enumerate(reversed(material.stages))
        }

    def _rooms_of(self, leaving: Leaving, destination: str, way: Way) -> Sequence[float]:
        """Return the room for what leaves over a lane in each period: no more than there is to sell, in any case."""
        rooms, passage, years = leaving.rooms, self.market.passage, self.market.years
        if passage.is_bounded(leaving.offer, destination, way.corridor):
            rates = [passage.rate(leaving.offer, destination, way.corridor, period) for period in leaving.periods]
            rooms = [min(room, rate * years[p]) for room, rate, p in zip(rooms, rates, leaving.periods, strict=True)]
        shares = self.borders.open_shares
        if shares and (leaving.offer, destination) in shares:
            most = (self.room(leaving.offer, destination, period) for period in leaving.periods)
            rooms = list(map(min, rooms, most))
        return rooms

    @cached_property
    def _leaving_most(self) -> dict[tuple[str, str], float]:
        """Units that an offer has on days on which any of its lanes is open, by (offer, period)."""
        if not self.borders.groups:
            return self.available
        lanes = Counter(origin for origin, _ in self.lanes)
        most = dict(self.available)
        for (name, period), groups in self.borders.groups.items():
            share = min((group.share for group in groups if len(group.lanes) == lanes[name]), default=1.0)
            if (name, period) in most and share < 1:
                most[name, period] = share * most[name, period] if share else 0.0
        return most

    @cached_property
    def deliverable(self) -> frozenset[tuple[str, str]]:
        """(offer, period) pairs in which units could leave and still arrive within the horizon, needed or not."""
        ways = dict.fromkeys((origin, way.lags) for (origin, _), way in self.lanes.items())
        return frozenset(
            (origin, period)
            for origin, lags in ways
            for period in self._in_time(tuple(self._full[origin]), lags)[0]
            if self._widest.get((origin, period), 1.0) > 0
        )

    @cached_property
    def _widest(self) -> dict[tuple[str, str], float]:
        """Greatest open share of the lanes of an offer that arrive in time, by (offer, period) where law closes any."""
        some = {origin for origin, _ in self.borders.open_shares}
        widest: dict[tuple[str, str], float] = {}
        for (origin, destination), way in self.lanes.items() if some else ():
            if origin in some:
                shares = self.borders.open_shares.get((origin, destination), {})
                for place, period in enumerate(self._periods):
                    share = shares.get(period, 1.0) if place + way.lags[place] < len(self._periods) else 0.0
                    widest[origin, period] = max(share, widest.get((origin, period), 0.0))
        return widest

    @property
    def available(self) -> dict[tuple[str, str], float]:
        """Units that an offer has to sell, by (offer, period), in every period in which it can be bought.

        Infinite where no capacity is stated.
        """
        return self.market.available

    @cached_property
    def minimum_takes(self) -> MinimumTakes:
        """What must be taken of signed offers."""
        return MinimumTakes(self.market, self.deliverable, self._widest)

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
        for node, units in self.market.arriving_at_sites.items():
            arriving[node] += units
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

    def _taken_by(self, site: str, material: str, arrivals: tuple[str, ...]) -> list[float]:
        """Return the most that a site can take of a material in some periods."""
        key = site, material, arrivals
        if key not in self._taken_in:
            stock = self._stock.get((site, material))
            useful = dict(zip(self._periods, self._useful(stock), strict=True)) if stock else {}
            needs = [self.nodes.get((site, material, period)) for period in arrivals]
            self._taken_in[key] = [
                0.0 if need is None else need + useful.get(period, 0.0)
                for need, period in zip(needs, arrivals, strict=True)
            ]
        return self._taken_in[key]

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
