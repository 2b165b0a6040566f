"""What the tables of an instance say: one frozen record a row.

Quantities are in the instance's mass unit of the material's basis (``t Li content``), money in the
instance's currency. What is stated per year is multiplied by the length of the period in which it is
used; demand is stated per period.
"""

from __future__ import annotations

import math
from itertools import chain, repeat
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import BeforeValidator, Field

from models.records.fields import (
    Count,
    Country,
    Day,
    Flag,
    Name,
    Names,
    Number,
    Positive,
    PositiveShare,
    Quantity,
    Rate,
    RisingShares,
    Room,
    Share,
    Text,
    Years,
)
from models.records.frozen import Frozen
from models.records.validity import in_force
from models.records.wording import show

if TYPE_CHECKING:
    import datetime
    from collections.abc import Sequence


class Record(Frozen):
    """A frozen record that may say where it comes from."""

    KEY: ClassVar[tuple[str, ...]] = ()

    note: Text | None = None
    source: Text | None = None
    year: Count | None = None

    @property
    def key(self) -> tuple[object, ...]:
        """The values of the key columns: what no two rows of a table share."""
        return tuple(getattr(self, column) for column in self.KEY)


class Period(Record):
    """One step of the planning horizon, in order."""

    KEY = ("name",)
    name: Name
    years: Years
    """Length in years; figures stated per year are multiplied by it."""


class Material(Record):
    """A mineral in one traded basis, with the ordered stages that it passes."""

    KEY = ("material",)
    material: Name
    stages: Names = Field(min_length=1)
    """From the ground to the site: ``mined; refined``."""
    basis: Name
    """What one unit is: ``t Li content``."""
    shortage_cost: Quantity | None = None
    """Currency per unit of demand left unmet; empty = every unit must be met."""
    known_as: Names = ()
    """Other names by which policies call it: ``graphite; natural graphite``. Several materials may share one."""


class Conversion(Record):
    """How many units of a material's own basis one unit of another basis holds."""

    KEY = ("material", "basis")
    material: Name
    basis: Name
    factor: Positive
    """Units of the material's basis in one unit of this basis (t Li in a t of LCE: 0.18785)."""


class Site(Record):
    """A place where demand sits."""

    KEY = ("site",)
    site: Name
    country: Country


class Demand(Record):
    """What a site needs of a material's last stage within one period."""

    KEY = ("site", "material", "period")
    site: Name
    material: Name
    period: Name
    quantity: Quantity
    """Units in the period (not per year)."""
    basis: Name | None = None


class Offer(Record):
    """What one site sells: company, material, stage, place and terms."""

    KEY = ("offer",)
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

    Of capacity that is still ramping up, no more than there is.
    """
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
    basis: Name | None = None
    """The basis of this row's figures, when it is not the material's."""
    attributes: dict[Name, Number] = {}  # noqa: RUF012 (pydantic copies defaults)
    """Further numbers declared by name in the header (CO2 per unit, risk)."""

    def shares(self, periods: Sequence[str]) -> dict[str, float]:
        """Return the share of its capacity that there is, by period of a horizon in which it can be bought."""
        first = periods.index(self.from_period) if self.from_period else 0
        last = periods.index(self.to_period) if self.to_period else len(periods) - 1
        return dict(zip(periods[first + self.qualification : last + 1], chain(self.ramp_up, repeat(1.0)), strict=False))

    @property
    def most(self) -> float:
        """Units per year at most; infinite where no capacity is stated."""
        return math.inf if self.capacity is None else self.capacity

    @property
    def needs_signing(self) -> bool:
        """Whether something hangs on its contract, so that signing it is a decision of its own."""
        return bool(self.fixed_cost or self.opening_cost or self.minimum_take or self.switching_cost)


class Tier(Record):
    """A price that holds from a quantity on, within one period; below the first, the offer's price."""

    KEY = ("offer", "from_quantity")
    offer: Name
    from_quantity: Positive
    """Units per year; at the step itself the lower of the two prices holds."""
    price: Number
    kind: Literal["incremental", "all-units"]
    """Incremental: the price of further units. All-units: the price of every unit."""


class Commitment(Record):
    """What is bought of an offer in any case, because it is agreed already; it counts in shares as every purchase."""

    KEY = ("offer", "period")
    offer: Name
    period: Name
    quantity: Positive
    """Units in the period (not per year) at least."""
    basis: Name | None = None
    """The basis of the quantity, when it is not that of the offer."""


class Owner(Record):
    """A country's equity share in a company, or in one offer when it differs."""

    KEY = ("company", "offer", "country")
    company: Name | None = None
    offer: Name | None = None
    country: Country
    share: Share


class Origin(Record):
    """Declared origin, at an earlier stage, of an offer that is bought without a feed of ours."""

    KEY = ("offer", "stage", "country", "owner")
    offer: Name
    stage: Name
    country: Country
    owner: Country | None = None
    """The country that controls this part of the origin; empty = undisclosed."""
    share: Share


class Lane(Record):
    """A way from an offer to an offer of the next stage, or to a site."""

    KEY = ("origin", "destination")
    origin: Name
    destination: Name
    freight: Quantity = 0.0
    """Currency per unit."""
    capacity: Room | None = None
    """Units per year; empty = as much as the ends take."""
    fixed_cost: Quantity = 0.0
    """Currency in every period in which the lane is used."""
    minimum: Quantity = 0.0
    """Units per year at least, in every period in which the lane is used."""
    lead_time: Count = 0
    """Periods between leaving and arriving."""
    corridor: Name | None = None
    """Lanes of one corridor share its terms."""


class CountryRisk(Record):
    """How likely it is that supply from a country is disturbed."""

    KEY = ("country",)
    country: Country
    risk: Quantity
    """By which the square of the country's share counts, such as a governance indicator turned into 0 to 10."""


class Corridor(Record):
    """Terms that several lanes share: a berth, a charter, a border crossing."""

    KEY = ("corridor",)
    corridor: Name
    capacity: Room | None = None
    """Units per year over all its lanes."""
    fixed_cost: Quantity = 0.0
    """Currency in every period in which any of its lanes is used."""
    minimum: Quantity = 0.0
    """Units per year at least over all its lanes, in every period in which it is used."""


class Duty(Record):
    """A charge on what crosses from one country into another; duties that meet add up."""

    KEY = ("duty", "material", "stage", "from_country", "to_country", "valid_from")
    duty: Name
    """What it is called, such as ``Section 301``."""
    material: Name
    stage: Name
    from_country: Country | None = None
    """Empty = from any other country."""
    to_country: Country
    rate: Rate
    """Share of the customs value; above 100 % it is written as text: "250%"."""
    valid_from: Day | None = None
    valid_to: Day | None = None
    """The last day on which it holds."""
    suspended_from: Day | None = None
    suspended_to: Day | None = None
    """The last day of the suspension; without suspended_from it is suspended from the beginning."""

    def holds(self, day: datetime.date) -> bool:
        """Whether the duty is in force on `day`."""
        return in_force(self, day)


def _read_effect(value: object) -> object:
    if isinstance(value, str) and value.strip().lower() == "quota":
        msg = f'{show(value)} is a limit and no control; write a limit of kind "quota" instead of this row'
        raise ValueError(msg)
    return value


class Control(Record):
    """An export control: what it bans no lane can carry out of a country; what needs a licence is told."""

    KEY = ("control", "material", "stage", "from_country", "to_country", "valid_from")
    control: Name
    """What it is called, such as ``MOFCOM 46/2024``."""
    material: Name
    stage: Name
    from_country: Country
    to_country: Country | None = None
    """Empty = to any other country; lanes inside a country stay open."""
    effect: Annotated[Literal["ban", "licence"], BeforeValidator(_read_effect)]
    """Ban: closes the lanes. Licence: a plan that uses them says so."""
    valid_from: Day | None = None
    valid_to: Day | None = None
    """The last day on which it holds."""
    suspended_from: Day | None = None
    suspended_to: Day | None = None
    """The last day of the suspension; without suspended_from it is suspended from the beginning."""

    def holds(self, day: datetime.date) -> bool:
        """Whether the control is in force on `day`."""
        return in_force(self, day)


class Stock(Record):
    """Room for a material at a site."""

    KEY = ("site", "material")
    site: Name
    material: Name
    opening: Quantity = 0.0
    closing_minimum: Quantity = 0.0
    capacity: Room
    """Units that fit."""
    holding_cost: Quantity = 0.0
    """Currency per unit that lies there for a year, counted at the end of each period."""


class Earlier(Record):
    """What an earlier plan bought of an offer within a period; a `lock` holds all or part of it."""

    KEY = ("offer", "period")
    offer: Name
    period: Name
    quantity: Quantity
    """Units in the period (not per year), in the material's own basis, over all destinations."""
