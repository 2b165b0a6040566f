"""``product``: what is made, changed row by row, and with it what that needs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Self

from models.changes.amounts import Amount, read_amount
from models.changes.change import FactChange, NotThenError
from models.changes.demand import find_rows
from models.changes.places import split_places
from models.changes.selection import choose, list_first
from models.market.products import with_products

if TYPE_CHECKING:
    from collections.abc import Collection

    from models.market import Market


@dataclass(frozen=True, kw_only=True)
class ProductChange(FactChange):
    """How much is made of a product."""

    VERB: ClassVar[str] = "product"
    FORM: ClassVar[str] = "PRODUCT[@WHERE][@PERIODS]=AMOUNT"
    EXAMPLE: ClassVar[str] = "product nmc811=+20%"

    product: str
    places: tuple[str, ...]
    amount: Amount

    @classmethod
    def read(cls, said: str, text: str, origin: str) -> Self:
        """Read ``PRODUCT[@WHERE][@PERIODS]=AMOUNT``."""
        target, value = cls.target_and_value(said)
        product, places = split_places(target)
        return cls(product=product, places=places, amount=read_amount(value), text=text, origin=origin)

    def find(self, market: Market) -> set[int]:
        """Return the rows of products that are meant, by their number."""
        if not market.products:
            msg = "the instance has no products; its demand is stated by material, so write demand MATERIAL=AMOUNT"
            raise ValueError(msg)
        names = set(choose(self.product, {"product": {row.product: [row.product] for row in market.products}}))
        made = {number for number, row in enumerate(market.products) if row.product in names}
        hit = set(made)
        for place in self.places:
            hit &= set(find_rows(place, market.products, market))
        if not hit:
            rows = [market.products[number] for number in sorted(made)]
            there = list_first([f"{row.product} at {row.site} in {row.period}" for row in rows])
            msg = f"nothing is made of {self.product} at {' and '.join(self.places)}; there is {there}"
            raise ValueError(msg)
        return hit

    def change(self, market: Market, found: Collection[int], within: Collection[str] | None = None) -> Market:
        """Change the quantity of every row that is meant, and what it adds to the demand."""
        hit = {number for number in found if within is None or market.products[number].period in within}
        if not hit:
            there = list_first(list(dict.fromkeys(market.products[number].period for number in sorted(found))))
            msg = f"none of it is made in {list_first(list(within or ()))}; some is in {there}"
            raise NotThenError(msg)
        changed = tuple(
            row.model_copy(update={"quantity": self.amount.of(row.quantity)}) if number in hit else row
            for number, row in enumerate(market.products)
        )
        return with_products(market.model_copy(update={"products": changed}))
