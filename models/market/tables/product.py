"""Products: what sites make, and what a unit of it holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from models.market.tables.record import Record
from models.records.fields import Name, Positive, Quantity, Share

if TYPE_CHECKING:
    from collections.abc import Iterator


class Product(Record):
    """How much of a product a site makes within one period."""

    KEY = ("product", "site", "period")
    ONE = "product"
    NAMES: ClassVar = {"product": "products"}
    REFERS: ClassVar = {"site": "sites", "period": "periods"}

    product: Name
    site: Name
    period: Name
    quantity: Quantity
    """Units made in the period (not per year); what they need of materials adds to `demand`."""
    unit: Name | None = None
    """What a unit is, in words of your own (``GWh``, ``car``); the same in every row of a product."""


class BillOfMaterials(Record):
    """How much of a material's last stage a unit of a product holds."""

    KEY = ("product", "material")
    ONE = "row of bill_of_materials"
    REFERS: ClassVar = {"product": "products", "material": "materials", "basis": "bases"}
    PART = ("material",)
    AMOUNTS = ("quantity",)

    product: Name
    material: Name
    quantity: Positive
    """Units of the material that a unit of the product holds when it is made."""
    basis: Name | None = None
    """The [basis](units.md) of the quantity, when it is not the material's: ``kg LCE``."""
    scrap: Share = 0.0
    """Share of what is bought that is lost on the way into the product, from 0 to below 1: a unit needs
    ``quantity / (1 - scrap)``."""

    value: Quantity | None = None
    """What the material in a unit of the product is worth, in currency, for [`content_cap`](limits.md) by value."""

    @property
    def needed(self) -> float:
        """Units of the material that must be bought for a unit of the product, in the basis of the row."""
        return self.quantity / (1.0 - self.scrap)

    def faults(self) -> Iterator[tuple[str, str]]:
        """Yield that all is lost."""
        if self.scrap >= 1:
            yield "scrap", "nothing would be left of what is bought; write a share below 1"
