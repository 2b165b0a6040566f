"""Limits on figures, as the oracle of `oracle.py` reads them: from their words, offer by offer."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any

from models.records.countries import UNDISCLOSED
from tests.laws.oracle import Option, Oracle, Sum, plus, times

if TYPE_CHECKING:
    from collections.abc import Iterator

    from models.market import Offer


class OracleOfFigures(Oracle):
    """An oracle that also knows averages, totals, what is paid to a class, quotas and dependence."""

    def __init__(self, instance: Any) -> None:
        self.lumps: dict[int, tuple[str, str]] = {}
        """(offer, period) of the options of price tiers, of which a part of the price is a lump."""
        self.ratios: list[tuple[Any, list[Offer], list[str], Any]] = []
        """Limit, offers, periods and excess of each row on what is paid."""
        super().__init__(instance)

    # Attributes ---------------------------------------------------------------------------------

    def groups(self, limit: Any) -> Iterator[tuple[list[Offer], list[str]]]:
        """Yield the offers and periods of each row: those sold at a stage, or at all stages in scope."""
        cells = list(self.cells(limit))
        spans = {tuple(periods) for _, _, periods in cells}
        if limit.group == "total":
            stages = {(material, stage) for material, stage, _ in cells}
            for span in spans:
                yield [o for o in self.market.offers if (o.material, o.stage) in stages], list(span)
        else:
            for material, stage, periods in cells:
                yield [o for o in self.market.offers if (o.material, o.stage) == (material, stage)], periods

    def _figures(self, limit: Any, sign: float, level: float, *, mean: bool) -> None:
        for offers, periods in self.groups(limit):
            figures = [
                times(offer.attributes[limit.attribute] - (level if mean else 0.0), self.bought(offer.offer, period))
                for offer, period in product(offers, periods)
            ]
            if figures:
                self.ask(limit, times(sign, plus(*figures)), 0.0 if mean else level)

    def _average_cap(self, limit: Any) -> None:
        self._figures(limit, 1.0, limit.max_average, mean=True)

    def _average_floor(self, limit: Any) -> None:
        self._figures(limit, -1.0, limit.min_average, mean=True)

    def _total_cap(self, limit: Any) -> None:
        self._figures(limit, 1.0, limit.max_total, mean=False)

    # Flows and capacities -----------------------------------------------------------------------

    def _quota(self, limit: Any) -> None:
        ends = {o.offer: o.country for o in self.market.offers} | {s.site: s.country for s in self.market.sites}
        for material, stage, periods in self.cells(limit):
            leaving = {
                flow: 1.0
                for flow in self.flows
                if flow[2] in periods
                and (self.market.offer[flow[0]].material, self.market.offer[flow[0]].stage) == (material, stage)
                and ends[flow[0]] == limit.country != ends[flow[1]]
                and limit.to_country in (None, ends[flow[1]])
            }
            if leaving:
                years = sum(self.market.years[period] for period in periods)
                self.ask(limit, leaving, (limit.max_quantity - limit.committed) * years)

    def _dependence_cap(self, limit: Any) -> None:
        by = limit.each or ("company" if limit.company else "offer")
        for material, stage, periods in self.cells(limit):
            here = [o for o in self.market.offers if (o.material, o.stage) == (material, stage)]
            for who in {getattr(o, by) for o in here} if limit.each else {limit.company or limit.offer}:
                mine = [o for o in here if getattr(o, by) == who]
                bought = plus(*(self.bought(o.offer, period) for o, period in product(mine, periods)))
                capacity = sum(
                    self.term(o, period, "capacity") * share * self.market.years[period]
                    for o in mine
                    for period, share in self.sold(o).items()
                    if period in periods
                )
                self.ask(limit, bought, limit.max_share * capacity)

    def _content_cap(self, limit: Any) -> None:
        stages = {stage for _, stage, _ in self.cells(limit)}
        spans = {tuple(periods) for _, _, periods in self.cells(limit)}
        names = {made.product for made in self.market.products} & {*(limit.products or self._made)}
        for name, stage, periods in product(names, stages, spans):
            held: dict[str, Sum] = {}
            whole = 0.0
            for made, row in product(self.market.products, self.market.bill_of_materials):
                if made.product == row.product == name and made.period in periods and made.quantity:
                    units = made.quantity * (row.quantity if limit.by == "mass" else row.value or 0.0)
                    whole += units
                    for who, amount in self._brought(limit, stage, made.site, made.period, row.material).items():
                        held[who] = plus(held.get(who, {}), times(units, amount))
            if whole:
                for group in self._groups(limit, held):
                    less = plus(*(held.get(who, {}) for who in group))
                    self.ask(limit, less, limit.max_share * whole)

    @property
    def _made(self) -> set[str]:
        return {made.product for made in self.market.products}

    def _brought(self, limit: Any, stage: str, site: str, period: str, material: str) -> dict[str, Sum]:
        """Return who is behind a unit of a material that a site needs, as a share of what is needed."""
        chain = self.market.material[material].stages
        if stage not in chain:
            return {}
        last = stage == chain[-1]
        ends = [(site, material, period)] if last else [(s.site, material, period) for s in self.market.sites]
        need = sum(self.market.needed.get(end, 0.0) for end in ends)
        by = limit.basis or ("company" if "company" in (limit.each, "company" if limit.company else None) else "offer")
        found = {}
        for who, parts in self.attribution(material, stage, [period], by).items():
            amounts = [times(share / need, amount) for share, amount in parts.values()]
            there = plus(*amounts)
            found[who] = {flow: share for flow, share in there.items() if not last or flow[1] == site}
        return found

    def _groups(self, limit: Any, held: dict[str, Sum]) -> list[set[str]]:
        hidden = {UNDISCLOSED} if limit.undisclosed == "counts" else set()
        if limit.each is None:
            who = limit.country or limit.company
            return [{who} | hidden] if limit.country or who in held else []
        known = [{who} | hidden for who in held if who != UNDISCLOSED]
        return known or [hidden & held.keys()]

    # What is paid -------------------------------------------------------------------------------

    def _prices(self, offer: Offer, amounts: dict[str, Sum]) -> None:
        before = len(self.choices)
        super()._prices(offer, amounts)
        for options, period in zip(self.choices[before:], amounts, strict=False):
            self.lumps |= {id(option): (offer.offer, period) for option in options}

    def _value_ratio_floor(self, limit: Any) -> None:
        cells = list(self.cells(limit))
        for periods in dict.fromkeys(tuple(periods) for _, _, periods in cells):
            for materials in [{m for m, _, _ in cells}] if limit.group == "total" else [{m} for m, _, _ in cells]:
                stages = {(material, stage) for material, stage, _ in cells if material in materials}
                offers = [o for o in self.market.offers if (o.material, o.stage) in stages]
                excess = ("excess", limit.name, tuple(sorted(materials)), periods)
                if limit.penalty is None:
                    self.caps[excess] = 0.0
                elif excess not in self.always.unit.get("penalty", {}):
                    self.spend("penalty", {excess: limit.penalty})
                self.ratios.append((limit, offers, list(periods), excess))

    def is_in(self, limit: Any, offer: Offer) -> bool:
        if offer.company in (limit.companies or ()):
            return True
        bloc = self.market.blocs[limit.bloc] if limit.bloc else ()
        if limit.basis in {"place", "either"} and offer.country in bloc:
            return True
        if limit.basis not in {"control", "either"}:
            return False
        shares = self.weights(offer, offer.stage, "control")
        unknown = shares.get(UNDISCLOSED, 0.0) if limit.undisclosed == "counts" else 0.0
        tests = [(limit.from_share, shares.get(country, 0.0) + unknown) for country in bloc]
        tests.append((limit.together_from, sum(shares.get(country, 0.0) for country in bloc) + unknown))
        return any(least is not None and share > 1e-9 and share >= least - 1e-9 for least, share in tests)

    def _solve(self, chosen: tuple[Option, ...]) -> float:
        paid: list[tuple[str, str, Sum, float]] = []
        for option in (self.always, *chosen):
            for kind in ("purchases", "processing"):
                paid += [(*flow[::2], {flow: price}, 0.0) for flow, price in option.unit.get(kind, {}).items()]
            if id(option) in self.lumps:
                paid.append((*self.lumps[id(option)], {}, sum(option.fixed.values())))
        rows = []
        for limit, offers, periods, excess in self.ratios:
            names = {offer.offer for offer in offers}
            outside = {offer.offer for offer in offers if not self.is_in(limit, offer)}
            less: Sum = {excess: -1.0}
            bound = 0.0
            for offer, period, units, lump in paid:
                if offer in names and period in periods:
                    factor = limit.min_share - (1.0 if offer in outside else 0.0)
                    less = plus(less, times(factor, units))
                    bound -= factor * lump
            rows.append((less, bound))
        return super()._solve((*chosen, Option(rows)))
