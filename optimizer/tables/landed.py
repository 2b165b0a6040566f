"""What a unit has cost when it arrives: bought, processed, carried and charged through the chain behind it.

Ore, freight and duty of what a refinery is fed count at the yield at which it turns out what it sells: a fee for
processing is not a price a tonne.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

GROUPS = ("ore", "processing", "freight", "duty", "fixed")
"""What the cost of a unit is made of."""
PAID_BEFORE = "Feed that was under way when the horizon begins was paid for before, and adds no cost here."
"""Said of a plan in which processors make anything of such feed."""


class Flow(NamedTuple):
    """What goes from an offer to a destination, and what that costs by itself [currency]."""

    offer: str
    destination: str
    material: str
    country: str
    quantity: float
    ore: float
    processing: float
    freight: float
    duty: float


@dataclass(frozen=True)
class Route:
    """An offer, and what all that it sells has cost when it arrives."""

    offer: str
    material: str
    country: str
    units: float
    """What it sells, over the horizon."""
    costs: Mapping[str, float]
    """What all of that costs, from the mine to where it goes, by group [currency]."""

    @property
    def unit_cost(self) -> float:
        """Return what a unit costs."""
        return sum(self.costs.values()) / self.units


@dataclass
class Chain:
    """What goes out of each offer and into it."""

    leaving: dict[str, list[Flow]] = field(default_factory=lambda: defaultdict(list))
    entering: dict[str, list[Flow]] = field(default_factory=lambda: defaultdict(list))
    fixed: Mapping[str, float] = field(default_factory=dict)
    """What is paid once for an offer [currency]."""
    feed: dict[str, dict[str, float]] = field(default_factory=dict)
    """What stands behind a unit of each offer before it leaves, by group, as far as it is worked out."""

    def behind(self, offer: str) -> dict[str, float]:
        """Return what a unit of an offer costs before it leaves: what it is fed, and what is paid once for it."""
        if offer not in self.feed:
            units = sum(flow.quantity for flow in self.leaving[offer])
            costs = dict.fromkeys(GROUPS, 0.0) | {"fixed": self.fixed.get(offer, 0.0)}
            self.feed[offer] = {}  # a flow that runs in a circle has no cost behind it
            for flow in self.entering[offer]:
                for group, cost in self.landed(flow).items():
                    costs[group] += cost
            self.feed[offer] = {group: cost / units if units else 0.0 for group, cost in costs.items()}
        return self.feed[offer]

    def landed(self, flow: Flow) -> dict[str, float]:
        """Return what a flow has cost when it arrives, by group."""
        behind = self.behind(flow.offer)
        own = {"ore": flow.ore, "processing": flow.processing, "freight": flow.freight, "duty": flow.duty}
        return {group: own.get(group, 0.0) + flow.quantity * behind.get(group, 0.0) for group in GROUPS}

    def route(self, flows: Sequence[Flow]) -> Route | None:
        """Return what some flows of an offer have cost when they arrive; None where nothing flows."""
        units = sum(flow.quantity for flow in flows)
        if not units:
            return None
        costs = dict.fromkeys(GROUPS, 0.0)
        for flow in flows:
            for group, cost in self.landed(flow).items():
                costs[group] += cost
        return Route(flows[0].offer, flows[0].material, flows[0].country, units, costs)

    def routes(self, sites: Iterable[str] | None = None) -> list[Route]:
        """Return each offer with all that it sells, or with what it sells to some sites."""
        there = None if sites is None else set(sites)
        sold = [
            [flow for flow in flows if there is None or flow.destination in there] for flows in self.leaving.values()
        ]
        return [route for flows in sold if (route := self.route(flows)) is not None]


def chain_of(flows: Iterable[Flow], fixed: Mapping[str, float]) -> Chain:
    """Return the chain that flows make; `fixed` is what is paid once for an offer [currency]."""
    chain = Chain(fixed=fixed)
    for flow in flows:
        chain.leaving[flow.offer].append(flow)
        chain.entering[flow.destination].append(flow)
    return chain
