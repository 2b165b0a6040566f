r"""The most that can pass: bounds of flows, purchases and stock, cut to what demand and yields can use.

A stated capacity may say no more than "enough". Nothing is made of it (no big M, no scale, no tolerance) before it is
cut to what can pass, so that 1e6, 1e12 and no capacity at all mean the same.

Mathematics, for flow x_{ijt} of offer i, arriving in period a, bounded by the room of its lane and its corridor:

    x_{ijt}  <=  need_{ja} + K_{ja}        into a site, with K what it can keep of the material
    x_{ijt}  <=  Q_{ja} / yield_j          into an offer of the next stage
    Q_{it}    =  min(capacity_i years_t,  sum_j X_{ijt},  yield_i * sum_h X_{hi},  of what arrives in t)
    x_{ijt}  <=  Q_{it}

Chains are ordered, so one pass from the last stage to the first tells what can be used, one from the first to the last
what can be had, and another back to the first what is used of that. Then nothing changes any more: a bound of a feed
that is cut to what its processor can still take is not below what cut the processor.

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
from itertools import chain, islice
from math import inf
from typing import TYPE_CHECKING

from models.records.tolerances import SAME_SUM

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

FlowKey = tuple[str, str, str]
"""Origin, destination, period of leaving."""
Sale = tuple[str, str]
"""Offer and period."""


_TO_A_SITE = -1
"""As a place it is the last, so that what a site takes stands after what the offers take."""


class Bounds:
    """Upper bounds of flows and of what is bought, cut by each other from end to end of their chains."""

    def __init__(self, available: Mapping[Sale, float], yields: Mapping[str, float]) -> None:
        """Start from what offers have to sell, by (offer, period), and the yields of processors; `add` their lanes."""
        self._sales, self._most = list(available), list(available.values())
        self._yields = [yields.get(offer, 0.0) for offer, _ in self._sales]
        self._place: dict[str, dict[str, int]] = defaultdict(dict)
        for place, (offer, period) in enumerate(self._sales):
            self._place[offer][period] = place
        self._lanes: list[tuple[str, str, Sequence[str], Sequence[str]]] = []
        """Origin, destination, periods of leaving and of arriving; a flow is one of a lane in one period."""
        self._rooms: list[float] = []
        """Of each flow, lane by lane."""
        self._origins: list[int] = []
        """Where what a flow is bought of stands among the sales."""
        self._fed: list[int] = []
        """Where what a flow feeds stands among the sales."""
        self._stages: dict[int, list[range]] = defaultdict(list)
        """The flows of each lane, by the number of stages after that of its origin."""
        self._sold: dict[int, set[int]] = {}
        """Places of sales, by the number of stages after theirs."""

    def add(  # noqa: PLR0913 (a lane, and what differs from period to period)
        self,
        after: int,
        origin: str,
        destination: str,
        periods: Sequence[str],
        rooms: Sequence[float],
        arrivals: Sequence[str],
    ) -> None:
        """Add a lane from an offer with so many stages after it: periods of leaving, rooms [units], of arriving."""
        sales, fed = self._place[origin], self._place.get(destination)
        if fed is not None and not all(map(fed.__contains__, arrivals)):
            can = [found for found in zip(periods, rooms, arrivals, strict=True) if found[2] in fed]
            periods, rooms, arrivals = zip(*can, strict=True) if can else ((), (), ())
        start = len(self._rooms)
        self._lanes.append((origin, destination, periods, arrivals))
        self._rooms += rooms
        self._origins += [sales[period] for period in periods]
        self._fed += [_TO_A_SITE] * len(rooms) if fed is None else [fed[arrives] for arrives in arrivals]
        self._stages[after].append(range(start, len(self._rooms)))

    def cut(self) -> None:
        """Cut bounds until none cuts another."""
        self._sold = {after: {self._origins[flow] for flow in self._flows_of(after)} for after in self._stages}
        leading = set().union(*self._sold.values())
        self._most = [most if place in leading else 0.0 for place, most in enumerate(self._most)]
        self._to_what_is_used(0)
        self.wanted = dict(zip(self._sales, self._most, strict=True))
        """Most units that could be used, by (offer, period), if whatever feeds a processor were there."""
        if any(self._stages) and self._to_what_is_had():
            self._to_what_is_used(1)
        self.quantities = dict(zip(self._sales, self._most, strict=True))
        """Most units that can be bought, by (offer, period)."""
        for done in (self._stages, self._sold, self._origins, self._fed, self._place):
            done.clear()

    @cached_property
    def flows(self) -> dict[FlowKey, float]:
        """Most units that can move, of flows that can."""
        keys = ((origin, to, period) for origin, to, periods, _ in self._lanes for period in periods)
        return {key: most for key, most in zip(keys, self._rooms, strict=True) if most > 0}

    @cached_property
    def arrival(self) -> dict[FlowKey, str]:
        """Period in which each flow arrives that can move."""
        arrivals = chain.from_iterable(arrivals for *_, arrivals in self._lanes)
        found = zip(arrivals, self._rooms, strict=True)
        return dict(zip(self.flows, (arrives for arrives, most in found if most > 0), strict=True))

    @cached_property
    def carrying(self) -> frozenset[tuple[str, str]]:
        """Lanes over which anything can move, by (origin, destination)."""
        rooms = iter(self._rooms)
        most = ((origin, to, max(islice(rooms, len(periods)), default=0.0)) for origin, to, periods, _ in self._lanes)
        return frozenset((origin, to) for origin, to, room in most if room > 0)

    def _to_what_is_used(self, first: int) -> None:
        """Cut feeds to what their processors take, and sales to what their lanes take, from a stage on to the mines.

        No flow is above its sale, and what a sale is cut to is a sum of flows: so it cuts none of them in turn.
        """
        rooms, most, origins, fed = self._rooms, self._most, self._origins, self._fed
        for after in sorted(after for after in self._stages if after >= first):
            leaving = [0.0] * len(most)
            takes = [units / share if share else inf for units, share in zip(most, self._yields, strict=True)]
            takes.append(inf)  # where a flow to a site looks
            for flow in self._flows_of(after):
                room = rooms[flow]
                if takes[fed[flow]] < room:
                    room = rooms[flow] = _cut(room, takes[fed[flow]])
                leaving[origins[flow]] += room
            for sale in self._sold[after]:
                most[sale] = _cut(most[sale], leaving[sale])

    def _to_what_is_had(self) -> bool:
        """Cut what processors sell to what their feed yields, towards the sites; return whether that cut anything."""
        rooms, most, origins, fed = self._rooms, self._most, self._origins, self._fed
        changed = False
        for after in sorted(self._stages, reverse=True):
            had = [0.0] * len(most)
            for flow in self._flows_of(after + 1):
                had[fed[flow]] += rooms[flow]
            for sale in self._sold[after]:
                if self._yields[sale]:
                    before, most[sale] = most[sale], _cut(most[sale], self._yields[sale] * had[sale])
                    changed = changed or most[sale] < before
            for flow in self._flows_of(after) if changed else ():
                if most[origins[flow]] < rooms[flow]:
                    rooms[flow] = _cut(rooms[flow], most[origins[flow]])
        return changed

    def _flows_of(self, after: int) -> Iterator[int]:
        return chain.from_iterable(self._stages.get(after, ()))


def _cut(bound: float, most: float) -> float:
    """Return a bound cut to another, unless that is less by a rounding only."""
    return most if most < bound * (1 - SAME_SUM) else bound
