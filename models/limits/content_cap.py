r"""At most a share of what is in a product may be attributed to one country, bloc, company or offer.

Words: of the value of what is in a cell, at most 25 % may come from a foreign entity of concern; a magnet may hold no
more than 0.1 % of its mass from China.

Mathematics, for each product p, stage s, subject k and period (or horizon) T, over the sites n that make it and the
materials m in it that have the stage:

    sum_{n, m, t in T} c_{pm} u_{pnt} / D_{mnt} * sum_i (w_{iks} + w_{i,ZZ,s}) x_{int}
        <=  level * sum_{n, t in T} u_{pnt} * sum_m c_{pm}

| symbol     | meaning                                                                    | unit             |
|------------|----------------------------------------------------------------------------|------------------|
| c_{pm}     | what a unit of the product holds of m, without scrap: quantity, or value   | quantity or money|
| u_{pnt}    | units of the product that site n makes in t                                | product's own    |
| D_{mnt}    | demand of site n for m in t, of all its products and what is stated        | quantity         |
| x_{int}    | what moves of offer i to site n in t (see below)                           | quantity         |
| w_{iks}    | weight with which a unit of offer i is attributed to k at stage s          | 1                |
| w_{i,ZZ,s} | the part that nobody declared; left out with undisclosed = "apart"         | 1                |

The products of a site share its mix of a material in proportion to what they need. Which site a unit goes to is known
at the last stage alone: at an earlier one x is what arrives of all that is bought there, and D the demand of all sites.
Shares are of what is needed: what stays unmet or comes out of stock is attributed to nobody in that period, and what is
bought into stock counts in the period in which it is bought. The whole is a number, so that the row is linear.

>>> ContentCap(name="foreign", country="China", basis="control", max_share="0.1%", hard=True).level
0.001
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from pydantic import Field

from models.algebra.expressions import linear
from models.limits.contract.limit import Key, Reading, Row, list_unstated, unknown_names
from models.limits.contract.subject import SubjectLimit, Terms, add_up_shares, total_units
from models.market.products import made_of
from models.records.countries import UNDISCLOSED
from models.records.fields import Names, Share

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from models.market import BillOfMaterials, Market, Product
    from models.market.attribution import Attribution
    from models.market.exposure import Ledger

_Cells = list[tuple[float, "Attribution", "Collection[str]"]]
"""What a unit that arrives brings into a product, who is behind what arrives, and who sells at that stage at all, by
site, material and period."""


class ContentCap(SubjectLimit):
    """At most `max_share` of what is in a product is attributed to the subject."""

    LEVEL: ClassVar[str] = "max_share"
    UNIT: ClassVar[Literal["share"]] = "share"
    SENSE: ClassVar[Literal["at most"]] = "at most"
    IN_RESPONSES: ClassVar[bool] = True
    ARRIVING: ClassVar[bool] = True
    REPAIR: ClassVar[str] = "let {new} of a product be of {who} instead of {old}"

    kind: Literal["content_cap"] = "content_cap"
    max_share: Share
    """Share of the content, from 0 to 1."""
    by: Literal["mass", "value"] = "mass"
    """Whether content is added up by quantity, each material's in its own basis, or by the `value` that the bill of
    materials states."""
    products: Names | None = Field(default=None, min_length=1)
    """Products that it holds for, each by itself; absent = every product."""
    undisclosed: Literal["counts", "apart"] = "counts"
    """Whether what nobody declared counts against every subject, or is left apart."""

    @property
    def holds_with_less(self) -> bool:
        """Yes: its whole is what products hold, whatever is bought."""
        return True

    def excess_unit(self, mass: str, currency: str) -> str:
        """Return the unit of its rows: mass, or money."""
        return mass if self.by == "mass" else currency

    def size(self, key: Key, market: Market) -> float:
        """Return the content of the product that a row speaks of."""
        product = key.who.rpartition(": ")[0]
        periods = (key.period,) if key.period else tuple(market.years)
        return sum(units for _, _, units in self._content(market, product, periods)) or 1.0

    def rows(self, m: Any, here: Any) -> Iterator[Row]:
        """Yield ``attributed <= level * content``, in quantity or money."""
        for key, whole, cells in self._products(m):
            for who, (terms, _) in self._attributed(m.market, cells).items():
                yield Row(key.of(f"{key.who}: {who}"), linear(terms), here.level * whole)

    def recount(self, plan: Ledger) -> Iterator[Reading]:
        """Yield the share of each product that is attributed to each subject in a plan."""
        for key, whole, cells in self._products(plan):
            for who, (terms, unknown) in self._attributed(plan.exposure.market, cells).items():
                units = total_units(terms)
                hidden = total_units(unknown) / whole
                excess = max(0.0, units - self.max_share * whole)
                yield Reading(key.of(f"{key.who}: {who}"), units / whole, self.max_share, excess, undisclosed=hidden)

    def couples(self, market: Market) -> Iterator[tuple[str, ...]]:
        """Yield the materials in each product."""
        for product in self._named(market):
            yield tuple(row.material for row in self._holds(market, product))

    def speaks_of(self, material: str, market: Market) -> bool:
        """Whether a material is in any product that the limit holds for."""
        return any(row.material == material for name in self._named(market) for row in self._holds(market, name))

    def problems(self, market: Market) -> Iterator[str]:
        """Yield one sentence for every name that the market does not know, and for values that are not stated."""
        yield from super().problems(market)
        if not market.products:
            yield "products: the instance has none; add the tables products and bill_of_materials"
            return
        yield from unknown_names("products", self.products, {made.product for made in market.products})
        held = [row for product in self._named(market) for row in self._holds(market, product)]
        if self.by == "value":
            without = [f"{row.material} in {row.product}" for row in held if row.value is None]
            yield from list_unstated("by: the value in bill_of_materials", without, "material")

    def _products(self, book: Ledger) -> Iterator[tuple[Key, float, _Cells]]:
        """Yield each (stage, product, period) that holds anything, with all its content, and what can bring it."""
        market = book.exposure.market
        stages = dict.fromkeys(stage for _, stage in self.stages_of(market))
        for product in self._named(market):
            for label, periods in self.spans(market):
                content = list(self._content(market, product, periods))
                whole = sum(units for _, _, units in content)
                for stage in stages if whole > 0 else ():
                    yield Key(stage=stage, who=product, period=label), whole, self._cells(book, stage, content)

    def _cells(self, book: Ledger, stage: str, content: list[tuple[Product, str, float]]) -> _Cells:
        market = book.exposure.market
        cells: _Cells = []
        for made, material, units in content:
            chain, span = market.material[material].stages, (made.period,)
            sites = (made.site,) if stage == chain[-1] else None
            need = market.demand_of(material, span, sites)
            if stage in chain and need > 0:
                found = book.exposure.attribution(book, self.dimension, material, stage, span, sites, arriving=True)
                cells.append((units / need, found, book.exposure.shares_at(material, stage, self.dimension)))
        return cells

    def _attributed(self, market: Market, cells: _Cells) -> dict[str, tuple[Terms, Terms]]:
        """Return the terms of each subject, and those of them that nobody declared."""
        counts = self.undisclosed == "counts"
        known = {who: None for _, found, _ in cells for who in found.weights}
        subjects = dict(self.members(market, known))
        if counts and not subjects and UNDISCLOSED in known:
            sellers = {who for _, _, some in cells for who in some}
            subjects = dict.fromkeys(self.answering(sellers), ())
        terms: dict[str, tuple[Terms, Terms]] = {who: ([], []) for who in subjects}
        for factor, found, _ in cells:
            unknown = found.weights.get(UNDISCLOSED, {}) if counts else {}
            hidden = [(factor * share, amount) for share, amount in found.terms(unknown)]
            for who, members in subjects.items():
                shares = add_up_shares([unknown, *(found.weights.get(one, {}) for one in members)])
                terms[who][0].extend((factor * share, amount) for share, amount in found.terms(shares))
                terms[who][1].extend(hidden)
        return {who: (_together(all_of), hidden) for who, (all_of, hidden) in terms.items()}

    def _content(self, market: Market, product: str, periods: tuple[str, ...]) -> Iterator[tuple[Product, str, float]]:
        """Yield what is made of a product, with each material in it and how much of that it holds."""
        made = [row for row in market.products if row.product == product and row.period in periods and row.quantity]
        made = [row for row in made if self.sites is None or row.site in self.sites]
        for row, held in made_of(made, self._holds(market, product)):
            each = held.quantity if self.by == "mass" else held.value or 0.0
            yield row, held.material, row.quantity * each

    def _named(self, market: Market) -> list[str]:
        names = dict.fromkeys(row.product for row in market.products)
        return [name for name in names if self.products is None or name in self.products]

    def _holds(self, market: Market, product: str) -> list[BillOfMaterials]:
        rows = (row for row in market.bill_of_materials if row.product == product)
        return [row for row in rows if self.concerns(row.material)]


def _together(terms: Terms) -> Terms:
    """Return terms in which no amount comes twice."""
    weights: dict[int, float] = defaultdict(float)
    amounts: dict[int, Any] = {}
    for number, (weight, amount) in enumerate(terms):
        key = number if isinstance(amount, float | int) else -1 - id(amount)
        weights[key] += weight
        amounts[key] = amount
    return [(weight, amounts[key]) for key, weight in weights.items()]
