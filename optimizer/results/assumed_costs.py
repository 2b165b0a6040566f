"""How much of what a plan costs is at an assumed price, freight or rate, by name of cost.

A cost is some amount, which the plan decides, at a price, freight or rate, which a row of a table states. It is assumed
where that figure is: by the quality of the row, or by its name in `assumed`. A duty is a rate on a value, and assumed
where either is.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from models.market import Duty, Tier
    from models.market.bounds import FlowKey
    from optimizer.results.account import Account

Border = tuple[str, str, str | None, str]
"""Material, stage, and the countries from (None: any other) and to which a duty speaks."""
Item = tuple[str, float, bool]
"""Name of a cost, amount [currency], and whether a figure behind it is assumed."""


@dataclass(frozen=True, slots=True)
class CostAtAssumed:
    """What is paid under one name of cost, and how much of it at an assumed price, freight or rate."""

    cost: str
    amount: float
    """Currency over the horizon; what is earned counts like what is paid."""
    assumed: float
    """Currency of `amount` at assumed figures."""


def assumed_costs(account: Account) -> tuple[CostAtAssumed, ...]:
    """Return what is paid and how much of it at assumed figures, by name of cost, in the order of the names."""
    from models.market.costs import COSTS  # which knows a market, and what is read needs none

    paid: dict[str, float] = defaultdict(float)
    assumed: dict[str, float] = defaultdict(float)
    for cost, amount, is_assumed in _items(account):
        paid[cost] += abs(amount)
        assumed[cost] += abs(amount) * is_assumed
    return tuple(CostAtAssumed(cost, paid[cost], assumed[cost]) for cost in COSTS if paid[cost])


def _items(account: Account) -> Iterator[Item]:
    yield from _prices(account)
    yield from _ways(account)
    yield from _contracts(account)
    market, plan = account.market, account.plan
    for stock in market.stock:
        for period, years in market.years.items():
            units = plan.stock.get((stock.site, stock.material, period), 0.0)
            cost = market.holding_cost(stock, period) * years * units
            yield "holding", cost, market.assumes_holding_cost(stock, period)
    for node, units in plan.unmet.items():
        yield "shortage", (market.shortage_cost(*node) or 0.0) * units, market.assumes_shortage_cost(*node)
    for limit, reading in account.soft_readings:
        yield "penalty", (limit.penalty or 0.0) * reading.excess, limit.assumes("penalty")


def _prices(account: Account) -> Iterator[Item]:
    """Yield what is paid to each offer at each of its prices."""
    from models.market.price_schedule import schedules

    schedule_of = schedules(account.market)
    tiers: dict[str, list[Tier]] = defaultdict(list)
    for tier in sorted(account.market.tiers, key=lambda tier: tier.from_quantity):
        tiers[tier.offer].append(tier)
    for name, by_period in account.spent.items():
        kind = "purchases" if account.market.offer[name].yield_ is None else "processing"
        for period, terms in by_period.items():
            schedule = schedule_of.get((name, period))
            prices = [account.market.price(name, period)] if schedule is None else schedule.prices
            first = account.market.assumes_price(name, period)
            at: dict[float, bool] = {}
            for price, assumed in zip(prices, [first, *(tier.assumes("price") for tier in tiers[name])], strict=True):
                at[price] = at.get(price, False) or assumed
            yield from ((kind, price * units, at[price]) for price, units in terms)


def _ways(account: Account) -> Iterator[Item]:
    """Yield freight, what lanes and corridors cost, and duties, of each flow."""
    market, network = account.market, account.network
    borders = _by_border(market.duties)
    lanes = {(lane.origin, lane.destination): lane for lane in market.lanes}
    corridors: dict[tuple[str, str], None] = {}
    for (origin, destination, period), units in account.plan.flow.items():
        lane = lanes.get((origin, destination))
        if lane is not None and units > 0:
            freight = market.passage.freight(origin, destination, period)
            yield "freight", freight * units, market.passage.assumes_freight(lane, period)
            fixed = market.passage.fixed_cost(origin, destination, period)
            yield "fixed", fixed, lane.assumes("fixed_cost")
            if lane.corridor is not None:
                corridors[lane.corridor, period] = None
        arrives = network.arrives(origin, destination, period)
        for share, is_assumed in _duties(account, (origin, destination, period), arrives, borders) if borders else ():
            yield "duty", network.duty(origin, destination, period, arrives) * units * share, is_assumed
    for key in corridors:
        yield "fixed", market.passage.corridor_fixed_cost(*key), network.corridors[key[0]].assumes("fixed_cost")


def _duties(
    account: Account, flow: FlowKey, arrives: str | None, borders: Mapping[Border, Sequence[Duty]]
) -> Iterator[tuple[float, bool]]:
    """Yield the share of each duty in what a lane is charged on an arrival, and whether rate or value is assumed."""
    market, (origin, destination, period) = account.market, flow
    offer = market.offer[origin]
    site = market.site.get(destination)
    abroad = market.offer[destination].country if site is None else site.country
    homes = [offer.country, None] if offer.country != abroad else [offer.country]
    met = [
        (duty, duty.rate * (1.0 if market.always_holds(duty) else market.shares_of(duty).get(arrives or "", 0.0)))
        for home in homes
        for duty in borders.get((offer.material, offer.stage, home, abroad), ())
    ]
    value = market.assumes_price(origin, period) if offer.customs_value is None else offer.assumes("customs_value")
    total = sum(rate for _, rate in met)
    for duty, rate in met:
        if rate:
            yield rate / total, value or duty.assumes("rate")


def _by_border(duties: Iterable[Duty]) -> dict[Border, list[Duty]]:
    found: dict[Border, list[Duty]] = defaultdict(list)
    for duty in duties:
        found[duty.material, duty.stage, duty.from_country, duty.to_country].append(duty)
    return found


def _contracts(account: Account) -> Iterator[Item]:
    """Yield what contracts cost once, and in each period in which something is bought."""
    for offer in account.market.offers:
        signed = account.plan.signed.get(offer.offer, False)
        if signed:
            yield "fixed", account.market.fixed_cost(offer.offer), offer.assumes("fixed_cost")
            yield "opening", account.market.opening_cost(offer.offer), offer.assumes("opening_cost")
        if account.reserved.get(offer.offer):
            yield "reservation", account.reservation_cost(offer.offer), offer.assumes("reservation_price")
        if offer.switching_cost and signed != bool(offer.incumbent_quantity):
            yield "switching", account.market.switching_cost(offer.offer), offer.assumes("switching_cost")
    for (name, period), units in account.quantity.items():
        if units > 0:
            cost = account.market.fixed_cost_per_period(name, period)
            yield "fixed", cost, account.market.offer[name].assumes("fixed_cost_per_period")
