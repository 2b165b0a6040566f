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
wanted: it keeps a minimum take, it dilutes a share. Only of a `thrifty` material (`models.surplus` says which are) is
it never needed: then some cheapest plan keeps no more than what is needed later with the closing minimum, or what is
there at the opening if that is more.

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
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

FlowKey = tuple[str, str, str]
"""Origin, destination, period of leaving."""
Sale = tuple[str, str]
"""Offer and period."""

_ROUNDING = 1e-12
"""Share of a bound by which it is not cut: ``0.7 * (100 / 0.7)`` is not less than 100."""


class Bounds:
    """Upper bounds of flows and of what is bought, cut by each other from end to end of their chains."""

    def __init__(
        self,
        flows: Iterable[tuple[int, FlowKey, float, Sale | None]],
        quantities: Mapping[Sale, float],
        yields: Mapping[str, float],
    ) -> None:
        """Cut bounds until none cuts another.

        A flow is told with the number of stages that follow that of its origin, its room [units] and, if it feeds an
        offer, which in what period; `quantities` are what offers have to sell, `yields` those of processors.
        """
        self.flows: dict[FlowKey, float] = {}
        """Most units that can move."""
        self.quantities = dict(quantities)
        """Most units that can be bought."""
        self._yields = yields
        self._feeds: dict[FlowKey, Sale] = {}
        self._stages: dict[int, list[FlowKey]] = defaultdict(list)
        self._sales: dict[int, dict[Sale, None]] = defaultdict(dict)
        for after, key, room, fed in flows:
            self.flows[key] = room
            self._stages[after].append(key)
            self._sales[after][key[0], key[2]] = None
            if fed is not None:
                self._feeds[key] = fed
        leading = {sale for sales in self._sales.values() for sale in sales}
        self.quantities |= dict.fromkeys(self.quantities.keys() - leading, 0.0)
        self._to_what_is_used(min(self._stages, default=0))
        self.wanted = dict(self.quantities)
        """Most units that could be used, if whatever feeds them were there."""
        if self._feeds and self._to_what_is_had():
            self._to_what_is_used(1)

    def _to_what_is_used(self, first: int) -> None:
        """Cut what is bought to what its lanes take, and flows to that, from a stage on towards the mines."""
        flows, quantities, feeds, yields = self.flows, self.quantities, self._feeds, self._yields
        for after in sorted(after for after in self._stages if after >= first):
            leaving = dict.fromkeys(self._sales[after], 0.0)
            for key in self._stages[after]:
                fed = feeds.get(key)
                if fed is not None:
                    flows[key] = _cut(flows[key], quantities.get(fed, 0.0) / yields[fed[0]])
                leaving[key[0], key[2]] += flows[key]
            for sale, units in leaving.items():
                quantities[sale] = _cut(quantities[sale], units)
            self._follow(after)

    def _to_what_is_had(self) -> bool:
        """Cut what processors sell to what their feed yields, towards the sites; return whether that cut anything."""
        cut = False
        for after in sorted(self._stages, reverse=True):
            fed: dict[Sale, float] = defaultdict(float)
            for key in self._stages.get(after + 1, ()):
                if key in self._feeds:
                    fed[self._feeds[key]] += self.flows[key]
            changed = False
            for sale in self._sales[after]:
                if sale[0] in self._yields:
                    most = _cut(self.quantities[sale], self._yields[sale[0]] * fed[sale])
                    changed = changed or most < self.quantities[sale]
                    self.quantities[sale] = most
            if changed:
                self._follow(after)
                cut = True
        return cut

    def _follow(self, after: int) -> None:
        """Cut every flow of a stage to what is bought of its origin."""
        for key in self._stages[after]:
            self.flows[key] = _cut(self.flows[key], self.quantities[key[0], key[2]])


def _cut(bound: float, most: float) -> float:
    """Return a bound cut to another, unless that is less by a rounding only."""
    return most if most < bound * (1 - _ROUNDING) else bound
