"""Lanes that can carry nothing, and duties, controls and corridors that meet none."""

from __future__ import annotations

import math
from functools import cached_property
from typing import TYPE_CHECKING

from models.market import Duty
from optimizer.notes.border import kind_of, own_facts, words_of
from optimizer.notes.remark import Remark

if TYPE_CHECKING:
    from collections.abc import Iterator

    from models.enforcement import EnforcedInstance
    from models.market import Lane, Market
    from models.market.borders import Borders
    from models.market.network import Network
    from optimizer.notes.border import AtBorder


def find_idle_ways(instance: EnforcedInstance, market: Market, network: Network) -> Iterator[Remark]:
    """Yield lanes and corridors without effect, then duties and controls of the instance's own that meet no lane."""
    yield from _lanes(market, network)
    yield from _free_by_sea(market)
    yield from _repeated(market)
    yield from _unbounded(market, network)
    used = {way.corridor for way in network.lanes.values()}
    for corridor in market.corridors:
        if corridor.corridor not in used:
            yield Remark("corridor", corridor.corridor, "has no open lane", "have no open lane")
    crossings = _Crossings(market, network)
    for fact in own_facts(instance):
        if not crossings.meet(fact):
            yield Remark(kind_of(fact), words_of(fact), "meets no lane", "meet no lane")
        elif isinstance(fact, Duty) and fact.rate == 0:
            yield Remark("duty", words_of(fact), "takes nothing: its rate is 0", "take nothing: their rate is 0")


def find_uncounted(market: Market) -> Iterator[Remark]:
    """Yield goods under way: they count in no share, as shares are of what a plan buys."""
    for destination, material, period in market.arriving_anyway:
        why, name = "shares are of what the plan buys", f"{material} under way to {destination} in {period}"
        of = "in no share of the stage at which"
        yield Remark("", name, f"counts {of} it was bought: {why}", f"count {of} they were bought: {why}")


def _lanes(market: Market, network: Network) -> Iterator[Remark]:
    """Yield lanes of an instance's own that can carry nothing, though what they start from can be bought."""
    carrying = network.carrying
    bought = {name for (name, _), units in network.quantities.items() if units > 0}
    idle = {(origin, to) for origin, to in network.lanes.keys() - carrying if origin in bought}
    for lane in market.lanes if idle else ():
        if (lane.origin, lane.destination) in idle:
            why = _why(lane, market, network.borders)
            yield Remark("lane", f"{lane.origin} to {lane.destination}", f"can carry nothing: {why}")


def _free_by_sea(market: Market) -> Iterator[Remark]:
    """Yield lanes that lead from port to port for nothing: an estimate of the freight is easily left unasked."""
    for lane in market.lanes:
        if lane.freight == 0 and (lane.from_port or lane.to_port):
            free = "free of freight; write sea there to have it estimated"
            yield Remark(
                "lane", f"{lane.origin} to {lane.destination}", f"has ports and is {free}", f"have ports and are {free}"
            )


def _repeated(market: Market) -> Iterator[Remark]:
    """Yield terms of lanes and corridors that are as these say for every period, or of a period without the offer."""
    if not market.lane_terms:
        return
    lanes = {(lane.origin, lane.destination): lane for lane in market.lanes}
    shared = {corridor.corridor: corridor for corridor in market.corridors}
    window = {offer.offer: market.window(offer) for offer in market.offers}
    for terms in market.lane_terms:
        lane = lanes.get((terms.origin or "", terms.destination or ""))
        way = lane or shared[terms.corridor or ""]
        name = f"of {' to '.join(filter(None, (terms.origin, terms.destination, terms.corridor)))} in {terms.period}"
        if lane is not None and terms.period not in window[lane.origin]:
            never = "without effect: the offer cannot be bought in that period"
            yield Remark("row of lane_terms", name, f"is {never}", f"are {never}")
        elif all(getattr(terms, column) in {None, getattr(way, column, None)} for column in terms.DIFFERS):
            same = "as for every period"
            yield Remark("row of lane_terms", name, f"is {same}", f"are {same}")


def _unbounded(market: Market, network: Network) -> Iterator[Remark]:
    """Yield lanes that lose nothing on the days on which they are closed, because nothing bounds them on the others."""
    borders = network.borders
    for (origin, destination), shares in borders.open_shares.items():
        carried = (market.passage.capacity(origin, destination, period) for period in shares)
        limited = market.is_limited(origin) or max(carried, default=0.0) < math.inf
        if any(shares.values()) and not limited:
            names = dict.fromkeys(control.control for control in borders.closures[origin, destination].controls)
            when = "closed by {} for part of a period and carries as much on the other days".format(" and ".join(names))
            why = "no capacity is stated, of the lane or of its offer"
            many = when.replace("carries", "carry")
            yield Remark("lane", f"{origin} to {destination}", f"is {when}: {why}", f"are {many}: {why}")


def _why(lane: Lane, market: Market, borders: Borders) -> str:
    most = [market.passage.rate(lane.origin, lane.destination, lane.corridor, period) for period in market.years]
    if max(most) <= 0:
        return "its capacity is 0" if lane.capacity == 0 else "its capacity is 0 in every period"
    if all(place + lag >= len(market.periods) for place, lag in enumerate(market.lags(lane))):
        return "what leaves over it arrives after the last period"
    shares = borders.open_shares.get((lane.origin, lane.destination), {})
    if 0 in shares.values():
        names = dict.fromkeys(c.control for c in borders.closures[lane.origin, lane.destination].controls)
        return f"{' and '.join(names)} closes it when anything could leave over it and be needed"
    return "what it leads to needs nothing of it in any period in which it arrives"


class _Crossings:
    """Borders that lanes cross, open or closed, by the material and stage of what they carry."""

    def __init__(self, market: Market, network: Network) -> None:
        """Look at lanes when a fact is first asked about."""
        self._market, self._network = market, network

    @cached_property
    def _ways(self) -> set[tuple[str, str, str, str]]:
        """Material and stage of what crosses, and the countries from which and into which."""
        market = self._market
        stands = {o.offer: o.country for o in market.offers} | {s.site: s.country for s in market.sites}
        goods = {o.offer: (o.material, o.stage) for o in market.offers}
        ways = ((lane.origin, lane.destination) for lane in self._network.borders.lanes)
        return {(*goods[origin], stands[origin], stands[destination]) for origin, destination in ways}

    @cached_property
    def _into(self) -> set[tuple[str, str, str]]:
        return {(material, stage, to) for material, stage, start, to in self._ways if start != to}

    @cached_property
    def _out_of(self) -> set[tuple[str, str, str]]:
        return {(material, stage, start) for material, stage, start, to in self._ways if start != to}

    def meet(self, fact: AtBorder) -> bool:
        """Whether any lane meets a duty or a control, whatever the day."""
        if fact.from_country is None:
            return (fact.material, fact.stage, fact.to_country) in self._into
        if fact.to_country is None:
            return (fact.material, fact.stage, fact.from_country) in self._out_of
        return (fact.material, fact.stage, fact.from_country, fact.to_country) in self._ways


def find_processing_duties(market: Market, network: Network) -> Iterator[Remark]:
    """Yield processors whose duty falls on their charge alone."""
    dutiable = {origin for (origin, _), way in network.lanes.items() if way.duty_rate > 0}
    dutiable |= {origin for origin, _ in network.borders.turning_rates}
    for offer in market.offers:
        charged = offer.offer in dutiable and offer.customs_value is None and max(market.prices(offer.offer)) > 0
        if charged and offer.yield_ is not None:
            of_one, of_many = (
                "its processing charge only; state its customs_value",
                "their processing charge only; state",
            )
            yield Remark("offer", offer.offer, f"pays duty on {of_one}", f"pay duty on {of_many} their customs_value")
