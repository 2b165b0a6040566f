"""Limits on awards, suppliers and time, as the oracle of `oracle.py` reads them: every subset that may win is tried."""

from __future__ import annotations

from itertools import chain, combinations, count, pairwise, permutations, product
from typing import TYPE_CHECKING, Any

from models.records.countries import UNDISCLOSED
from tests.laws.oracle import Option, Oracle, Sum, plus, times

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from models.market import Offer


def subsets(names: Iterable[Any]) -> Iterator[tuple[Any, ...]]:
    known = list(names)
    return chain.from_iterable(combinations(known, size) for size in range(len(known) + 1))


class OracleOfAwards(Oracle):
    """An oracle that also knows who is bought from at all, today and earlier, and what is kept in stock."""

    def __init__(self, instance: Any) -> None:
        self.numbers = count()
        super().__init__(instance)

    def ask(self, limit: Any, less: Sum, bound: float, options: Option | None = None) -> None:
        """Add ``less <= bound``, with an excess of its own when the limit is soft."""
        if limit.penalty is not None:
            excess = ("excess", limit.name, next(self.numbers))
            self.spend("penalty", {excess: limit.penalty})
            less = less | {excess: -1.0}
        (options or self.always).rows.append((less, bound))

    def chosen(self, limit: Any, excess: float, rows: list[tuple[Sum, float]]) -> Iterator[Option]:
        """Yield an option that breaks a limit by so much, unless the limit is hard."""
        if excess <= 0:
            yield Option(rows)
        elif limit.penalty is not None:
            yield Option(rows, {"penalty": limit.penalty * excess})

    def sources(self, limit: Any, cell: tuple[str, str, list[str]]) -> dict[str, Sum]:
        """Return what is attributed to every declared source."""
        found = self.attribution(*cell, limit.basis or limit.count)
        return {
            who: plus(*(times(share, amount) for share, amount in parts.values()))
            for who, parts in found.items()
            if who != UNDISCLOSED
        }

    # Sources ------------------------------------------------------------------------------------

    def _split_award(self, limit: Any) -> None:
        for cell in self.cells(limit):
            demand = self.demand(cell[0], cell[2])
            for held in self.sources(limit, cell).values() if demand else ():
                wins = Option()
                self.ask(limit, times(-1.0, held), -limit.min_share * demand, wins)
                self.choices.append([Option([(held, 0.0)]), wins])

    def _dual_source(self, limit: Any) -> None:
        for cell in self.cells(limit):
            demand, whole = self.demand(cell[0], cell[2]), self.supply(*cell)
            sources = self.sources(limit, cell)
            options = []
            for real in subsets(sources) if demand else ():
                option = Option([(times(-1.0, sources[who]), -limit.counts_from * demand) for who in real])
                for who in sources or [UNDISCLOSED]:
                    others = plus(*(sources[other] for other in real if other != who))
                    self.ask(limit, plus(times(1.0 - limit.max_share, whole), times(-1.0, others)), 0.0, option)
                options.append(option)
            self.choices += [options] if options else []

    def _consistent_award(self, limit: Any) -> None:
        groups = list(self.cells(limit))
        if limit.over == "periods":
            groups = [(m, s, [p for _, _, [p] in groups]) for m, s, _ in groups[:1]]
        for material, stage, periods in groups:
            members: list[tuple[list[str], str | None]] = [(periods, site) for site in self.market.site]
            if limit.over == "periods":
                members = [([period], None) for period in periods]
            needs = [self.needed(material, inside, site) for inside, site in members]
            for who in self.sources(limit, (material, stage, periods)):
                shares = []
                for (inside, site), need in zip(members, needs, strict=True):
                    held = self.sources(limit, (material, stage, inside)).get(who, {})
                    there = {flow: w for flow, w in held.items() if site is None or flow[1] == site}
                    shares += [(times(1 / need, there), need)] if need else []
                self._same(limit, shares)

    def needed(self, material: str, periods: list[str], site: str | None) -> float:
        needed = self.market.needed.items()
        return sum(t for (s, m, p), t in needed if m == material and p in periods and site in (None, s))

    def _same(self, limit: Any, shares: list[tuple[Sum, float]]) -> None:
        """A share lies above no other by more than the level; by how much it does above the least is the excess."""
        if limit.penalty is None:
            for (one, _), (other, _) in permutations(shares, 2):
                self.always.rows.append((plus(one, times(-1.0, other)), limit.max_difference))
            return
        for one, need in shares:
            excess = ("excess", limit.name, next(self.numbers))
            self.spend("penalty", {excess: limit.penalty})
            for other, _ in shares:
                above = plus(one, times(-1.0, other), {excess: -1 / need})
                self.always.rows.append((above, limit.max_difference))

    # Named offers -------------------------------------------------------------------------------

    def taken(self, limit: Any, offer: str) -> Sum:
        return plus(*(self.bought(offer, p) for p in self.periods if limit.periods is None or p in limit.periods))

    def _requires(self, limit: Any) -> None:
        periods = [p for p in self.periods if limit.periods is None or p in limit.periods]
        options = [Option([(self.taken(limit, limit.offer), 0.0)])]
        for there in subsets(limit.needs):
            rows = []
            for name in there:
                enough = limit.counts_from * self.demand(self.market.offer[name].material, periods)
                rows.append((times(-1.0, self.taken(limit, name)), -enough))
            options += self.chosen(limit, limit.min_needed - len(there), rows)
        self.choices.append(options)

    def _at_most_of(self, limit: Any) -> None:
        options: list[Option] = []
        for out in subsets(limit.offers):
            rows = [(self.taken(limit, name), 0.0) for name in out]
            options += self.chosen(limit, len(limit.offers) - len(out) - limit.max_offers, rows)
        self.choices.append(options)

    # Today and earlier --------------------------------------------------------------------------

    def offers_at(self, material: str, stage: str) -> list[Offer]:
        return [o for o in self.market.offers if (o.material, o.stage) == (material, stage)]

    def now(self, offer: Offer, periods: Iterable[str]) -> Sum:
        return plus(*(self.bought(offer.offer, period) for period in periods))

    def today(self, offer: Offer, periods: Iterable[str]) -> float:
        return (offer.incumbent_quantity or 0.0) * sum(self.market.years[period] for period in periods)

    def _change_cap(self, limit: Any) -> None:
        cells = list(self.cells(limit))
        groups = [[cell] for cell in cells]
        if limit.group == "total":
            spans = dict.fromkeys(tuple(cell[2]) for cell in cells)
            groups = [[cell for cell in cells if tuple(cell[2]) == span] for span in spans]
        for group in groups:
            offers = [(offer, cell[2]) for cell in group for offer in self.offers_at(*cell[:2])]
            options: list[Option] = []
            for same in subsets(range(len(offers))):
                rows = []
                for offer, periods in (offers[number] for number in same):
                    known = self.today(offer, periods)
                    amount = self.now(offer, periods)
                    rows.append((times(-1.0, amount), -limit.kept_from * known) if known else (amount, 0.0))
                options += self.chosen(limit, len(offers) - len(same) - limit.max_changes, rows)
            self.choices += [options] if offers else []

    def _moved_cap(self, limit: Any) -> None:
        for material, stage, periods in self.cells(limit):
            known = [offer for offer in self.offers_at(material, stage) if offer.incumbent_quantity]
            most = limit.max_share * sum(self.today(offer, periods) for offer in known)
            if limit.penalty is None:
                for some in subsets(known):
                    stays = plus(*(times(-1.0, self.now(offer, periods)) for offer in some))
                    self.always.rows.append((stays, most - sum(self.today(offer, periods) for offer in some)))
            elif known:
                excess = ("excess", limit.name, next(self.numbers))
                self.spend("penalty", {excess: limit.penalty})
                for some in subsets(known):
                    stays = plus({excess: -1.0}, *(times(-1.0, self.now(offer, periods)) for offer in some))
                    self.always.rows.append((stays, most - sum(self.today(offer, periods) for offer in some)))

    def _lock(self, limit: Any) -> None:
        for material, stage, periods in self.cells(limit):
            for offer in self.offers_at(material, stage):
                if limit.offers is None or offer.offer in limit.offers:
                    rows = [row for row in self.market.earlier if row.offer == offer.offer and row.period in periods]
                    before = sum(row.quantity for row in rows)
                    if before:
                        self.ask(limit, times(-1.0, self.now(offer, periods)), -limit.min_share * before)

    # Time ---------------------------------------------------------------------------------------

    def _ramp_cap(self, limit: Any) -> None:
        inside = [p for p in self.periods if limit.periods is None or p in limit.periods]
        for material, stage in dict.fromkeys(cell[:2] for cell in self.cells(limit)):
            for before, period in pairwise(inside):
                needs = self.demand(material, [before]), self.demand(material, [period])
                if not all(needs):
                    continue
                found = [self.attribution(material, stage, [p], self.by(limit)) for p in (before, period)]
                whole = self.attribution(material, stage, inside, self.by(limit))
                for who in self.named(limit, whole):
                    shares = [
                        times(1 / need, plus(*(times(w, amount) for w, amount in parts.get(who, {}).values())))
                        for parts, need in zip(found, needs, strict=True)
                    ]
                    self._ramps(limit, shares, needs[1])

    def _ramps(self, limit: Any, shares: list[Sum], need: float) -> None:
        excess: Sum = {}
        if limit.penalty is not None:
            excess = {("excess", limit.name, next(self.numbers)): 1.0}
            self.spend("penalty", times(limit.penalty, excess))
        for one, other in permutations(shares):
            self.always.rows.append((plus(one, times(-1.0, other), times(-1 / need, excess)), limit.max_change))

    def by(self, limit: Any) -> str:
        return limit.basis or ("company" if limit.each == "company" or limit.company else "offer")

    def named(self, limit: Any, found: Iterable[str]) -> list[str]:
        who = limit.country or limit.company or limit.offer
        return [name for name in found if name != UNDISCLOSED and (limit.each or name == who)]

    def _cover_floor(self, limit: Any) -> None:
        inside = [p for p in self.periods if limit.periods is None or p in limit.periods]
        for material, period in product(self.market.material, inside):
            sites = [s for s in self.market.site if limit.sites is None or s in limit.sites]
            for group in [sites] if limit.group == "total" else [[site] for site in sites]:
                need = sum(self.needed(material, [period], site) for site in group)
                if need:
                    days = need / (365 * self.market.years[period])
                    kept = {("stock", s.site, s.material, period): -1.0 for s in self.market.stock if s.site in group}
                    self.ask(limit, kept, -limit.min_days * days)
