"""The figures of a plan, as a response takes them: what it does in a period, uses, and pays for a unit."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from models.formulation.response import UnitPrice
from models.market.price_schedule import schedules
from models.records.tolerances import RESIDUE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.formulation.response import Figure
    from models.market.borders import Pair
    from models.market.price_schedule import Schedule
    from optimizer.results.account import Account


class PlanFigures:
    """A plan, by the columns of a response and the figures that bound them: numbers alone, which travel."""

    def __init__(self, account: Account) -> None:
        """Read the books of a plan."""
        plan = account.plan
        self._values: dict[str, dict[tuple[str, ...], float]] = {
            "flow": {key: max(0.0, units) for key, units in plan.flow.items()},
            "quantity": {key: units for key, units in account.quantity.items() if units > 0},
            "unmet": {key: units for key, units in plan.unmet.items()},  # noqa: C416 (a wider type of key)
            "stock": {key: units for key, units in plan.stock.items()},  # noqa: C416
            "reserved": {(offer,): units for offer, units in plan.reserved.items()},
            "excess": {
                (limit.name, *reading.key): reading.excess
                for limit in account.limits
                if limit.in_responses and limit.penalty is not None
                for reading in limit.recount(account)
            },
            "used": {},
            "tier": {},
            "tier_chosen": {},
        }
        self._read_tiers(account)
        self._values["taken"] = self._values["quantity"]
        self._values["running"] = dict.fromkeys(self._values["quantity"], 1.0)
        for (origin, destination, period), units in plan.flow.items():
            if units > 0:
                self._values["used"][origin, destination, period] = 1.0
                corridor = account.network.lanes[origin, destination].corridor
                if corridor is not None:
                    self._values["used"]["corridor", corridor, period] = 1.0

    def _read_tiers(self, account: Account) -> None:
        """Read what is bought in each tier; and which one holds of all-units ones, and which are full of others."""
        units_of, chosen = self._values["tier"], self._values["tier_chosen"]
        for (name, period), schedule in (schedules(account.market) if account.market.tiers else {}).items():
            bought, years = account.spent[name].get(period, []), account.market.years[period]
            for number, (price, units) in enumerate(bought):
                of_all = schedule.kind == "all-units"
                tier = (name, period, str(_tier_of(schedule, price, units / years) if of_all else number))
                units_of[tier] = units
                chosen[tier] = float(units > 0 if of_all else any(more > 0 for _, more in bought[number + 1 :]))

    @property
    def quantity(self) -> dict[tuple[str, ...], float]:
        """Units bought, by (offer, period) in which any are."""
        return self._values["quantity"]

    @property
    def flow(self) -> dict[tuple[str, ...], float]:
        """Units moved, by (origin, destination, period of leaving)."""
        return self._values["flow"]

    def value(self, family: str, key: tuple[str, ...]) -> float:
        """Return what the plan makes of a column of a response, or of a figure; 0 of what it does not know."""
        return self._values.get(family, {}).get(key, 0.0)

    def add_up(self, figures: Sequence[tuple[float, Figure]]) -> float:
        """Return a sum of figures."""
        return sum(factor * self.value(*figure) for factor, figure in figures)


def _tier_of(schedule: Schedule, price: float, rate: float) -> int:
    """Return which tier of those that have a price is the last that a yearly rate reaches."""
    reached = [
        number
        for number, (start, its) in enumerate(zip(schedule.steps, schedule.prices, strict=True))
        if its == price and start <= rate * (1.0 + RESIDUE)
    ]
    return max(reached, default=schedule.prices.index(price))


def unit_prices(account: Account) -> dict[tuple[str, str], UnitPrice]:
    """Return what units cost in a plan, by (offer, period) in which any are bought."""
    prices = {}
    for name, by_period in account.spent.items():
        for period, terms in by_period.items():
            reached = [price for price, units in terms if units > 0]
            if reached:
                prices[name, period] = UnitPrice(min(reached), reached[-1])
    return prices


def longest_lead_times(account: Account) -> dict[str, int]:
    """Return the most periods from the first purchase to the site, on ways that a plan uses, by material."""
    feeding: dict[str, dict[Pair, int]] = defaultdict(dict)
    for (origin, destination, _), units in account.plan.flow.items():
        if units > 0:
            lead_time = account.network.lanes[origin, destination].lead_time
            feeding[destination][origin, destination] = lead_time
    known: dict[str, int] = {}

    def longest(node: str) -> int:
        if node not in known:
            known[node] = max((lead + longest(pair[0]) for pair, lead in feeding.get(node, {}).items()), default=0)
        return known[node]

    market = account.market
    found = dict.fromkeys(market.material, 0)
    for site in market.site:
        for (origin, _), lead_time in feeding.get(site, {}).items():
            material = market.offer[origin].material
            found[material] = max(found[material], lead_time + longest(origin))
    return found
