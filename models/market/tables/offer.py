"""Offers: who sells what, where, and on which terms."""

from __future__ import annotations

from itertools import chain, repeat
from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from models.market.tables.record import Record
from models.records.fields import (
    Count,
    Country,
    Flag,
    Name,
    Number,
    PositiveShare,
    Quantity,
    Rate,
    RisingShares,
    Room,
    Share,
)
from models.records.wording import format_exactly

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence


class Offer(Record):
    """What one site sells: company, material, stage, place and terms."""

    KEY = ("offer",)
    ONE = "offer"
    NAMES: ClassVar = {"offer": "offers", "company": "companies"}
    REFERS: ClassVar = {
        "material": "materials",
        "stage": "stages",
        "basis": "bases",
        "price_basis": "bases",
        "currency": "currencies",
        "from_period": "periods",
        "to_period": "periods",
    }
    PART = ("material",)
    AMOUNTS = ("capacity", "minimum_take", "ramp", "incumbent_quantity")
    UNIT_PRICES = ("price", "customs_value", "reservation_price")

    offer: Name
    company: Name
    material: Name
    stage: Name
    country: Country
    capacity: Room | None = None
    """Units per year at most; empty = as many as can be used."""
    price: Number
    """Currency per unit; for an offer with a yield, the charge for processing one unit of output."""
    customs_value: Quantity | None = None
    """Currency per unit on which duties are charged; empty = the price."""
    resale: Flag = False
    """Yes allows a price below zero: the buyer is paid for taking it."""
    fixed_cost: Quantity = 0.0
    """Currency once, when the contract is signed."""
    fixed_cost_per_period: Quantity = 0.0
    """Currency in every period in which something is bought."""
    opening_cost: Quantity = 0.0
    """Currency once, when the contract is signed, for capacity that is not there yet."""
    minimum_take: Quantity = 0.0
    """Units per year that must be taken, once signed, in every period in which units can leave and arrive.

    Of capacity that is still ramping up, no more than there is. Where controls close its lanes on some days, for the
    share of them on which the lane is open that is closed least.
    """
    minimum_take_per: Literal["period", "year"] = "period"
    """year: what must be taken counts over each [calendar year](instance.md#a-minimum-take-over-a-year), in whichever
    of its periods; it is as much as the periods would ask one by one."""
    yield_: PositiveShare | None = Field(default=None, alias="yield")
    """Units out per unit of the previous stage in; empty = sold as it is, without a feed of ours."""
    from_period: Name | None = None
    to_period: Name | None = None
    qualification: Count = 0
    """Whole periods, from the start of the horizon or from from_period, before the first unit can be sold."""
    ramp_up: RisingShares = ()
    """Shares of the capacity that are there in the first period of sale, the second, ...; all of it afterwards."""
    ramp: Room | None = None
    """Units per year by which the yearly rate may grow from one period to the next."""
    incumbent_quantity: Quantity | None = None
    """Units per year bought of it today."""
    switching_cost: Quantity = 0.0
    """Currency once, when a newcomer is signed or an incumbent is dropped."""
    surge: Share | None = None
    """Share of what was planned in a period that it gives on top of it at short notice; empty = as `[response]`."""
    surge_premium: Rate | None = None
    """What that costs more, as a share of the price; empty = as `[response]`."""
    notice: Count | None = None
    """Whole periods after something stopped before that comes; empty = as `[response]`."""
    take_or_pay: Share | None = None
    """Share of the price of what was planned that is owed though it is not taken; empty = as `[response]`."""
    firm: Flag = False
    """Yes: in a scenario what was ordered of it is delivered and paid for, as far as a shock leaves it."""
    reservation_price: Quantity | None = None
    """Currency per unit of capacity and year for which capacity may be reserved, to be called in a scenario; empty =
    none can be."""
    basis: Name | None = None
    """The [basis](units.md) of this row's figures, when it is not the material's: ``kg LCE``, ``t MHP 39% Ni``."""
    price_basis: Name | None = None
    """The [basis](units.md) that its prices are per, when it is not that of its amounts: ``lb Co``, ``mtu WO3``."""
    currency: Name | None = None
    """The [currency](units.md#currencies) of this row's figures, when it is not the instance's."""
    attributes: dict[Name, Number] = {}  # noqa: RUF012 (pydantic copies defaults)
    """Further numbers declared by name in the header (CO2 per unit, risk)."""

    def shares(self, periods: Sequence[str]) -> dict[str, float]:
        """Return the share of its capacity that there is, by period of a horizon in which it can be bought."""
        first = periods.index(self.from_period) if self.from_period else 0
        last = periods.index(self.to_period) if self.to_period else len(periods) - 1
        return dict(zip(periods[first + self.qualification : last + 1], chain(self.ramp_up, repeat(1.0)), strict=False))

    def faults(self) -> Iterator[tuple[str, str]]:
        """Yield what terms of the offer say against each other."""
        if self.price < 0 and not self.resale:
            yield (
                "price",
                f"{format_exactly(self.price)} is below zero; write 0 or more, or resale = yes when the buyer is paid",
            )
        if self.ramp_up and self.capacity is None:
            yield (
                "ramp_up",
                "these are shares of a capacity, and the offer states none; state it, or leave ramp_up empty",
            )
        if self.capacity is not None and self.minimum_take > self.capacity:
            yield (
                "minimum_take",
                (
                    f"{format_exactly(self.minimum_take)} is above the capacity of "
                    f"{format_exactly(self.capacity)}; lower it"
                ),
            )
        if self.switching_cost and self.incumbent_quantity and not self.minimum_take:
            yield (
                "minimum_take",
                "an incumbent with a switching cost would be kept for nothing; state the minimum_take that keeps it",
            )
        if self.incumbent_quantity:
            for column in ("opening_cost", "qualification"):
                if getattr(self, column):
                    yield (
                        column,
                        "an offer that is bought today is open and qualified; leave it empty, or incumbent_quantity",
                    )

    @property
    def priced_per(self) -> str | None:
        """The basis that its prices are per; None = that of the material."""
        return self.price_basis or self.basis

    def restated(self, factor: float, scores: Collection[str], price_factor: float) -> dict[str, object]:
        """Return the columns that are otherwise in its material's basis, with attributes that are so much per unit."""
        restated = super().restated(factor, scores, price_factor)
        if self.attributes:
            restated["attributes"] = {n: x if n in scores else x / factor for n, x in self.attributes.items()}
        return restated
