"""content.csv: who is behind what is in each product, by place and by control."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal

from models.market.products import made_of
from models.records.tolerances import RECOUNTED
from optimizer.tables.table import KEY, MASS, SHARE, Row, Table, Units, of_account

if TYPE_CHECKING:
    from collections.abc import Iterator

    from optimizer.results.account import Account


@dataclass(frozen=True, slots=True)
class ProductContent(Row):
    """A country behind a material in a product: the products of a site share what it buys in proportion."""

    product: Annotated[str, KEY]
    """Which product it is in."""
    site: Annotated[str, KEY]
    """Which site makes it."""
    period: Annotated[str, KEY]
    """In which period."""
    material: Annotated[str, KEY]
    """Of which material."""
    stage: Annotated[str, KEY]
    """At which of its stages: what goes to the site at the last, all that is bought at an earlier one."""
    basis: Annotated[Literal["place", "control"], KEY]
    """Whether the country is where it is made, or where those sit who control it."""
    country: Annotated[str, KEY]
    """Who is behind it; `ZZ` is what nobody declared."""
    quantity: Annotated[float, MASS]
    """Its part of what all units of the product hold of the material, without scrap. What stays unmet or comes out of
    a stock is nobody's, as in a [content_cap](limits.md#what-is-in-a-product); what goes into a stock is left out."""
    share: Annotated[float, SHARE]
    """Its part of what is bought of the material in the period."""


def list_content(account: Account, _: Units) -> Iterator[ProductContent]:
    """Yield who is behind each material in each product, where anything of it is bought."""
    market = account.market
    for made, row in made_of(market.products, market.bill_of_materials):
        chain = market.material[row.material].stages
        for stage in chain if made.quantity > 0 else ():
            sites = (made.site,) if stage == chain[-1] else None
            for basis in _BASES:
                found = account.exposure.attribution(
                    account, basis, row.material, stage, (made.period,), sites, arriving=True
                ).total_units()
                whole, need = sum(found.values()), market.demand_of(row.material, (made.period,), sites)
                for country, units in sorted(found.items()):
                    if units > RECOUNTED * whole:
                        yield ProductContent(
                            product=made.product,
                            site=made.site,
                            period=made.period,
                            material=row.material,
                            stage=stage,
                            basis=basis,
                            country=country,
                            quantity=made.quantity * row.quantity * units / max(need, whole),
                            share=units / whole,
                        )


_BASES: tuple[Literal["place", "control"], ...] = ("place", "control")

CONTENT = Table(
    "content",
    ProductContent,
    of_account(list_content),
    only="Only where the instance has `products`.",
    is_there=lambda planned: bool(planned.instance.market.products),
)
