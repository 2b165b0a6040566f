"""The facts of an instance: what is needed, who offers it, on which terms, over which lanes.

One frozen record a table row. Quantities are in the instance's mass unit of the material's basis
(``t Li content``), money in the instance's currency. What is stated per year is multiplied by the
length of the period in which it is used; demand is stated per period.
"""

from __future__ import annotations

from functools import cached_property
from itertools import chain, repeat
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal, TypeVar

from pydantic import BeforeValidator, Field

from models.dated import in_force
from models.frozen import Frozen
from models.values import (
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
    Share,
    Text,
)
from models.wording import show

if TYPE_CHECKING:
    import datetime
    from collections.abc import Collection, Iterable, Sequence


R = TypeVar("R", bound="Record")
A = TypeVar("A", "Demand", "Commitment")


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
    years: Positive
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
    capacity: Quantity
    """Units per year at most."""
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
    ramp: Quantity | None = None
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
    capacity: Quantity | None = None
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
    capacity: Quantity | None = None
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
    capacity: Quantity
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


TABLES: dict[str, type[Record]] = {
    "materials": Material,
    "conversions": Conversion,
    "sites": Site,
    "demand": Demand,
    "offers": Offer,
    "tiers": Tier,
    "commitments": Commitment,
    "owners": Owner,
    "countries": CountryRisk,
    "origins": Origin,
    "corridors": Corridor,
    "lanes": Lane,
    "duties": Duty,
    "controls": Control,
    "stock": Stock,
    "earlier": Earlier,
}
"""Every table of an instance, by name, in the order in which a reader meets them."""

REQUIRED_TABLES = ("materials", "sites", "demand", "offers")


class Market(Record):
    """All the facts of an instance."""

    periods: tuple[Period, ...] = Field(min_length=1)
    as_of: Day
    """The day on which duties and controls are looked up."""
    blocs: dict[Name, Annotated[tuple[Country, ...], Field(min_length=1)]] = {}  # noqa: RUF012 (pydantic copies defaults)
    """Named sets of countries."""
    attributes: Names = ()
    """The further numeric columns that offers may have: so much per unit, in the basis of the row (t of CO2)."""
    scores: Names = ()
    """Those of the attributes that rate an offer (risk from 0 to 10): the same in every basis, and never added up."""
    materials: tuple[Material, ...]
    conversions: tuple[Conversion, ...] = ()
    sites: tuple[Site, ...]
    demand: tuple[Demand, ...]
    offers: tuple[Offer, ...]
    tiers: tuple[Tier, ...] = ()
    commitments: tuple[Commitment, ...] = ()
    owners: tuple[Owner, ...] = ()
    countries: tuple[CountryRisk, ...] = ()
    origins: tuple[Origin, ...] = ()
    corridors: tuple[Corridor, ...] = ()
    lanes: tuple[Lane, ...] = ()
    duties: tuple[Duty, ...] = ()
    controls: tuple[Control, ...] = ()
    stock: tuple[Stock, ...] = ()
    earlier: tuple[Earlier, ...] = ()

    @cached_property
    def years(self) -> dict[str, float]:
        """Length of each period in years, in order."""
        return {period.name: period.years for period in self.periods}

    @cached_property
    def material(self) -> dict[str, Material]:
        """Materials by name."""
        return {record.material: record for record in self.materials}

    @cached_property
    def offer(self) -> dict[str, Offer]:
        """Offers by name."""
        return {record.offer: record for record in self.offers}

    @cached_property
    def site(self) -> dict[str, Site]:
        """Sites by name."""
        return {record.site: record for record in self.sites}

    @cached_property
    def risk(self) -> dict[str, float]:
        """Risk by country, where it is stated."""
        return {record.country: record.risk for record in self.countries}

    @cached_property
    def needed(self) -> dict[tuple[str, str, str], float]:
        """Demand by (site, material, period), in the material's basis where the market is."""
        return {(record.site, record.material, record.period): record.quantity for record in self.demand}

    def demand_of(self, material: str, periods: Iterable[str], sites: Iterable[str] | None = None) -> float:
        """Return the demand for a material within periods, of some sites or of all, in the material's basis."""
        inside = tuple(self.site if sites is None else sites)
        return sum(self.needed.get((site, material, period), 0.0) for period in periods for site in inside)

    @property
    def counted(self) -> str:
        """How much there is of everything, in one phrase."""
        tables = ("materials", "offers", "sites", "periods")
        sizes = {table: len(getattr(self, table)) for table in tables}
        return ", ".join(f"{size} {table if size != 1 else table.removesuffix('s')}" for table, size in sizes.items())

    def window(self, offer: Offer) -> list[str]:
        """Periods in which the offer can be bought, in order."""
        return list(offer.shares(tuple(self.years)))

    def full_years(self, offer: Offer) -> dict[str, float]:
        """Return the years of full capacity in each period in which an offer can be bought: fewer while it ramps up."""
        return {period: self.years[period] * share for period, share in offer.shares(tuple(self.years)).items()}

    def prepared(self) -> Market:
        """Return the same market as the program takes it: figures in their materials' own bases, rows in order.

        Rows stand in the order of their keys, so that their order in a file changes nothing; materials,
        periods and sites keep theirs, which reports follow.
        """
        offers = {o.offer: _convert_offer(o, self._factor(o.material, o.basis), self.scores) for o in self.offers}
        tiers = [
            _convert_tier(t, self._factor(self.offer[t.offer].material, self.offer[t.offer].basis)) for t in self.tiers
        ]
        demand = [_convert_amount(d, self._factor(d.material, d.basis)) for d in self.demand]
        commitments = [_convert_amount(c, self._committed_factor(c)) for c in self.commitments]
        return self.model_copy(
            update={
                "conversions": (),
                "offers": _in_order(offers.values()),
                "tiers": _in_order(tiers),
                "demand": _in_order(demand),
                "commitments": _in_order(commitments),
                **{
                    name: _in_order(getattr(self, name))
                    for name in (
                        "owners",
                        "countries",
                        "origins",
                        "corridors",
                        "lanes",
                        "duties",
                        "controls",
                        "stock",
                        "earlier",
                    )
                },
            }
        )

    def _committed_factor(self, commitment: Commitment) -> float:
        offer = self.offer[commitment.offer]
        return self._factor(offer.material, commitment.basis or offer.basis)

    def _factor(self, material: str, basis: str | None) -> float:
        """Return how many units of a material's own basis one unit of a row's basis holds."""
        if basis is None or basis == self.material[material].basis:
            return 1.0
        return next(c.factor for c in self.conversions if (c.material, c.basis) == (material, basis))


def _in_order(records: Iterable[R]) -> tuple[R, ...]:
    return tuple(sorted(records, key=lambda record: [str(part or "") for part in record.key]))


def _convert_tier(tier: Tier, factor: float) -> Tier:
    """Restate a tier of an offer, of which one unit holds `factor` units of the material's basis."""
    if factor == 1:
        return tier
    return tier.model_copy(update={"from_quantity": tier.from_quantity * factor, "price": tier.price / factor})


def _convert_amount(record: A, factor: float) -> A:
    return record if factor == 1 else record.model_copy(update={"quantity": record.quantity * factor, "basis": None})


def _convert_offer(offer: Offer, factor: float, scores: Collection[str]) -> Offer:
    """Restate an offer's figures in the material's basis, of which one unit of its own holds `factor`."""
    if factor == 1:
        return offer
    amounts = ("capacity", "minimum_take", "ramp", "incumbent_quantity")
    unit_costs = ("price", "customs_value")
    update: dict[str, object] = {"basis": None}
    for column in amounts:
        value = getattr(offer, column)
        update[column] = None if value is None else value * factor
    for column in unit_costs:
        value = getattr(offer, column)
        update[column] = None if value is None else value / factor
    update["attributes"] = {
        name: number if name in scores else number / factor for name, number in offer.attributes.items()
    }
    return offer.model_copy(update=update)
