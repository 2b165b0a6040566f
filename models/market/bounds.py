r"""The most that can pass: bounds of flows, purchases and stock, cut to what demand and yields can use.

A stated capacity may say no more than "enough". Nothing is made of it (no big M, no scale, no tolerance) before it is
cut to what can pass, so that 1e6, 1e12 and no capacity at all mean the same.

Mathematics, for flow x_{ijt} of offer i, arriving in period a, bounded by the room of its lane and its corridor:

    x_{ijt}  <=  need_{ja} + K_{ja}        into a site, with K what it can keep of the material
    x_{ijt}  <=  Q_{ja} / yield_j          into an offer of the next stage
    Q_{it}    =  min(capacity_i years_t,  sum_j X_{ijt},  yield_i * (F_{it} + sum_h X_{hi}),  of what arrives in t)
    x_{ijt}  <=  Q_{it}

with F_{it} the feed that is under way to i when the horizon begins and arrives in t. Chains are ordered, so one pass
from the last stage to the first tells what can be used, one from the first to the last what can be had, and another
back to the first what is used of that. Then nothing changes any more: a bound of a feed that is cut to what its
processor can still take is not below what cut the processor.

**Stock.** What a site keeps is bounded by its capacity, and by what it has with all that can arrive. A surplus may be
wanted: it keeps a minimum take, it dilutes a share. Only of a `thrifty` material (`models.formulation.surplus` says
which are) is it never needed: then some cheapest plan keeps no more than what is needed later with the closing
minimum, or what is there at the opening if that is more.

*Proof.* Of the cheapest plans take one with the least stock, all periods added up, and suppose that it keeps more in
period t. Not all of it was there at the opening, so something arrived; let s be the last period up to t in which it
did. From s to t stock only falls, and after t no more than what is needed is drawn, so that from s on a little can be
missed in every period, and at the end as well. Take that little out of a flow that arrived in s, out of what is bought
for it, and so on to the start of its chain. No capacity, balance or contract is broken by less (there is no minimum,
commitment or ramp), no limit is (they are of the kinds that less keeps), and no cost is higher (no price is below zero,
and none falls for what is bought already). So the plan costs as little, and keeps less: it was not the one taken.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from itertools import compress, islice
from math import inf
from typing import TYPE_CHECKING, NamedTuple

from models.records.tolerances import SAME_SUM

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

FlowKey = tuple[str, str, str]
"""Origin, destination, period of leaving."""
Sale = tuple[str, str]
"""Offer and period."""


_TO_A_SITE = -1
"""As a place it is the last, so that what a site takes stands after what the offers take."""


class Leaving(NamedTuple):
    """What leaves of an offer over any lane with the same lead time."""

    offer: str
    after: int
    """Stages after that of the offer."""
    periods: tuple[str, ...]
    """Periods of leaving."""
    arrivals: tuple[str, ...]
    """Period of arrival of what leaves in each."""
    rooms: Sequence[float]
    """Most units that there are to sell in each."""
    sales: Sequence[int]
    """Where what is sold in each stands among the sales."""


class _Stage(NamedTuple):
    """The flows of offers with as many stages after theirs, lane by lane."""

    rooms: list[float]
    """Most units of each."""
    origins: list[int]
    """Where what a flow is bought of stands among the sales."""
    fed: list[int]
    """Where what a flow feeds stands among the sales."""


class Bounds:
    """Upper bounds of flows and of what is bought, cut by each other from end to end of their chains."""

    def __init__(
        self, available: Mapping[Sale, float], yields: Mapping[str, float], coming: Mapping[Sale, float]
    ) -> None:
        """Start from what offers have to sell, their yields, and the feed that comes anyway; `add` their lanes.

        What they have and what comes is by (offer, period).
        """
        self._sales, self._most = list(available), list(available.values())
        self._yields = [yields.get(offer, 0.0) for offer, _ in self._sales]
        self._place: dict[str, dict[str, int]] = defaultdict(dict)
        for place, (offer, period) in enumerate(self._sales):
            self._place[offer][period] = place
        self._coming = {
            self._place[offer][period]: units
            for (offer, period), units in coming.items()
            if (offer, period) in available
        }
        self._lanes: list[tuple[str, str, Sequence[str], Sequence[str], int]] = []
        """Origin, destination, periods of leaving and of arriving, stages after; a flow is of a lane in one period."""
        self._stages: dict[int, _Stage] = {}
        """By the number of stages after that of the origins."""
        self._sold: dict[int, set[int]] = {}
        """Places of sales, by the number of stages after theirs."""

    def leaving(
        self, offer: str, after: int, periods: tuple[str, ...], arrivals: tuple[str, ...], rooms: Sequence[float]
    ) -> Leaving:
        """Return what leaves of an offer with so many stages after it: periods, those of arrival, rooms [units]."""
        sales = self._place[offer]
        return Leaving(offer, after, periods, arrivals, rooms, [sales[period] for period in periods])

    def add(self, leaving: Leaving, destination: str, rooms: Sequence[float]) -> None:
        """Add a lane over which something leaves, with the room for it in each period [units]."""
        offer, after, periods, arrivals, _, sales = leaving
        takers = self._place.get(destination)
        if takers is None:
            fed = [_TO_A_SITE] * len(rooms)
        else:
            fed = [takers[period] for period in arrivals if period in takers]
            if len(fed) < len(rooms):
                can = [period in takers for period in arrivals]
                periods, arrivals = tuple(compress(periods, can)), tuple(compress(arrivals, can))
                rooms, sales = tuple(compress(rooms, can)), tuple(compress(sales, can))
        self._lanes.append((offer, destination, periods, arrivals, after))
        stage = self._stages.get(after) or self._stages.setdefault(after, _Stage([], [], []))
        stage.rooms.extend(rooms)
        stage.origins.extend(sales)
        stage.fed.extend(fed)

    def cut(self) -> None:
        """Cut bounds until none cuts another."""
        self._sold = {after: set(stage.origins) for after, stage in self._stages.items()}
        leading = set().union(*self._sold.values())
        self._most = [most if place in leading else 0.0 for place, most in enumerate(self._most)]
        self._to_what_is_used(0)
        self.wanted = dict(zip(self._sales, self._most, strict=True))
        """Most units that could be used, by (offer, period), if whatever feeds a processor were there."""
        if any(stage.rooms for stage in self._stages.values()) and self._to_what_is_had():
            self._to_what_is_used(1)
        self.quantities = dict(zip(self._sales, self._most, strict=True))
        """Most units that can be bought, by (offer, period)."""
        for stage in self._stages.values():
            stage.origins.clear()
            stage.fed.clear()
        self._sold.clear()
        self._place.clear()

    @cached_property
    def flows(self) -> dict[FlowKey, float]:
        """Most units that can move, of flows that can."""
        rooms = self._lane_by_lane()
        return {
            (origin, to, period): most
            for origin, to, periods, _, after in self._lanes
            for period, most in zip(periods, rooms[after], strict=False)
            if most > 0
        }

    @cached_property
    def arrival(self) -> dict[FlowKey, str]:
        """Period in which each flow arrives that can move."""
        rooms = self._lane_by_lane()
        found = (
            arrives
            for *_, arrivals, after in self._lanes
            for arrives, most in zip(arrivals, rooms[after], strict=False)
            if most > 0
        )
        return dict(zip(self.flows, found, strict=True))

    @cached_property
    def carrying(self) -> frozenset[tuple[str, str]]:
        """Lanes over which anything can move, by (origin, destination)."""
        rooms = self._lane_by_lane()
        most = ((origin, to, sum(islice(rooms[after], len(periods)))) for origin, to, periods, _, after in self._lanes)
        return frozenset((origin, to) for origin, to, room in most if room > 0)

    def _lane_by_lane(self) -> dict[int, Iterator[float]]:
        """Return the rooms of each stage to be taken as its lanes come."""
        return {after: iter(stage.rooms) for after, stage in self._stages.items()}

    def _to_what_is_used(self, first: int) -> None:
        """Cut feeds to what their processors take, and sales to what their lanes take, from a stage on to the mines.

        No flow is above its sale, and what a sale is cut to is a sum of flows: so it cuts none of them in turn.
        """
        most = self._most
        for after, (rooms, origins, fed) in sorted(self._stages.items()):
            if after < first:
                continue
            leaving = [0.0] * len(most)
            takes = [units / share if share else inf for units, share in zip(most, self._yields, strict=True)]
            takes.append(inf)  # where a flow to a site looks
            rooms[:] = [
                _cut(room, takes[taker]) if takes[taker] < room else room
                for room, taker in zip(rooms, fed, strict=True)
            ]
            for origin, room in zip(origins, rooms, strict=True):
                leaving[origin] += room
            for sale in self._sold[after]:
                most[sale] = _cut(most[sale], leaving[sale])

    def _to_what_is_had(self) -> bool:
        """Cut what processors sell to what their feed yields, towards the sites; return whether that cut anything."""
        most = self._most
        changed = False
        for after, (rooms, origins, _) in sorted(self._stages.items(), reverse=True):
            had = [0.0] * (len(most) + 1)
            for taker, units in self._coming.items():
                had[taker] = units
            before = self._stages.get(after + 1)
            for taker, room in zip(before.fed, before.rooms, strict=True) if before else ():
                had[taker] += room
            for sale in self._sold[after]:
                if self._yields[sale]:
                    sold, most[sale] = most[sale], _cut(most[sale], self._yields[sale] * had[sale])
                    changed = changed or most[sale] < sold
            if changed:
                rooms[:] = [
                    _cut(room, most[origin]) if most[origin] < room else room
                    for room, origin in zip(rooms, origins, strict=True)
                ]
        return changed


def _cut(bound: float, most: float) -> float:
    """Return a bound cut to another, unless that is less by a rounding only."""
    return most if most < bound * (1 - SAME_SUM) else bound
