"""All the facts of an instance together, and the same figures in the bases that the program takes."""

from __future__ import annotations

from functools import cached_property
from operator import attrgetter
from typing import TYPE_CHECKING, Annotated, TypeVar

from pydantic import Field

from models.market.tables.commitment import Commitment
from models.market.tables.control import Control
from models.market.tables.country import CountryRisk
from models.market.tables.demand import Demand, Site
from models.market.tables.duty import Duty
from models.market.tables.earlier import Earlier
from models.market.tables.lane import Corridor, Lane
from models.market.tables.material import Conversion, Material
from models.market.tables.offer import Offer
from models.market.tables.origin import Origin
from models.market.tables.owner import Owner
from models.market.tables.period import Period
from models.market.tables.record import Record
from models.market.tables.stock import Stock
from models.market.tables.tier import Tier
from models.records.fields import Country, Day, Name, Names
from models.records.wording import counted

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

R = TypeVar("R", bound=Record)
A = TypeVar("A", Demand, Commitment)

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
    def companies(self) -> frozenset[str]:
        """Names of those that sell."""
        return frozenset(offer.company for offer in self.offers)

    @cached_property
    def material(self) -> dict[str, Material]:
        """Materials by name."""
        return {record.material: record for record in self.materials}

    @cached_property
    def offer(self) -> dict[str, Offer]:
        """Offers by name."""
        return {record.offer: record for record in self.offers}

    @cached_property
    def sold(self) -> dict[tuple[str, str], list[Offer]]:
        """Offers by (material, stage at which they are sold), in their order."""
        sold: dict[tuple[str, str], list[Offer]] = {(m.material, s): [] for m in self.materials for s in m.stages}
        for offer in self.offers:
            sold.setdefault((offer.material, offer.stage), []).append(offer)
        return sold

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

    @cached_property
    def direct(self) -> frozenset[str]:
        """Materials of which as much is bought as is needed, in every period: none is unmet, stored or on its way."""
        late = {self.offer[lane.origin].material for lane in self.lanes if lane.lead_time}
        stored = {record.material for record in self.stock}
        sure = {record.material for record in self.materials if record.shortage_cost is None}
        return frozenset(sure - stored - late)

    @property
    def counted(self) -> str:
        """How much there is of everything, in one phrase."""
        tables = ("materials", "offers", "sites", "periods")
        sizes = {table: len(getattr(self, table)) for table in tables}
        return ", ".join(counted(size, table) for table, size in sizes.items())

    def window(self, offer: Offer) -> list[str]:
        """Periods in which the offer can be bought, in order."""
        return list(offer.shares(tuple(self.years)))

    @cached_property
    def full_years(self) -> dict[str, dict[str, float]]:
        """Years of full capacity in each period in which an offer can be bought, by offer: fewer while it ramps up."""
        periods = tuple(self.years)
        return {
            offer.offer: {period: self.years[period] * share for period, share in offer.shares(periods).items()}
            for offer in self.offers
        }

    @cached_property
    def prepared(self) -> Market:
        """The same market as the program takes it: figures in their materials' own bases, rows in order.

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
    rows = tuple(records)
    if rows and all(type(rows[0]).model_fields[column].annotation is str for column in rows[0].KEY):
        return tuple(sorted(rows, key=attrgetter(*rows[0].KEY)))
    return tuple(sorted(rows, key=lambda record: [str(part or "") for part in record.key]))


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
