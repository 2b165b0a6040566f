"""What a unit that moves is worth at the last stage of its material, by the yields behind it.

Words: of 2 500 t of ore that go to a plant with a yield of 0.4, 1 000 t arrive.

Mathematics, for a unit that moves to j, a site or a processor with the yield y_j:

    v_j = 1                 at a site
    v_j = y_j               at a processor that sells at the last stage
    v_j = y_j * mean_k v_k  at any other, over all k to which its lanes lead

The last line is exact where all k are worth the same, as they are in every chain of two stages. Where
they are not, what a unit makes depends on where it is sent further on, which is for the plan to decide:
an exact sum would multiply two decisions (docs/decisions/0003).
"""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from models.market import Market, Offer


class Worth:
    """The worth of units moved, in units of the last stage for one."""

    def __init__(self, market: Market) -> None:
        """Read yields and lanes of a market; everything is worked out when it is first asked for."""
        self._market = market
        self._at: dict[str, float] = {}
        self._of: dict[str, float | None] = {}

    def at(self, destination: str) -> float:
        """Return what a unit is worth that moves to a site, or to an offer."""
        if destination not in self._at:
            offer = self._market.offer.get(destination)
            self._at[destination] = 1.0 if offer is None else (offer.yield_ or 0.0) * self._mean(offer)
        return self._at[destination]

    def of_offer(self, offer: Offer) -> float | None:
        """Return what a unit bought of an offer is worth; None where that depends on where it goes."""
        if offer.offer not in self._of:
            some = {self.at(one) for one in self.destinations(offer)}
            self._of[offer.offer] = some.pop() if len(some) == 1 else None if some else 1.0
        return self._of[offer.offer]

    def best(self, offer: Offer) -> float:
        """Return the most that a unit bought of an offer can be worth."""
        return max(map(self.at, self.destinations(offer)), default=1.0)

    def destinations(self, offer: Offer) -> Iterable[str]:
        """Return the offers of the next stage to which lanes lead from an offer; none where it is sold to sites."""
        chain = self._market.material[offer.material].stages
        position = chain.index(offer.stage) + 1
        if position == len(chain):
            return ()
        if self._market.lanes:
            return self._lanes.get(offer.offer, ())
        return [o.offer for o in self._market.sold[offer.material, chain[position]] if o.yield_ is not None]

    def mixed(self, material: str, stage: str) -> list[Offer]:
        """Return the processors behind a stage of whose units a mean is counted; it is exact where there is none."""
        chain = self._market.material[material].stages
        behind = (offer for later in chain[chain.index(stage) + 1 : -1] for offer in self._market.sold[material, later])
        return [offer for offer in behind if offer.yield_ is not None and self.of_offer(offer) is None]

    def arriving(self, flow: Mapping[tuple[str, str, str], float]) -> dict[tuple[str, str], float]:
        """Return what arrives of offers whose worth depends on where they go, by (offer, period), from units moved."""
        totals: dict[tuple[str, str], float] = defaultdict(float)
        offers = self._market.offer
        for (origin, destination, period), units in flow.items():
            if self.of_offer(offers[origin]) is None:
                totals[origin, period] += self.at(destination) * units
        return dict(totals)

    @cached_property
    def _lanes(self) -> dict[str, list[str]]:
        """Offers to which lanes lead, by origin."""
        ends: dict[str, list[str]] = defaultdict(list)
        for lane in self._market.lanes:
            if lane.destination in self._market.offer:
                ends[lane.origin].append(lane.destination)
        return ends

    def _mean(self, offer: Offer) -> float:
        """Return what a unit sold by a processor is worth, on the mean of where it can go."""
        worth = self.of_offer(offer)
        if worth is not None:
            return worth
        some = [self.at(one) for one in self.destinations(offer)]
        return sum(some) / len(some)
