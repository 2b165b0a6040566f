"""What limits on attributes have in common: whose figures count, and what is bought of them.

An attribute is a figure of an offer as it is sold (the CO2 of a tonne, a score of risk), so an offer
counts at the stage at which it is sold, and at no earlier one: what its figure says of the stages
before is for whoever states it to decide, and no figure is counted twice.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import chain
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from models.algebra.batched import Expressions
from models.limits.contract.batched_rows import batch_rows
from models.limits.contract.limit import Key, list_unstated
from models.limits.contract.scoped import ScopedLimit
from models.records.fields import Name
from models.records.wording import suggest

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from models.market import Market, Offer
    from models.market.attribution import SpanBatch
    from models.market.exposure import Ledger

Sold = list[tuple["Offer", Any]]
"""(offer, units) pairs: amounts of a ledger; no amount comes twice."""

Number = TypeVar("Number")


class AttributeLimit(ScopedLimit):
    """A limit on a numeric attribute of what is bought."""

    attribute: Name
    """One of the `attributes` of the header; every offer in scope must state it."""
    group: Literal["each", "total"]
    """Each material and stage in scope by itself, or all of them in total, whose units add up."""

    @property
    def about(self) -> str:
        """The attribute: ``co2``, ``co2 in total``."""
        return self.attribute if self.group == "each" else f"{self.attribute} in total"

    def unit(self, mass: str, currency: str) -> str:  # noqa: ARG002 (an attribute has its own)
        """Return the name of the attribute, which is what it is measured in."""
        return self.attribute

    def sold(self, book: Ledger) -> Iterator[tuple[Key, Sold]]:
        """Yield each group with what is bought there, in units of `book`; groups without offers are left out."""
        groups: dict[Key, Sold] = defaultdict(list)
        for key, sold in self.by_cell(book):
            groups[self.group_of(key)] += sold
        yield from ((key, sold) for key, sold in groups.items() if sold)

    def on_model(self, m: Any) -> tuple[list[Key], Expressions, Expressions]:
        """Return the keys of the groups of a model, the sum of the figures of each, and the sum of what is bought."""

        def weighed(some: SpanBatch) -> dict[str, dict[str, float]]:
            offers = [m.market.offer[name] for name in some.positions]
            return {"": {o.offer: o.attributes[self.attribute] for o in offers if o.stage == some.stage}}

        rows = batch_rows(self, m, weighed)
        figures: dict[Key, list[Sequence[float]]] = defaultdict(list)
        units: dict[Key, list[Sequence[Any]]] = defaultdict(list)
        for key, weights, amounts in zip(rows.keys, rows.weights, rows.amounts, strict=True):
            figures[self.group_of(key)].append(weights)
            units[self.group_of(key)].append(amounts)
        keys = [key for key, parts in units.items() if any(parts)]
        bought = [_joined(units[key]) for key in keys]
        stated = Expressions.of(rows.family, bought, [_joined(figures[key]) for key in keys])
        return keys, stated, Expressions.of(rows.family, bought)

    def by_cell(self, book: Ledger) -> Iterator[tuple[Key, Sold]]:
        """Yield each (material, stage, period) with what is sold at that very stage, in units of `book`."""
        offers = book.exposure.market.offer
        for key, periods in self.cells(book.exposure.market):
            bought = book.exposure.bought(book, key.material, key.stage, periods, self.sites)
            sold = {name: amounts for name, amounts in bought.items() if offers[name].stage == key.stage}
            yield key, [(offers[name], units) for name, amounts in sold.items() for units in amounts]

    def group_of(self, cell: Key) -> Key:
        """Return what the row speaks of in which a (material, stage, period) is counted."""
        return cell if self.group == "each" else Key(period=cell.period)

    def size(self, key: Key, market: Market) -> float:
        """Return the figure that the demand would have at the highest of the attribute, above 0."""
        materials = [key.material] if key.material else [m for m in market.material if self.concerns(m)]
        periods = [key.period] if key.period else market.years
        highest = max((abs(offer.attributes[self.attribute]) for offer in self._counted(market)), default=0.0)
        return sum(market.demand_of(material, periods) for material in materials) * highest or 1.0

    def couples(self, market: Market) -> Iterator[tuple[str, ...]]:
        """Yield the materials in scope when they are added up."""
        if self.group == "total":
            yield tuple(dict.fromkeys(key.material for key, _ in self.cells(market)))

    def problems(self, market: Market) -> Iterator[str]:
        """Yield one sentence for every name that the market does not know, and for what is not stated."""
        yield from super().problems(market)
        if self.attribute not in market.attributes:
            hint = suggest(self.attribute, market.attributes)
            yield f"attribute: {self.attribute!r} is not declared; add it to `attributes` in the header{hint}"
            return
        without = [offer.offer for offer in self._counted(market) if self.attribute not in offer.attributes]
        yield from list_unstated(f"attribute: {self.attribute!r}", without)

    def extreme(self, sold: list[tuple[Offer, float]], need: float, *, highest: bool) -> tuple[float, float]:
        """Return the lowest (or highest) sum of figures of `need` units out of what can be bought, and those units.

        Fewer units where there are not as many.
        """
        figures, left = 0.0, need
        for offer, units in sorted(sold, key=lambda pair: pair[0].attributes[self.attribute], reverse=highest):
            taken = min(units, left)
            figures += taken * offer.attributes[self.attribute]
            left -= taken
        return figures, need - left

    def _counted(self, market: Market) -> Iterator[Offer]:
        """Yield the offers in scope, whatever is bought of them."""
        cells = {(key.material, key.stage) for key, _ in self.cells(market)}
        return (offer for offer in market.offers if (offer.material, offer.stage) in cells)


def _joined(parts: list[Sequence[Number]]) -> Sequence[Number]:
    return parts[0] if len(parts) == 1 else list(chain.from_iterable(parts))
