r"""The price of an offer at which it comes in or leaves, exactly, also where contracts are whole.

Let V(p) be the cost of the cheapest plan when the offer's price is p (its whole price schedule moves along),
and W that of the cheapest plan without the offer. A plan costs a straight line in p, whose slope is
what it buys (and the duty on that), so V is the lower envelope of finitely many lines and W is flat:

    start at a price at which the offer is in;  p <- where the line of the plan at p meets W;
    stop when V(p) = W.

Every step meets W at a higher price with a flatter line (Dinkelbach, "On nonlinear fractional
programming", Management Science 13, 1967), so there are as many steps as lines at most, in practice
a few. Duals of a mixed-integer program would not tell this price.

Of a plan for scenarios a line is what the plan with its responses of that price would cost at another: its slope is
taken from the best responses at two prices that are nearly one, and no response costs more at the next than its line.
Of what is not a mean of lines, as the dearest cases, halves are taken where a line leads too far.

A budget on purchases takes plans away as the price rises. An offer that is in at a price is in at every
lower one all the same, so where the plan at hand breaks a budget before it meets W, halves are taken.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from models.enforcement import EnforcedInstance, prepare
from models.records.tolerances import RECOUNTED, SAME_COST
from models.scenarios import foresee
from optimizer.errors import SolverFailure
from optimizer.explain.costs import interval
from optimizer.results.account import Account
from optimizer.scenarios.evaluate import evaluate

if TYPE_CHECKING:
    from models.market import Market, Offer, Terms, Tier
    from optimizer.explain.costs import Costs
    from optimizer.results.interval import Interval
    from optimizer.results.solution import Solution

_FINE = 1e-7
"""Relative distance of prices at which halving ends."""
_NEAR = 1e-4
"""Relative distance of two prices from which the line of a plan for scenarios is taken."""
_NEARLY_NOTHING = 1e-6
"""Part of a price at which an offer is taken to cost nothing, where at 0 its tiers would lose their proportion."""


@dataclass(frozen=True, slots=True)
class Threshold:
    """The highest price at which a cheapest plan still buys an offer."""

    price: float
    """Currency per unit, as the offer states it; with tiers, that of the first."""
    within: float
    """At this price, plans with and without the offer are known to cost the same but for so much [currency]."""


def set_price(instance: EnforcedInstance, offer: str, price: float) -> EnforcedInstance:
    """Return the instance with an offer at a price, its tiers or its prices in some periods moved by as much.

    Where it has both, they follow its price in proportion, and so they do here.
    """
    market = instance.market
    before, in_proportion = market.offer[offer].price, has_tiers_by_period(market, offer)

    def move(row: Offer | Terms | Tier) -> Offer | Terms | Tier:
        if row.offer != offer or row.price is None:
            return row
        there = row.price * price / before if in_proportion else row.price + (price - before)
        return row.model_copy(update={"price": there})

    tables = {table: tuple(map(move, getattr(market, table))) for table in ("offers", "terms", "tiers")}
    return instance.model_copy(update={"market": market.model_copy(update=tables)})


def has_tiers_by_period(market: Market, offer: str) -> bool:
    """Whether an offer has price tiers, and another price in some period."""
    tiered = any(tier.offer == offer for tier in market.tiers)
    same = {None, market.offer[offer].price}
    return tiered and any(terms.offer == offer and terms.price not in same for terms in market.terms)


def lowest_price(market: Market, name: str) -> float:
    """Return the price at which an offer costs nothing in its cheapest tier or period; its own where that is lower."""
    price = market.offer[name].price
    if has_tiers_by_period(market, name):
        return _NEARLY_NOTHING * price
    rows: tuple[Terms | Tier, ...] = (*market.tiers, *market.terms)
    lowest = min([price, *(row.price for row in rows if row.offer == name and row.price is not None)])
    return min(price - lowest, price)


def threshold(inside: Solution, offer: str, without: Interval, costs: Costs) -> Threshold:
    """Return the price up to which an offer stays in, from a plan that buys it at the price in its instance.

    `without` is what the cheapest plan without the offer costs.

    Raises:
        NoPlan: the price is not known within the deadline.
    """
    most = without.cost + SAME_COST * abs(without.cost)
    low, high = inside.instance.market.offer[offer].price, math.inf
    while True:
        at = max(low, _meeting(inside, offer, without.cost, low, costs))
        if at >= high:
            at = (low + high) / 2
        found = costs.solve(set_price(inside.instance, offer, at))
        is_in = is_used(found, offer) and found.cost < without.cost - SAME_COST * abs(without.cost)
        if is_in and at > low:
            low, inside = at, found
        elif is_in or _holds(inside, offer, at, most, costs) or high - low <= _FINE * max(1.0, abs(low)):
            known = interval(found)
            apart = max(without.cost - known.bound, known.cost - without.bound)
            return Threshold(at, apart if apart > 2 * SAME_COST * abs(without.cost) else 0.0)
        else:
            high = at


def _holds(solution: Solution, offer: str, price: float, most: float, costs: Costs) -> bool:
    """Whether a plan holds all limits at another price of an offer too, and costs no more than `most`."""
    account = _account_at(solution, offer, price)
    broken = [r for limit, r in account.readings if limit.hard and r.excess > RECOUNTED * r.allowed]
    return not broken and _cost_at(solution, offer, price, costs) <= most


def is_used(solution: Solution, offer: str) -> bool:
    """Whether a plan buys anything of an offer, or reserves any of its capacity."""
    return bought(solution, offer) > 0 or solution.account.reserved.get(offer, 0.0) > 0


def bought(solution: Solution, offer: str) -> float:
    """Return the units that a plan buys of an offer over the horizon, in its material's own basis."""
    return sum(units for (name, _), units in solution.account.quantity.items() if name == offer)


def _meeting(solution: Solution, offer: str, cost: float, low: float, costs: Costs) -> float:
    """Return the price at which a plan that buys an offer costs so much; with scenarios, by its line at `low`."""
    far = max(1.0, abs(solution.instance.market.offer[offer].price))
    if solution.risk is None:
        free = _cost_at(solution, offer, 0.0, costs)
        # below a price of zero, no duty is charged on it
        other = far if free <= cost else -far
        slope = (_cost_at(solution, offer, other, costs) - free) / other
        return (cost - free) / slope
    step = _NEAR * far
    here, near = (_cost_at(solution, offer, price, costs) for price in (low, low + step))
    return low + (cost - here) * step / (near - here) if here < near < math.inf else low + far


def _cost_at(solution: Solution, offer: str, price: float, costs: Costs) -> float:
    """Return what is minimised, of a plan at another price of an offer; infinite where it has no response there."""
    account = _account_at(solution, offer, price)
    if solution.risk is None:
        return account.total
    there = foresee(set_price(solution.instance, offer, price), costs.session.settings.draws)
    try:
        return evaluate(there, account).weighed
    except SolverFailure:
        return math.inf


def _account_at(solution: Solution, offer: str, price: float) -> Account:
    there = set_price(solution.instance, offer, price)
    limits = tuple(one for one in there.limits if one.UNIT == "money" or not one.hard or one.in_responses)
    return Account(prepare(there), limits, solution.account.plan)
