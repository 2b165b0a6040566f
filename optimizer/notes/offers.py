"""Offers that no plan can buy, and terms of offers that no plan can meet."""

from __future__ import annotations

from collections import defaultdict
from operator import attrgetter
from typing import TYPE_CHECKING

from models.limits.contract.incumbents import IncumbentsLimit
from models.market.price_schedule import list_counted
from models.records.tolerances import ROUNDING
from models.records.wording import format_amount
from optimizer.notes.remark import Remark

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from models.enforcement import EnforcedInstance
    from models.market import Market, Offer
    from models.market.network import Network


def find_unneeded(market: Market, network: Network) -> Iterator[Remark]:
    """Yield materials that no site needs or stores, and with them all their offers."""
    needed = {material for _, material, _ in network.nodes}
    offers: dict[str, int] = defaultdict(int)
    for offer in market.offers:
        offers[offer.material] += 1
    for name in market.material:
        if name not in needed:
            rest = f", so none of its offers ({offers[name]}) can be bought" if offers[name] else ""
            yield Remark("material", name, f"is needed and stored nowhere{rest}")


def find_unlimited(market: Market) -> Iterator[Remark]:
    """Yield offers that state no capacity, in case somebody took an empty cell for an unknown one."""
    for offer in market.offers:
        if not market.is_limited(offer.offer):
            rest = "as much can be bought as is needed"
            yield Remark("offer", offer.offer, f"states no capacity: {rest}", f"state no capacity: {rest}")


def find_dead_offers(market: Market, network: Network) -> Iterator[Remark]:
    """Yield offers of the other materials that no plan can buy, each with the reason."""
    needed = {material for _, material, _ in network.nodes}
    closed: dict[str, dict[str, None]] = defaultdict(dict)
    for (origin, _), closure in network.borders.closures.items():
        closed[origin] |= {control.control: None for control in closure.controls}
    fed = {(offer.material, offer.stage) for offer in market.offers if offer.yield_ is not None}
    bought = {name for (name, _), units in network.quantities.items() if units > 0}
    leaving = {origin for origin, _ in network.lanes}
    for offer in market.offers:
        if offer.material in needed and offer.offer not in bought:
            stages = market.material[offer.material].stages
            following = next(iter(stages[stages.index(offer.stage) + 1 :]), None)
            if not any(market.available[offer.offer, period] for period in market.window(offer)):
                why = "its capacity is 0"
            elif offer.offer in closed and offer.offer not in leaving:
                why = f"{_close(closed[offer.offer])} its lanes"
            elif following is not None and (offer.material, following) not in fed:
                why = f"no offer of {following} {offer.material} has a yield, so none takes a feed"
            elif offer.offer not in leaving:
                why = "no lane leads from it; add one to lanes"
            else:
                why = _why_never(offer.offer, closed[offer.offer], market, network)
            yield Remark("offer", offer.offer, f"can never be bought: {why}")


def _why_never(name: str, controls: Collection[str], market: Market, network: Network) -> str:
    """Say why an offer with open lanes can be bought in no period."""
    window = market.full_years[name]
    if not any((name, period) in network.deliverable for period in window):
        if controls:
            return f"{_close(controls)} its lanes in every period in which it could leave and arrive in time"
        in_days = any(lane.origin == name and lane.lead_time_days is not None for lane in market.lanes)
        how = "in days are rounded up to whole periods" if in_days else "are in periods"
        return f"it would arrive after the last period; lead times {how}"
    if not any(network.wanted[name, period] > 0 for period in window):
        return "where its lanes lead, nothing of it is needed"
    return "nothing that it could process reaches it"


def _close(controls: Collection[str]) -> str:
    return f"{' and '.join(controls)} {'closes' if len(controls) == 1 else 'close'}"


def find_idle_tiers(instance: EnforcedInstance, market: Market, network: Network) -> Iterator[Remark]:
    """Yield prices that hold from a quantity on which cannot be bought."""
    most: dict[str, float] = {}
    yearly = {tier.offer for tier in market.tiers if tier.per == "year"}
    for counted in list_counted(market) if market.tiers else ():
        name, units = counted.offer, sum(network.quantities.get((counted.offer, p), 0.0) for p in counted.periods)
        most[name] = max(most.get(name, 0.0), units / counted.years)
        if name in yearly and counted.years < 1 - _BROKEN:
            said = (
                f"has tiers that count in {counted.span} over the {counted.years:.4g} years of it in which it is sold"
            )
            yield Remark("offer", name, said, said.replace("has", "have").replace("it is", "they are"))
    in_order = attrgetter("offer", "from_quantity")
    prepared = zip(sorted(instance.market.tiers, key=in_order), sorted(market.tiers, key=in_order), strict=True)
    first = {stated.key: own.from_quantity for stated, own in prepared}
    for tier in instance.market.tiers:
        last = most.get(tier.offer, 0.0)
        if last <= 0:
            continue  # told of the offer
        if first[tier.key] > last * (1 - ROUNDING if tier.kind == "incremental" else 1 + ROUNDING):
            name = f"of {tier.offer} from {format_amount(tier.from_quantity)}"
            yield Remark("tier", name, "is never reached: no plan can buy so much in a year")


def find_repeated_terms(market: Market) -> Iterator[Remark]:
    """Yield terms of a period that are those of the offer, or of a period in which it is not sold."""
    window = {offer.offer: market.window(offer) for offer in market.offers} if market.terms else {}
    for terms in market.terms:
        offer, name = market.offer[terms.offer], f"of {terms.offer} in {terms.period}"
        if terms.period not in window[terms.offer]:
            never = "without effect: the offer cannot be bought in that period"
            yield Remark("row of terms", name, f"is {never}", f"are {never}")
        elif all(getattr(terms, column) in {None, getattr(offer, column)} for column in terms.DIFFERS):
            same = "as the offer says for every period"
            yield Remark("row of terms", name, f"is {same}", f"are {same}")


def find_idle_terms(instance: EnforcedInstance, market: Market) -> Iterator[Remark]:
    """Yield terms of offers that nothing in the instance looks at."""
    kept = any(isinstance(limit, IncumbentsLimit) for limit in instance.limits)
    paid = {tier.offer for tier in market.tiers if tier.price < 0}
    no_use = (
        "an incumbent_quantity without effect on a plan: no switching_cost, no ramp, and no limit on incumbents; "
        "lodeplan exposure reads it"
    )
    for offer in market.offers:
        if offer.minimum_take_per == "year":
            yield from _counting_over_years(offer, market)
        if offer.incumbent_quantity and not (kept or offer.switching_cost or offer.ramp is not None):
            yield Remark("offer", offer.offer, f"has {no_use}", f"have {no_use}")
        if offer.resale and min(market.prices(offer.offer)) >= 0 and offer.offer not in paid:
            no_use_of = "resale without effect: no price is below 0"
            yield Remark("offer", offer.offer, f"says {no_use_of}", f"say {no_use_of}")


def _counting_over_years(offer: Offer, market: Market) -> Iterator[Remark]:
    """Yield what is remarkable of a minimum take that counts over calendar years: none, or of a broken year."""
    if not market.has_minimum_take(offer.offer):
        no_use = "minimum_take_per = year without effect: no minimum_take"
        yield Remark("offer", offer.offer, f"says {no_use}", f"say {no_use}")
        return
    for year, periods in market.calendar_years.items():
        there = sum(market.years[period] for period in periods)
        if there < 1 - _BROKEN:
            said = f"counts its minimum take in {year} over the {there:.4g} years of it that lie in the horizon"
            yield Remark("offer", offer.offer, said, said.replace("counts its", "count their"))


_BROKEN = 1e-3
"""Of a year may be missing in the sum of periods that are stated to three digits."""
