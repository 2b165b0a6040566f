"""The least cost of a small instance by trying every choice, straight from its records.

Nothing of the program in `models` is used: every combination of contracts signed, periods of running,
lanes in use, price tiers and sources is one linear program, solved by SciPy; the least of them is the
optimum. Written from the words of the tables, with other formulas than the program's (a tier is an
interval with a straight line of cost, a source a subset), so that the two can only agree by being right.
"""

from __future__ import annotations

import datetime
import math
from collections import defaultdict
from dataclasses import dataclass, field
from itertools import combinations, pairwise, product
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.optimize import linprog

from models.records.countries import UNDISCLOSED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from models.instance import Instance
    from models.market import Lane, Market, Offer

Sum = dict[Any, float]
"""Coefficients by variable: a key of a flow, an unmet demand, a stock or an excess."""


@dataclass
class Option:
    """One way to settle a choice: rows ``sum <= bound``, and costs by name, fixed and by unit."""

    rows: list[tuple[Sum, float]] = field(default_factory=list)
    fixed: dict[str, float] = field(default_factory=dict)
    unit: dict[str, Sum] = field(default_factory=dict)


def plus(*sums: Sum) -> Sum:
    total: Sum = defaultdict(float)
    for part in sums:
        for key, number in part.items():
            total[key] += number
    return dict(total)


def times(factor: float, part: Sum) -> Sum:
    return {key: factor * number for key, number in part.items()}


class Oracle:
    """The linear program that is left when all choices are made, and the choices."""

    def __init__(self, instance: Instance) -> None:
        self.market: Market = instance.market
        self.limits = instance.limits
        self.periods = list(self.market.years)
        self.equal: list[tuple[Sum, float]] = []
        self.always = Option()
        self.choices: list[list[Option]] = []
        self.caps: dict[Any, float] = {}
        """Upper bounds of variables that have one."""
        self.values: dict[Any, float] = {}
        """What the last linear program found."""
        self._held: dict[tuple[Any, ...], float] = {}
        self.lanes = {(lane.origin, lane.destination): lane for lane in self._lanes()}
        self.flows = [
            (*pair, period)
            for pair in self.lanes
            for period in self.sold(self.market.offer[pair[0]])
            if self.arrival(*pair, period) is not None
        ]
        self._balances()
        for offer in self.market.offers:
            self._terms(offer)
        for lane in self.lanes.values():
            self._way(lane)
        self._corridors()
        for limit in self.limits:
            getattr(self, f"_{limit.kind}")(limit)

    # What the tables say ------------------------------------------------------------------------

    def _lanes(self) -> Iterator[Lane]:
        for lane in self._listed():
            if any(self.open_share(lane, period) > 0 for period in self.periods):
                yield lane

    def open_share(self, lane: Lane, period: str) -> float:
        """Return the share of a period's days on which no control closes a lane."""
        return 1.0 - self.held(self.banning(lane), period)

    def banning(self, lane: Lane) -> list[Any]:
        """Return the controls that close a lane, whenever they hold."""
        home = self.market.offer[lane.origin]
        abroad = (self.market.offer.get(lane.destination) or self.market.site[lane.destination]).country
        return [
            c
            for c in self.market.controls
            if c.effect == "closed"
            and (c.material, c.stage, c.from_country) == (home.material, home.stage, home.country)
            and c.to_country in {None, abroad}
            and abroad != home.country
        ]

    def days(self, period: str) -> list[datetime.date]:
        """Return the days of a period, whose years are whole where the instance has a start, or the one day for all."""
        if self.market.start is None:
            return [self.market.as_of]
        start, place = self.market.start, self.periods.index(period)
        before = sum(self.market.years[one] for one in self.periods[:place])
        ends = [start.replace(year=start.year + int(years)) for years in (before, before + self.market.years[period])]
        return [ends[0] + datetime.timedelta(days=n) for n in range((ends[1] - ends[0]).days)]

    def held(self, facts: list[Any], period: str) -> float:
        """Return the share of a period's days on which any of some facts holds, counted day by day."""
        asked = (period, *map(id, facts))
        if asked not in self._held:
            days = self.days(period) if facts else [self.market.as_of]
            self._held[asked] = sum(any(self.on(fact, day) for fact in facts) for day in days) / len(days)
        return self._held[asked]

    def on(self, fact: Any, day: datetime.date) -> bool:
        """Whether a duty or a control holds on a day, as known on the instance's."""
        valid = (fact.valid_from or day) <= day <= (fact.valid_to or day)
        paused = (fact.suspended_from or day) <= day <= (fact.suspended_to or day)
        known = (fact.known_from or self.market.as_of) <= self.market.as_of
        return known and valid and not (paused and (fact.suspended_from or fact.suspended_to))

    def _listed(self) -> Iterator[Lane]:
        from models.market import Lane

        if self.market.lanes:
            yield from self.market.lanes
            return
        for offer in self.market.offers:
            chain = self.market.material[offer.material].stages
            if offer.stage == chain[-1]:
                for site in self.market.site:
                    yield Lane(origin=offer.offer, destination=site)
            for other in self.market.offers:
                following = other.material == offer.material and other.yield_ is not None
                if following and chain.index(other.stage) == chain.index(offer.stage) + 1:
                    yield Lane(origin=offer.offer, destination=other.offer)

    def arrival(self, origin: str, destination: str, period: str) -> str | None:
        position = self.periods.index(period) + self.lanes[origin, destination].lead_time
        return self.periods[position] if position < len(self.periods) else None

    def sold(self, offer: Offer) -> dict[str, float]:
        """Return the share of its capacity that an offer has, by period in which it sells."""
        first = self.periods.index(offer.from_period or self.periods[0])
        last = self.periods.index(offer.to_period or self.periods[-1])
        shares = {}
        for position in range(first + offer.qualification, last + 1):
            since = position - first - offer.qualification
            shares[self.periods[position]] = offer.ramp_up[since] if since < len(offer.ramp_up) else 1.0
        return shares

    def bought(self, offer: str, period: str) -> Sum:
        return {flow: 1.0 for flow in self.flows if flow[0] == offer and flow[2] == period}

    def arriving(self, destination: str, material: str, period: str) -> Sum:
        return {
            flow: 1.0
            for flow in self.flows
            if flow[1] == destination
            and self.market.offer[flow[0]].material == material
            and self.arrival(*flow) == period
        }

    def _under_way(self, destination: str, material: str, period: str) -> list[Any]:
        return [row for row in self.market.under_way if row.key == (destination, material, period)]

    def spend(self, name: str, units: Sum) -> None:
        self.always.unit[name] = plus(self.always.unit.get(name, {}), units)

    def _shortage_cost(self, site: str, material: str, period: str) -> float | None:
        """Return what the row of demand says, or else its material."""
        rows = [d for d in self.market.demand if (d.site, d.material, d.period) == (site, material, period)]
        own = rows[0].shortage_cost if rows else None
        return self.market.material[material].shortage_cost if own is None else own

    def _holding_cost(self, stock: Any, period: str) -> float:
        """Return what the row of the period says, or else the stock."""
        said = [row for row in self.market.stock_terms if row.key == (*stock.key, period)]
        return float((said[0] if said else stock).holding_cost)

    def _balances(self) -> None:
        market = self.market
        stock = {(record.site, record.material): record for record in market.stock}
        for site, material in product(market.site, market.material):
            record = stock.get((site, material))
            for position, period in enumerate(self.periods):
                need = market.needed.get((site, material, period), 0.0)
                rows = self._under_way(site, material, period)
                balance = self.arriving(site, material, period)
                price = self._shortage_cost(site, material, period)
                if price is not None and need:
                    unmet = ("unmet", site, material, period)
                    self.caps[unmet] = need
                    balance[unmet] = 1.0
                    self.spend("shortage", {unmet: price})
                if record:
                    kept = ("stock", site, material, period)
                    self.caps[kept] = record.capacity
                    balance[kept] = -1.0
                    self.spend("holding", {kept: self._holding_cost(record, period) * market.years[period]})
                    if position:
                        balance["stock", site, material, self.periods[position - 1]] = 1.0
                    else:
                        need -= record.opening
                    if period == self.periods[-1]:
                        self.always.rows.append(({kept: -1.0}, -record.closing_minimum))
                self.equal.append((balance, need - sum(row.quantity for row in rows)))

    def _terms(self, offer: Offer) -> None:
        years = self.market.years
        most = {
            period: self.term(offer, period, "capacity") * share * years[period]
            for period, share in self.sold(offer).items()
        }
        window = list(most)
        amounts = {period: self.bought(offer.offer, period) for period in window}
        for period, amount in amounts.items():
            self.always.rows.append((amount, most[period]))
        agreed = {c.period: c.quantity for c in self.market.commitments if c.offer == offer.offer}
        self.always.rows += [(times(-1.0, amounts[period]), -units) for period, units in agreed.items()]
        if offer.yield_ is not None:
            for period in self.periods:
                feed = times(offer.yield_, self.arriving(offer.offer, offer.material, period))
                made = offer.yield_ * sum(row.quantity for row in self._under_way(offer.offer, offer.material, period))
                self.equal.append((plus(feed, times(-1.0, amounts.get(period, {}))), -made))
        if offer.ramp is not None:
            if offer.incumbent_quantity is not None:
                first = (offer.incumbent_quantity + offer.ramp) * years[window[0]]
                self.always.rows.append((amounts[window[0]], first))
            for before, now in pairwise(window):
                growth = plus(times(1 / years[now], amounts[now]), times(-1 / years[before], amounts[before]))
                self.always.rows.append((growth, offer.ramp))
        self._open_days(offer, amounts, most)
        self._prices(offer, amounts)
        takes = {p: min(self.term(offer, p, "minimum_take") * years[p], most[p]) for p in window}
        if offer.fixed_cost or any(takes.values()) or offer.switching_cost or offer.opening_cost:
            nothing = [(amount, 0.0) for amount in amounts.values()]
            least = [(times(-1.0, amounts[p]), -takes[p] * self._widest(amounts[p])) for p in window if amounts[p]]
            known = bool(offer.incumbent_quantity)
            once = self.exchange(offer.currency, self.periods[0])
            without = Option(nothing, {"switching": once * offer.switching_cost if known else 0.0})
            paid = {"fixed": once * offer.fixed_cost, "opening": once * offer.opening_cost}
            signed = Option(least, paid | {"switching": 0.0 if known else once * offer.switching_cost})
            self.choices.append([without, signed])
        if offer.fixed_cost_per_period:
            for period, amount in amounts.items():
                paid = {"fixed": offer.fixed_cost_per_period * self.exchange(offer.currency, period)}
                self.choices.append([Option([(amount, 0.0)]), Option(fixed=paid)])

    def term(self, offer: Offer, period: str, column: str) -> float:
        """Return a term of an offer in a period; infinite where no capacity is stated."""
        rows = [row for row in self.market.terms if (row.offer, row.period) == (offer.offer, period)]
        values = [*(getattr(row, column) for row in rows), getattr(offer, column)]
        worth = self.exchange(offer.currency, period) if column == "price" else 1.0
        return next((worth * float(value) for value in values if value is not None), math.inf)

    def exchange(self, currency: str | None, period: str) -> float:
        """Return what one of a currency is worth on the mean of a period's days."""
        known = [
            (rate.from_date or datetime.date.min, rate.rate) for rate in self.market.rates if rate.currency == currency
        ]
        if not known:
            return 1.0
        held = [max(pair for pair in known if pair[0] <= day)[1] for day in self.days(period)]
        return math.fsum(held) / len(held)

    def passing(self, way: Any, period: str, column: str) -> float:
        """Return what a lane or a corridor costs or carries in a period; infinite where no capacity is stated."""
        key = getattr(way, "origin", None), getattr(way, "destination", None), getattr(way, "corridor", None)
        key = (*key[:2], None) if key[0] is not None else key
        rows = [r for r in self.market.lane_terms if ((r.origin, r.destination, r.corridor), r.period) == (key, period)]
        values = [*(getattr(row, column) for row in rows), getattr(way, column)]
        worth = self.exchange(way.currency, period) if column == "freight" else 1.0
        return next((worth * float(value) for value in values if value is not None), math.inf)

    def _open_days(self, offer: Offer, amounts: dict[str, Sum], most: dict[str, float]) -> None:
        """Let no set of lanes carry more than the offer sells, day by day, while one of them is open."""
        if offer.capacity is None or not self.market.controls:
            return
        for period, amount in amounts.items():
            closed = [flow for flow in amount if self.open_share(self.lanes[flow[:2]], period) < 1]
            days = self.days(period)
            for count in range(1, len(closed) + 1):
                for some in combinations(closed, count):
                    banning = [self.banning(self.lanes[flow[:2]]) for flow in some]
                    shut = sum(all(any(self.on(c, day) for c in bans) for bans in banning) for day in days)
                    self.always.rows.append((dict.fromkeys(some, 1.0), most[period] * (1 - shut / len(days))))

    def _prices(self, offer: Offer, amounts: dict[str, Sum]) -> None:
        kind = "purchases" if offer.yield_ is None else "processing"
        tiers = sorted((t for t in self.market.tiers if t.offer == offer.offer), key=lambda t: t.from_quantity)
        for period, amount in amounts.items():
            if not tiers:
                self.spend(kind, times(self.term(offer, period, "price"), amount))
                continue
            steps = [0.0, *(tier.from_quantity * self.market.years[period] for tier in tiers)]
            more = self.term(offer, period, "price") / offer.price
            prices = [more * price for price in (offer.price, *(tier.price for tier in tiers))]
            options, paid = [], 0.0
            for k, (start, price) in enumerate(zip(steps, prices, strict=True)):
                if k:
                    paid += prices[k - 1] * (start - steps[k - 1])
                rows = [(times(-1.0, amount), -start)]
                rows += [(amount, steps[k + 1])] if k + 1 < len(steps) else []
                fixed = 0.0 if tiers[0].kind == "all-units" else paid - price * start
                options.append(Option(rows, {kind: fixed}, {kind: times(price, amount)}))
            self.choices.append(options)

    def _widest(self, amount: Sum) -> float:
        """Return the greatest open share among the lanes of some flows of one period."""
        return max(self.open_share(self.lanes[flow[:2]], flow[2]) for flow in amount)

    def _way(self, lane: Lane) -> None:
        offer = self.market.offer[lane.origin]
        abroad = self.market.offer.get(lane.destination) or self.market.site[lane.destination]
        charged = [
            duty
            for duty in self.market.duties
            if (duty.material, duty.stage, duty.to_country) == (offer.material, offer.stage, abroad.country)
            and (duty.from_country == offer.country or (duty.from_country is None and offer.country != abroad.country))
        ]
        for period in self.periods:
            flow = (lane.origin, lane.destination, period)
            if flow not in self.flows:
                continue
            self.spend("freight", {flow: self.passing(lane, period, "freight")})
            stated = offer.customs_value
            own = None if stated is None else stated * self.exchange(offer.currency, period)
            value = self.term(offer, period, "price") if own is None else own
            rate = sum(duty.rate * self.held([duty], self.arrival(*flow) or period) for duty in charged)
            self.spend("duty", {flow: rate * max(value, 0.0)})
            years, share = self.market.years[period], self.open_share(lane, period)
            capacity = self.passing(lane, period, "capacity")
            if capacity < math.inf or share == 0:
                self.caps[flow] = 0.0 if share == 0 else capacity * years * share
            if lane.minimum or lane.fixed_cost:
                least = ({flow: -1.0}, -min(lane.minimum, capacity) * years * share)
                paid = lane.fixed_cost * self.exchange(lane.currency, period)
                self.choices.append([Option([({flow: 1.0}, 0.0)]), Option([least], {"fixed": paid})])

    def _corridors(self) -> None:
        for corridor, period in product(self.market.corridors, self.periods):
            inside = {
                flow: 1.0
                for flow in self.flows
                if flow[2] == period and self.lanes[flow[:2]].corridor == corridor.corridor
            }
            years = self.market.years[period]
            capacity = self.passing(corridor, period, "capacity")
            if capacity < math.inf:
                self.always.rows.append((inside, capacity * years))
            if corridor.minimum or corridor.fixed_cost:
                least = (times(-1.0, inside), -corridor.minimum * years)
                paid = corridor.fixed_cost * self.exchange(corridor.currency, period)
                self.choices.append([Option([(inside, 0.0)]), Option([least], {"fixed": paid})])

    # What the limits say ------------------------------------------------------------------------

    def weights(self, offer: Offer, stage: str, by: str) -> dict[str, float]:
        if by in {"company", "offer"}:
            return {getattr(offer, by) if offer.stage == stage else UNDISCLOSED: 1.0}
        if offer.stage == stage and by == "place":
            return {offer.country: 1.0}
        if offer.stage == stage:
            of_offer = [(o.country, o.share) for o in self.market.owners if o.offer == offer.offer]
            of_company = [(o.country, o.share) for o in self.market.owners if o.company == offer.company]
            parts = of_offer or of_company
        else:
            told = [o for o in self.market.origins if (o.offer, o.stage) == (offer.offer, stage)]
            parts = [(o.country if by == "place" else o.owner or UNDISCLOSED, o.share or 0.0) for o in told]
        totals: dict[str, float] = defaultdict(float)
        for who, share in parts:
            totals[who] += share
        totals[UNDISCLOSED] += 1.0 - sum(share for _, share in parts)
        return {who: share for who, share in totals.items() if share > 1e-9}

    def cells(self, limit: Any) -> Iterator[tuple[str, str, list[str]]]:
        inside = [p for p in self.periods if limit.periods is None or p in limit.periods]
        for material in self.market.materials:
            for stage in material.stages:
                if limit.materials is not None and material.material not in limit.materials:
                    continue
                if limit.stages is not None and stage not in limit.stages:
                    continue
                for periods in [[p] for p in inside] if limit.per == "period" else [inside]:
                    yield material.material, stage, periods

    def worth(self, node: str) -> float:
        """Return what a unit makes at the last stage that goes to a site or a processor,.

        The markets here have two stages, so that whoever is fed sells at the last.
        """
        return 1.0 if node in self.market.site else float(self.market.offer[node].yield_ or 0.0)

    def attribution(
        self, material: str, stage: str, periods: list[str], by: str, *, arriving: bool = True
    ) -> dict[str, dict[str, tuple[float, Sum]]]:
        """Return (weight, amount) by who it is attributed to and offer: of what is bought, or of what arrives of it."""
        found: dict[str, dict[str, tuple[float, Sum]]] = defaultdict(dict)
        chain = self.market.material[material].stages
        for offer in self.market.offers:
            earlier = offer.yield_ is None and chain.index(stage) < chain.index(offer.stage)
            if offer.material == material and (offer.stage == stage or earlier):
                amount = plus(*(self.bought(offer.offer, period) for period in periods))
                if arriving:
                    amount = {flow: self.worth(flow[1]) for flow in amount}
                for who, share in self.weights(offer, stage, by).items():
                    found[who][offer.offer] = (share, amount)
        return found

    def supply(self, material: str, stage: str, periods: list[str]) -> Sum:
        return plus(
            *(
                amount
                for _, amount in (
                    p for o in self.attribution(material, stage, periods, "offer").values() for p in o.values()
                )
            )
        )

    def demand(self, material: str, periods: list[str]) -> float:
        return sum(units for (_, m, p), units in self.market.needed.items() if m == material and p in periods)

    def subjects(
        self, limit: Any, cell: tuple[str, str, list[str]], *, counts: bool
    ) -> Iterator[dict[str, tuple[float, Sum]]]:
        by = limit.basis or ("company" if "company" in (limit.each, "company" if limit.company else None) else "offer")
        found = self.attribution(*cell, by, arriving=limit.kind in {"share_cap", "share_floor"})
        if limit.each is not None:
            disclosed = [[who] for who in found if who not in limit.exempt and who != UNDISCLOSED]
            groups = disclosed or ([[UNDISCLOSED]] if counts and limit.basis else [])
        elif limit.bloc is not None:
            members = list(self.market.blocs[limit.bloc])
            groups = [members] if limit.group == "total" else [[who] for who in members]
        else:
            who = limit.country or limit.company or limit.offer
            floor = limit.kind in {"share_floor", "quantity_floor"}  # holds everywhere; a cap where a company sells
            groups = [[who]] if limit.country or floor or who in found else []
        for group in groups:
            parts: dict[str, tuple[float, Sum]] = {}
            for who in {*group, *([UNDISCLOSED] if counts else [])}:
                for offer, (share, amount) in found.get(who, {}).items():
                    parts[offer] = (parts.get(offer, (0.0, {}))[0] + share, amount)
            yield parts

    def ask(self, limit: Any, less: Sum, bound: float, options: Option | None = None) -> None:
        """Add ``less <= bound``, at a penalty when the limit is soft."""
        if limit.penalty is not None:
            excess = ("excess", limit.name, len(self.caps), len(self.always.rows))
            self.spend("penalty", {excess: limit.penalty})
            less = less | {excess: -1.0}
        (options or self.always).rows.append((less, bound))

    def _share(self, limit: Any, sign: float, level: float, *, counts: bool) -> None:
        for cell in self.cells(limit):
            for parts in self.subjects(limit, cell, counts=counts):
                held = plus(*(times(share, amount) for share, amount in parts.values()))
                if limit.of == "demand":
                    self.ask(limit, times(sign, held), sign * level * self.demand(cell[0], cell[2]))
                else:
                    self.ask(limit, times(sign, plus(held, times(-level, self.supply(*cell)))), 0.0)

    def _share_cap(self, limit: Any) -> None:
        self._share(limit, 1.0, limit.max_share, counts=limit.undisclosed == "counts")

    def _share_floor(self, limit: Any) -> None:
        self._share(limit, -1.0, limit.min_share, counts=False)

    def _quantity(self, limit: Any, sign: float, level: float, *, counts: bool) -> None:
        for cell in self.cells(limit):
            for parts in self.subjects(limit, cell, counts=counts):
                held = plus(*(times(share, amount) for share, amount in parts.values()))
                self.ask(limit, times(sign, held), sign * level)

    def _quantity_cap(self, limit: Any) -> None:
        self._quantity(limit, 1.0, limit.max_quantity, counts=limit.undisclosed == "counts")

    def _quantity_floor(self, limit: Any) -> None:
        self._quantity(limit, -1.0, limit.min_quantity, counts=False)

    def _ban(self, limit: Any) -> None:
        for cell in self.cells(limit):
            for parts in self.subjects(limit, cell, counts=limit.undisclosed == "counts"):
                out = [amount for share, amount in parts.values() if share >= max(limit.from_share, 1e-9)]
                self.ask(limit, plus(*out), limit.max_quantity)

    def _least_sources(self, limit: Any) -> None:
        for cell in self.cells(limit):
            least = limit.counts_from * self.demand(cell[0], cell[2])
            if not least:
                continue
            found = self.attribution(*cell, limit.basis or limit.count)
            named = [who for who in found if who != UNDISCLOSED]
            options = []
            for chosen in combinations(named, limit.min_sources):
                sums = [plus(*(times(-w, a) for w, a in found[who].values())) for who in chosen]
                options.append(Option([(held, -least) for held in sums]))
            self.choices.append(options)

    def _most_sources(self, limit: Any) -> None:
        for cell in self.cells(limit):
            found = self.attribution(*cell, limit.basis or limit.count)
            options = []
            for left_out in combinations(found, max(0, len(found) - limit.max_sources)):
                sums = [plus(*(a for _, a in found[who].values())) for who in left_out]
                options.append(Option([(held, 0.0) for held in sums]))
            self.choices.append(options)

    def _budget_cap(self, limit: Any) -> None:
        """Leave it to `least_cost`: what is spent depends on the options chosen."""

    # All choices --------------------------------------------------------------------------------

    @property
    def combinations(self) -> int:
        return math.prod(len(options) for options in self.choices)

    def least_cost(self) -> float:
        """Return the least cost over all choices, infinite when none has a plan."""
        return min((self._solve(options) for options in product(*self.choices)), default=math.inf)

    def _solve(self, chosen: tuple[Option, ...]) -> float:
        options = [self.always, *chosen]
        fixed: dict[str, float] = defaultdict(float)
        unit: dict[str, Sum] = defaultdict(dict)
        for option in options:
            for name, cost in option.fixed.items():
                fixed[name] += cost
            for name, sums in option.unit.items():
                unit[name] = plus(unit[name], sums)
        rows = [row for option in options for row in option.rows]
        for limit in self.limits:
            if limit.kind == "budget_cap":
                names = set(fixed | unit) - {"penalty"}
                counted = names if limit.costs is None else names & set(limit.costs)
                rows.append((plus(*(unit[n] for n in counted)), limit.max_cost - sum(fixed[n] for n in counted)))
        total = plus(*unit.values())
        keys = {key for less, _ in rows + self.equal for key in less} | set(total) | set(self.caps)
        if not keys:
            return sum(fixed.values()) if all(not bound for _, bound in self.equal) else math.inf
        place = {key: i for i, key in enumerate(sorted(keys, key=repr))}
        prices = np.zeros(len(place))
        for key, price in total.items():
            prices[place[key]] = price
        less, most = _matrix(rows, place)
        same, value = _matrix(self.equal, place)
        found = linprog(
            prices, A_ub=less, b_ub=most, A_eq=same, b_eq=value, bounds=[(0, self.caps.get(key)) for key in place]
        )
        self.values = dict(zip(place, found.x, strict=True)) if found.status == 0 else {}
        return float(found.fun) + sum(fixed.values()) if found.status == 0 else math.inf


def _matrix(rows: list[tuple[Sum, float]], place: dict[Any, int]) -> tuple[Any, Any]:
    left: Any = np.zeros((len(rows), len(place)))
    right: Any = np.zeros(len(rows))
    for number, (terms, bound) in enumerate(rows):
        right[number] = bound
        for key, factor in terms.items():
            left[number, place[key]] += factor
    return left, right
