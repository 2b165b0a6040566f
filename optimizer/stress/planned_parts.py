"""A plan taken apart: of each part of its market what the plan uses, and what a response may do there."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple, cast

from models.formulation.components import limits_in_responses, parts
from models.formulation.response import REPLACEMENT, Response, UnitPrice
from models.market import TABLES
from optimizer.results.plan_figures import unit_prices

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from models.enforcement import EnforcedInstance
    from models.limits import AnyLimit
    from models.market import Market, PreparedMarket, ShortNotice
    from optimizer.results.account import Account

_DEARER = 10.0
"""How many times the dearest way to a unit it costs to leave one unmet of which no shortage cost is stated."""


class PlannedPart(NamedTuple):
    """A part of a market, cut down to the offers that a plan uses, and what its responses may do."""

    market: PreparedMarket
    response: Response
    limits: tuple[AnyLimit, ...]
    """Those that hold in responses."""


def take_apart(
    instance: EnforcedInstance, account: Account, terms: Mapping[str, ShortNotice], costs: Mapping[str, float]
) -> dict[str, PlannedPart]:
    """Return the parts of a plan by their names.

    `terms` say what each offer that the plan uses gives at short notice, and `costs` what a unit of closing stock that
    is missing costs, by material.
    """
    cut = _cut_down(account.market, terms)
    paid = unit_prices(account)
    found = {}
    limits = limits_in_responses(instance.limits, cut)
    for part in parts(instance.model_copy(update={"market": cut, "limits": limits, "policies": ()})):
        market = cast("PreparedMarket", part.market)  # it was prepared before it was cut down
        offers = {offer.offer for offer in market.offers}
        prices = defaultdict(UnitPrice, {key: price for key, price in paid.items() if key[0] in offers})
        own = {name: terms[name] for name in terms if name in offers}
        dearest = _dearest(account, market, own, prices, costs) + _DEARER * _most_penalties(part)
        found[part.name] = PlannedPart(market, Response(own, prices, dearest, costs), part.limits)
    return found


def _dearest(
    account: Account,
    market: Market,
    terms: Mapping[str, ShortNotice],
    paid: Mapping[tuple[str, str], UnitPrice],
    costs: Mapping[str, float],
) -> float:
    """Return more than it can cost to cover a unit: the dearest offer and way at every stage, and then some."""
    prices = [abs(price.last) for price in paid.values()]
    premium = max((one.surge_premium for one in terms.values()), default=0.0)
    network = account.network
    ways = [
        account.market.passage.freight(*key) + network.duty(*key, network.arrives(*key))
        for key in account.plan.flow
        if key[0] in terms
    ]
    holding = [market.holding_cost(stock, period) for stock in market.stock for period in market.years]
    kept = sum(market.years.values()) * max(holding, default=0.0)
    least = min((offer.yield_ for offer in market.offers if offer.yield_), default=1.0)
    stages = max((len(material.stages) for material in market.materials), default=1)
    step = max(prices, default=0.0) * (1 + premium) + max(ways, default=0.0)
    stated = max((market.shortage_cost(*node) or 0.0 for node in market.needed), default=0.0)
    replaced = max((costs.get(m.material, 0.0) for m in market.materials), default=0.0)
    return _DEARER * (stages * step / least ** (stages - 1) + kept + stated + replaced + 1.0)


def _most_penalties(part: EnforcedInstance) -> float:
    """Return more than what soft limits can charge for a unit that is bought: each by what a unit counts at most."""
    highest = max((abs(each) for offer in part.market.offers for each in offer.attributes.values()), default=1.0)
    return sum(limit.penalty or 0.0 for limit in part.limits) * max(1.0, highest)


def replacement_costs(account: Account) -> dict[str, float]:
    """Return what a unit of closing stock that is missing costs, by material that has a closing minimum."""
    costs = {}
    for material in dict.fromkeys(stock.material for stock in account.market.stock if stock.closing_minimum):
        if material in account.landed:
            units, cost = account.landed[material]
            mean = cost / units
        else:
            last = account.market.sold[material, account.market.material[material].stages[-1]]
            prices = [max(price, 0.0) for offer in last for price in account.market.prices(offer.offer)]
            mean = sum(prices) / len(prices) if prices else 0.0
        costs[material] = REPLACEMENT * max(mean, 0.0)
    return costs


def _cut_down(market: PreparedMarket, offers: Collection[str]) -> PreparedMarket:
    """Return a market with no other offers, and with no row that names another."""
    ends = {*offers, *market.site}
    kept = {"offers": offers, "offers and sites": ends}
    rows = {}
    for table, record in TABLES.items():
        columns = [(column, kept[kind]) for column, kind in {**record.NAMES, **record.REFERS}.items() if kind in kept]
        if columns:
            rows[table] = tuple(
                row
                for row in getattr(market, table)
                if all(getattr(row, column) is None or getattr(row, column) in names for column, names in columns)
            )
    return market.model_copy(update=rows)
