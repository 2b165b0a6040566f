"""Rows and names of an instance that nothing looks at: periods, sites, stock, conversions, blocs and the like."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.enforcement import prepare
from models.formulation.surplus import thrifty
from models.limits.hhi_cap import HhiCap
from models.limits.lock import Lock
from models.market.bases import Bases
from models.market.exchange import find_in_force
from models.records.wording import format_amount, format_apart
from optimizer.notes.remark import Remark

if TYPE_CHECKING:
    from collections.abc import Iterator

    from models.enforcement import EnforcedInstance


_SLIGHT = 0.01
"""By how much a stated factor may differ from what follows from formulas: figures of trade are rounded."""
_ROOM = 1e6
"""Room in a stock, as a multiple of the demand, from which rounding in it may be as large as what flows."""


def find_idle_facts(instance: EnforcedInstance) -> Iterator[Remark]:
    """Yield what of an instance's facts has no effect, in the order of its tables."""
    yield from _periods_and_sites(instance)
    yield from _stock(instance)
    yield from _repeated(instance)
    yield from _conversions(instance)
    yield from _rates(instance)
    yield from _names(instance)
    market, limits = instance.market, instance.limits
    if market.countries and not any(isinstance(limit, HhiCap) and limit.weight for limit in limits):
        yield Remark("table", "countries", 'has no effect: no limit of kind "hhi_cap" weighs by risk')
    if market.earlier and not any(isinstance(limit, Lock) for limit in limits):
        yield Remark("table", "earlier", 'has no effect: there is no limit of kind "lock"')


def _periods_and_sites(instance: EnforcedInstance) -> Iterator[Remark]:
    market = instance.market
    wanted = [need for need in market.demand if need.quantity > 0]
    periods, sites = {need.period for need in wanted}, {need.site for need in wanted}
    stores = {stock.site for stock in market.stock}
    for period in market.years:
        if period not in periods:
            yield Remark("period", period, "has no demand", "have no demand")
    for site in market.site:
        if site not in sites | stores:
            yield Remark("site", site, "has no demand and no stock", "have no demand and no stock")


def _repeated(instance: EnforcedInstance) -> Iterator[Remark]:
    """Yield terms of stock that are as the stock says for every period."""
    stocks = {stock.key: stock for stock in instance.market.stock}
    for terms in instance.market.stock_terms:
        if terms.holding_cost == stocks[terms.site, terms.material].holding_cost:
            name = f"of {terms.material} at {terms.site} in {terms.period}"
            yield Remark("row of stock_terms", name, "is as for every period", "are as for every period")


def _stock(instance: EnforcedInstance) -> Iterator[Remark]:
    """Stock that nothing can be taken from, or put into; and room without end where a surplus may be wanted."""
    market = instance.market
    frugal = thrifty(market, [limit for limit in instance.limits if not limit.watch])
    wanted: dict[tuple[str, str], set[str]] = {}
    for need in market.demand:
        if need.quantity > 0:
            wanted.setdefault((need.site, need.material), set()).add(need.period)
    first = next(iter(market.years))
    for stock in market.stock:
        periods = wanted.get((stock.site, stock.material), set())
        name = f"of {stock.material} at {stock.site}"
        if stock.capacity > 0 and stock.material not in frugal:  # a surplus may lie there to the end
            needed = prepare(instance).demand_of(stock.material, market.years) + stock.opening
            if stock.capacity > _ROOM * needed > 0:
                cure = "state the room that there is, as a surplus may fill it and no figure is exact beside it"
                yield Remark(
                    "stock",
                    name,
                    f"has room for {format_amount(stock.capacity)} and {format_amount(needed)} flow; {cure}",
                )
        elif not periods and not stock.closing_minimum:
            yield Remark("stock", name, "can never be used: the site has no demand for it")
        elif not (stock.opening or stock.closing_minimum) and (stock.capacity <= 0 or periods == {first}):
            why = "it has no room" if stock.capacity <= 0 else "it begins empty, and no later period has demand"
            yield Remark("stock", name, f"can never be used: {why}")


def _conversions(instance: EnforcedInstance) -> Iterator[Remark]:
    market = instance.market
    sold = {offer.offer: offer for offer in market.offers}
    used = {(offer.material, basis) for offer in market.offers for basis in (offer.basis, offer.price_basis)}
    used |= {(need.material, need.basis) for need in market.demand}
    used |= {(row.material, row.basis) for row in market.bill_of_materials}
    used |= {(sold[row.offer].material, row.basis) for row in market.commitments}
    plain = Bases(market.materials, ())
    for row in market.conversions:
        name = f"of {row.material} from {row.basis}"
        if (row.material, row.basis) not in used:
            yield Remark("conversion", name, "is used by no row")
        elif plain.fault(row.material, row.basis) is None:
            follows = plain.factor(row.material, row.basis)
            if abs(follows - row.factor) > _SLIGHT * follows:
                said, other = format_apart(row.factor, follows)
                yield Remark("conversion", name, f"says {said} and is followed, and the words of both say {other}")


def _rates(instance: EnforcedInstance) -> Iterator[Remark]:
    """Rates of currencies in which nothing is, and rates that hold on no day of the horizon."""
    market = instance.market
    if not market.rates:
        return
    used = {offer.currency for offer in market.offers} | {lane.currency for lane in market.lanes}
    used |= {corridor.currency for corridor in market.corridors}
    if any(limit.counts_money for limit in instance.limits):
        used |= {rate.currency for rate in market.rates}  # what a limit was stated in is no longer known
    held = {rate.rate for rate in find_in_force(market.rates, market.horizon)}
    for rate in market.rates:
        name = f"of {rate.currency}{f' from {rate.from_date}' if rate.from_date else ''}"
        if rate.currency not in used:
            yield Remark("rate", name, "is used by no row", "are used by no row")
        elif rate.rate not in held:
            yield Remark("rate", name, "holds on no day of the horizon", "hold on no day of the horizon")


def _names(instance: EnforcedInstance) -> Iterator[Remark]:
    """Blocs and attributes that no limit speaks of, nor a case of the instance."""
    limits, cases = instance.limits, " ".join(text for texts in instance.cases.values() for text in texts)
    blocs = {getattr(limit, field, None) for limit in limits for field in ("bloc", "outside", "to_bloc")}
    ours = {bloc for policy in instance.policies for bloc in policy.blocs}
    for bloc in instance.market.blocs:
        if bloc not in blocs | ours and bloc not in cases:
            yield Remark("bloc", bloc, "is named by no limit and no case", "are named by no limit and no case")
    looked_at = {getattr(limit, "attribute", None) for limit in limits}
    for attribute in instance.market.attributes:
        if attribute not in looked_at:
            yield Remark("attribute", attribute, "is looked at by no limit", "are looked at by no limit")
