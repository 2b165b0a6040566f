r"""A response: what is done once something has stopped, by the same core and the same blocks as a plan.

A response is the program of a market from the period in which a loss begins, from the state that the plan is in then.
It has no decision that is yes or no: contracts, openings, periods of fixed cost, lanes in use and tiers are those of
the plan. `sourcing` and each block say in a line or two what differs where `m.response` is there; nothing is written
twice.

What ties a response to its plan is said once, as data: a column is at most a sum of figures of the plan (`Link`), and
the upper end of a row moves with figures of the plan (`Shift`). At a fixed plan the figures are numbers and the links
are bounds, which a stress test turns for each loss; in a two-stage program the same links are rows over the columns of
the plan.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, NamedTuple

from models.market.price_schedule import schedules

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from models.market import PreparedMarket, ShortNotice
    from models.market.bounds import Sale
    from models.market.price_schedule import Schedule

Name = tuple[str, tuple[str, ...]]
"""A column of a response: its family and its key."""
Figure = tuple[str, tuple[str, ...]]
"""A figure of the plan: ``quantity`` by offer and period, ``flow`` by lane and period of leaving, or ``used``, which is
1 where the plan uses a lane in a period, and so of a ``("corridor", name, period)``; or ``running``, which is 1 where
it buys of an offer in a period."""
Sum = list[tuple[float, Figure]]
"""Figures of the plan, each times a factor."""
Share = Literal["nothing", "left", "lost", "all"]
"""How much of an order counts where a loss hits its supplier: nothing, what the loss leaves, what it takes, or all.

Where none does, all of it counts, and nothing is lost.
"""


class UnitPrice(NamedTuple):
    """What units of an offer cost in a period of a plan [currency per unit]."""

    refund: float = 0.0
    """The lowest price of the tiers that it reaches."""
    last: float = 0.0
    """The price of the last of them."""


class Link(NamedTuple):
    """A column of a response is at most a sum of figures of the plan.

    A ``flow`` counts only where it left before the loss began.
    """

    column: Name
    figures: Sum
    where_hit: Share = "all"
    """How much of the sum."""
    notice: int = 0
    """The column is 0 before so many periods have passed since the loss began."""
    owed: float = 0.0
    """Currency a unit that is added to the cost of the column where a loss hits it: what is owed is not owed then."""
    constant: float = 0.0
    """What is added to the sum of figures."""


class Charge(NamedTuple):
    """What a figure of the plan costs in a response, from its period on; so that the plan itself costs nothing there.

    It is what a plan owes or has agreed to, whatever the response turns out to be.
    """

    figure: Figure
    price: float
    """Currency a unit."""
    where_hit: Share
    """How much of it."""


class Shift(NamedTuple):
    """The upper end of a row of a response moves by a sum of figures of the plan; never below 0."""

    family: str
    key: tuple[str, ...]
    figures: Sum


class Tiered(NamedTuple):
    """What units of an offer cost in a period, by the tier that the plan reaches there."""

    schedule: Schedule
    ends: tuple[float, ...]
    """Units that can be bought at the most where a tier is the last, by tier."""


@dataclass
class Response:
    """What makes a model that of a response; its links are noted while it is built."""

    terms: Mapping[str, ShortNotice]
    """What an offer gives at short notice, by offer."""
    prices: Mapping[tuple[str, str], UnitPrice]
    """What units cost in the plan, by offer and period."""
    unmet_price: float | None
    """Currency per unit of unmet demand where no shortage cost is stated: above all that covering it can cost. None =
    there no demand may be left unmet."""
    replacement_costs: Mapping[str, float]
    """Currency per unit of closing stock that is missing, by material."""
    tiers: Mapping[tuple[str, str], Tiered] = field(default_factory=dict)
    """Where the plan decides which price a unit has, by offer and period: in their place there are no `prices`."""
    links: list[Link] = field(default_factory=list)
    shifts: list[Shift] = field(default_factory=list)
    charges: list[Charge] = field(default_factory=list)

    def bound(self, link: Link) -> None:
        """Note that a column is at most a sum of figures of the plan."""
        self.links.append(link)

    def charge(self, figure: Figure, price: float, where_hit: Share) -> None:
        """Note what a figure of the plan costs."""
        self.charges.append(Charge(figure, price, where_hit))

    def move(self, family: str, key: tuple[str, ...], figures: Sum) -> None:
        """Note that the upper end of a row moves with figures of the plan."""
        self.shifts.append(Shift(family, key, figures))


REPLACEMENT = 1.25
"""What a unit of closing stock that is missing costs, as a multiple of what one costs on arrival."""


def respond_in(market: PreparedMarket, most: Mapping[Sale, float]) -> Response:
    """Return what a response is in the market of a scenario, whatever the plan turns out to be.

    What was planned, what is called and what is not taken have the price of the scenario. Demand without a shortage
    cost may not be left unmet. `most` is what the plan can buy at the most, by offer and period [units].
    """
    terms = {offer.offer: market.short_notice(offer.offer) for offer in market.offers}
    prices = {(name, period): UnitPrice(*[market.price(name, period)] * 2) for name, period in market.available}
    tiers = {
        sale: Tiered(schedule, tuple(end for _, end in schedule.spans(market.years[sale[1]], most[sale])))
        for sale, schedule in (schedules(market) if market.tiers else {}).items()
        if most.get(sale)
    }
    return Response(terms, prices, None, replacement_costs_in(market), tiers)


def replacement_costs_in(market: PreparedMarket) -> dict[str, float]:
    """Return what a unit of closing stock that is missing costs in a market, by material [currency]."""
    return {material: REPLACEMENT * cost for material, cost in _mean_costs(market)}


def _mean_costs(market: PreparedMarket) -> Iterator[tuple[str, float]]:
    """Yield what a unit of each material costs through its whole chain, by the mean price of every stage."""
    for material in market.materials:
        cost = 0.0
        for stage in material.stages:
            offers = market.sold[material.material, stage]
            each = [_mean(market.prices(o.offer)) + (cost / o.yield_ if o.yield_ else 0.0) for o in offers]
            cost = max(0.0, _mean(each)) if each else cost
        yield material.material, cost


def _mean(numbers: Sequence[float]) -> float:
    return sum(numbers) / len(numbers)
