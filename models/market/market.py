"""All the facts of an instance together, and the same figures in the bases that the program takes."""

from __future__ import annotations

from functools import cached_property
from inspect import isclass
from math import inf
from typing import TYPE_CHECKING, Annotated, NewType, Self, get_args

from pydantic import Field

from models.data import governance_risks
from models.market.bases import Bases
from models.market.exchange import Exchange
from models.market.passage import Passage
from models.market.preparing import list_prepared
from models.market.tables.commitment import Commitment
from models.market.tables.control import Control
from models.market.tables.country import CountryRisk
from models.market.tables.demand import Demand, Site
from models.market.tables.duty import Duty
from models.market.tables.earlier import Earlier
from models.market.tables.lane import Corridor, Lane
from models.market.tables.lane_terms import LaneTerms
from models.market.tables.material import Conversion, Material
from models.market.tables.offer import Offer
from models.market.tables.origin import Origin
from models.market.tables.owner import Owner
from models.market.tables.period import Period
from models.market.tables.product import BillOfMaterials, Product
from models.market.tables.rate import Rate
from models.market.tables.record import Record
from models.market.tables.response import ShortNotice
from models.market.tables.scenario import Hazard, Shock, StatedScenario
from models.market.tables.stock import Stock
from models.market.tables.stock_terms import StockTerms
from models.market.tables.terms import Terms
from models.market.tables.tier import Tier
from models.market.tables.under_way import UnderWay
from models.market.timeline import Timeline
from models.records.fields import Country, Name, Names, Quantity
from models.records.wording import format_count

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable


class Market(Timeline):
    """All the facts of an instance."""

    sea_rate: Quantity | None = None
    """What a tonne costs over 1000 nautical miles, in currency, where the freight of a lane is ``sea``."""
    blocs: dict[Name, Annotated[tuple[Country, ...], Field(min_length=1)]] = {}  # noqa: RUF012 (pydantic copies defaults)
    """Named sets of countries; in a file EU, OECD and G7 stand for their [members](data.md) on `as_of`."""
    attributes: Names = ()
    """The further numeric columns that offers may have: so much per unit, in the basis of the row (t of CO2)."""
    scores: Names = ()
    """Those of the attributes that rate an offer (risk from 0 to 10): the same in every basis, and never added up."""
    response: ShortNotice | None = None
    """What suppliers give at short notice when something stops; absent = nothing, unless their own row says so."""
    # The tables, in the order in which a reader meets them. A new table is one
    # line here beside the file of its record; it is required unless it may be empty.
    materials: tuple[Material, ...]
    conversions: tuple[Conversion, ...] = ()
    sites: tuple[Site, ...]
    demand: tuple[Demand, ...]
    products: tuple[Product, ...] = ()
    bill_of_materials: tuple[BillOfMaterials, ...] = ()
    offers: tuple[Offer, ...]
    terms: tuple[Terms, ...] = ()
    tiers: tuple[Tier, ...] = ()
    commitments: tuple[Commitment, ...] = ()
    owners: tuple[Owner, ...] = ()
    countries: tuple[CountryRisk, ...] = ()
    origins: tuple[Origin, ...] = ()
    corridors: tuple[Corridor, ...] = ()
    lanes: tuple[Lane, ...] = ()
    lane_terms: tuple[LaneTerms, ...] = ()
    rates: tuple[Rate, ...] = ()
    duties: tuple[Duty, ...] = ()
    controls: tuple[Control, ...] = ()
    stock: tuple[Stock, ...] = ()
    stock_terms: tuple[StockTerms, ...] = ()
    under_way: tuple[UnderWay, ...] = ()
    earlier: tuple[Earlier, ...] = ()
    scenarios: tuple[StatedScenario, ...] = ()
    shocks: tuple[Shock, ...] = ()
    hazards: tuple[Hazard, ...] = ()

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
    def differing(self) -> dict[tuple[str, str], Terms]:
        """Terms that differ from those of an offer, by (offer, period)."""
        return {(row.offer, row.period): row for row in self.terms}

    def price(self, offer: str, period: str) -> float:
        """Return what a unit of an offer costs in a period, below any tier, in currency."""
        terms, own = self.differing.get((offer, period)), self.offer[offer]
        stated = own.price if terms is None or terms.price is None else terms.price
        return stated if own.currency is None else stated * self.exchange.rate(own.currency, period)

    def assumes_price(self, offer: str, period: str) -> bool:
        """Whether the price of an offer in a period is assumed and not known."""
        terms = self.differing.get((offer, period))
        return (self.offer[offer] if terms is None or terms.price is None else terms).assumes("price")

    def capacity(self, offer: str, period: str) -> float:
        """Return how many units per year an offer has in a period, once ramped up; infinite where none are stated."""
        terms, own = self.differing.get((offer, period)), self.offer[offer].capacity
        there = own if terms is None or terms.capacity is None else terms.capacity
        return inf if there is None else there

    def minimum_take(self, offer: str, period: str) -> float:
        """Return the units per year that must be taken of a signed offer in a period: no more than it has."""
        terms, own = self.differing.get((offer, period)), self.offer[offer].minimum_take
        if terms is None:
            return own
        return min(own if terms.minimum_take is None else terms.minimum_take, self.capacity(offer, period))

    def customs_value(self, offer: str, period: str) -> float:
        """Return what duty is charged on, of a unit bought in a period, in currency."""
        own = self.offer[offer]
        if own.customs_value is None:
            return max(self.price(offer, period), 0.0)
        return own.customs_value * self.exchange.rate(own.currency, period)

    def fixed_cost(self, offer: str) -> float:
        """Return what signing an offer costs once, in currency of the first period."""
        return self._once(offer, "fixed_cost")

    def opening_cost(self, offer: str) -> float:
        """Return what opening an offer costs once, in currency of the first period."""
        return self._once(offer, "opening_cost")

    def reservation_price(self, offer: str) -> float:
        """Return what a unit of capacity costs that is reserved for a year, in currency of the first period."""
        return 0.0 if self.offer[offer].reservation_price is None else self._once(offer, "reservation_price")

    def switching_cost(self, offer: str) -> float:
        """Return what it costs once to sign an offer anew or to drop it, in currency of the first period."""
        return self._once(offer, "switching_cost")

    def _once(self, offer: str, column: str) -> float:
        own = self.offer[offer]
        stated: float = getattr(own, column)
        return stated if own.currency is None else stated * self.exchange.rate(own.currency, next(iter(self.years)))

    def fixed_cost_per_period(self, offer: str, period: str) -> float:
        """Return what it costs to buy anything of an offer in a period, in currency."""
        own = self.offer[offer]
        return own.fixed_cost_per_period * self.exchange.rate(own.currency, period)

    @cached_property
    def available(self) -> dict[tuple[str, str], float]:
        """Units that an offer has to sell, by (offer, period), in every period in which it can be bought.

        Infinite where no capacity is stated.
        """
        return {
            (name, period): rate * years
            for name, full in self.full_years.items()
            for (period, years), rate in zip(full.items(), self._over(self.capacity, name, full), strict=True)
        }

    def is_limited(self, offer: str) -> bool:
        """Whether a capacity is stated for an offer, in every period."""
        return max(self._over(self.capacity, offer, self.years)) < inf

    def has_minimum_take(self, offer: str) -> bool:
        """Whether anything of an offer must be taken, in any period."""
        return any(self._over(self.minimum_take, offer, self.years))

    def prices(self, offer: str) -> list[float]:
        """Return the prices of an offer, below any tier, period by period."""
        if self.offer[offer].currency in self.exchange.moving:
            return [self.price(offer, period) for period in self.years]
        return self._over(self.price, offer, self.years)

    def needs_signing(self, offer: Offer) -> bool:
        """Whether something depends on an offer's contract, so that signing it is a decision of its own."""
        costs = offer.fixed_cost or offer.opening_cost or offer.switching_cost
        return bool(costs) or self.has_minimum_take(offer.offer)

    def _over(self, term: Callable[[str, str], float], offer: str, periods: Collection[str]) -> list[float]:
        """Return a term of an offer in each of some periods; asked once where no term of it differs."""
        if not periods or offer in self._changing:
            return [term(offer, period) for period in periods]
        return [term(offer, next(iter(periods)))] * len(periods)

    @cached_property
    def _changing(self) -> frozenset[str]:
        """Offers of which some term differs in some period."""
        return frozenset(offer for offer, _ in self.differing)

    @cached_property
    def exchange(self) -> Exchange:
        """What money in other currencies is worth in each period."""
        return Exchange(self.rates, self.law_days)

    @cached_property
    def passage(self) -> Passage:
        """What lanes and corridors cost and carry in each period."""
        return Passage(self)

    @cached_property
    def sold(self) -> dict[tuple[str, str], list[Offer]]:
        """Offers by (material, stage at which they are sold), in their order."""
        sold: dict[tuple[str, str], list[Offer]] = {(m.material, s): [] for m in self.materials for s in m.stages}
        for offer in self.offers:
            sold.setdefault((offer.material, offer.stage), []).append(offer)
        return sold

    def short_notice(self, offer: str) -> ShortNotice:
        """Return what an offer gives at short notice: what its row says, and what it leaves to all."""
        row, for_all = self.offer[offer], self.response or ShortNotice(surge=0.0)
        own = {name: said for name in ShortNotice.model_fields if (said := getattr(row, name)) is not None}
        return for_all.model_copy(update=own) if own else for_all

    @cached_property
    def site(self) -> dict[str, Site]:
        """Sites by name."""
        return {record.site: record for record in self.sites}

    @cached_property
    def risk(self) -> dict[str, float]:
        """Risk by country: as stated, or else as the reference data have it."""
        return governance_risks() | {record.country: record.risk for record in self.countries}

    @cached_property
    def needed(self) -> dict[tuple[str, str, str], float]:
        """Demand by (site, material, period), in the material's basis where the market is."""
        return {(record.site, record.material, record.period): record.quantity for record in self.demand}

    def demand_of(self, material: str, periods: Iterable[str], sites: Iterable[str] | None = None) -> float:
        """Return the demand for a material within periods, of some sites or of all, in the material's basis."""
        within = tuple(periods)
        if sites is None and len(within) == 1:
            return self._needed_in_all.get((material, within[0]), 0.0)
        inside = None if sites is None else tuple(sites)
        asked = material, within, inside
        if asked not in self._needed_of:
            ends = [(site, material, period) for period in within for site in (self.site if inside is None else inside)]
            self._needed_of[asked] = sum(self.needed.get(end, 0.0) for end in ends)
        return self._needed_of[asked]

    @cached_property
    def _needed_of(self) -> dict[tuple[str, tuple[str, ...], tuple[str, ...] | None], float]:
        """What `demand_of` found, by what it was asked: many limits ask the same."""
        return {}

    @cached_property
    def _needed_in_all(self) -> dict[tuple[str, str], float]:
        """Demand of all sites by (material, period)."""
        needed = self.needed
        return {
            pair: sum(needed.get((site, *pair), 0.0) for site in self.site)
            for pair in {(material, period) for _, material, period in needed}
        }

    def shortage_cost(self, site: str, material: str, period: str) -> float | None:
        """Return what a unit of demand costs that is left unmet, in currency; None where all of it must be met."""
        own = self._shortage_costs.get((site, material, period))
        return self.material[material].shortage_cost if own is None else own

    def assumes_shortage_cost(self, site: str, material: str, period: str) -> bool:
        """Whether what unmet demand costs is assumed and not known."""
        own = self._shortage_costs.keys() & {(site, material, period)}
        rows = (row for row in self.demand if own and (row.site, row.material, row.period) == (site, material, period))
        return next(rows, self.material[material]).assumes("shortage_cost")

    @cached_property
    def owed(self) -> frozenset[str]:
        """Materials of which some demand must be met in any case, as nothing says what it costs if it is not."""
        sure = {record.material for record in self.materials if record.shortage_cost is None}
        priced = {record.material for record in self.demand if record.shortage_cost is not None}
        rest = {record.material for record in self.demand if record.shortage_cost is None}
        return frozenset(sure - (priced - rest))

    @cached_property
    def _shortage_costs(self) -> dict[tuple[str, str, str], float]:
        """What unmet demand costs by (site, material, period), where that is stated of the demand itself."""
        return {
            (row.site, row.material, row.period): row.shortage_cost
            for row in self.demand
            if row.shortage_cost is not None
        }

    def holding_cost(self, stock: Stock, period: str) -> float:
        """Return what a unit in stock at the end of a period costs for a year, in currency."""
        row = self._stock_terms.get((stock.site, stock.material, period))
        return (stock if row is None else row).holding_cost

    def assumes_holding_cost(self, stock: Stock, period: str) -> bool:
        """Whether what a stock costs in a period is assumed and not known."""
        return (self._stock_terms.get((stock.site, stock.material, period)) or stock).assumes("holding_cost")

    @cached_property
    def _stock_terms(self) -> dict[tuple[str, str, str], StockTerms]:
        """Terms that differ from those of a stock, by (site, material, period)."""
        return {(row.site, row.material, row.period): row for row in self.stock_terms}

    @cached_property
    def arriving_anyway(self) -> dict[tuple[str, str, str], float]:
        """Units under way when the horizon begins, by (site or processor, material, period of arrival)."""
        coming = (record for record in self.under_way if record.quantity)
        return {(record.destination, record.material, record.period): record.quantity for record in coming}

    @cached_property
    def arriving_at_sites(self) -> dict[tuple[str, str, str], float]:
        """Those of `arriving_anyway` that arrive at sites."""
        return {node: units for node, units in self.arriving_anyway.items() if node[0] in self.site}

    @cached_property
    def arriving_feed(self) -> dict[tuple[str, str], float]:
        """Units of feed under way when the horizon begins, by (processor, period of arrival)."""
        coming = self.arriving_anyway.items()
        return {(offer, period): units for (offer, _, period), units in coming if offer in self.offer}

    @cached_property
    def direct(self) -> frozenset[str]:
        """Materials of which as much is bought as is needed, in every period: none is unmet, stored or on its way."""
        late = {self.offer[lane.origin].material for lane in self.lanes if lane.lead_time or lane.lead_time_days}
        stored = {record.material for record in self.stock} | {material for _, material, _ in self.arriving_anyway}
        short = {record.material for record in self.materials if record.shortage_cost is not None}
        short |= {material for _, material, _ in self._shortage_costs}
        return frozenset(self.material.keys() - short - stored - late)

    @property
    def counted(self) -> str:
        """How much there is of everything, in one phrase."""
        tables = ("materials", "offers", "sites", "periods")
        sizes = {table: len(getattr(self, table)) for table in tables}
        return ", ".join(format_count(size, table) for table, size in sizes.items())

    def window(self, offer: Offer) -> list[str]:
        """Periods in which the offer can be bought, in order."""
        return list(offer.shares(tuple(self.years)))

    @cached_property
    def full_years(self) -> dict[str, dict[str, float]]:
        """Years of full capacity in each period in which an offer can be bought, by offer: fewer while it ramps up."""
        periods = tuple(self.years)
        known: dict[tuple[object, ...], dict[str, float]] = {}
        full = {}
        for offer in self.offers:
            window = offer.from_period, offer.to_period, offer.qualification, offer.ramp_up
            if window not in known:
                known[window] = {period: self.years[period] * share for period, share in offer.shares(periods).items()}
            full[offer.offer] = known[window]
        return full

    @cached_property
    def bases(self) -> Bases:
        """In which bases figures of each material can be stated."""
        return Bases(self.materials, self.conversions)

    @cached_property
    def prepared(self) -> PreparedMarket:
        """The same market as the program takes it: figures in their materials' own bases, rows in order.

        Money stays as it is stated: what anything costs in currency is for `price`, `passage` and the like to say.

        Rows stand in the order of their keys, so that their order in a file changes nothing; materials,
        periods and sites keep theirs, which reports follow.
        """
        rows = {table: tuple(list_prepared(self, table, record)) for table, record in TABLES.items()}
        return PreparedMarket(self.model_copy(update=rows | {"conversions": ()}))

    def prepared_beside(self, other: Market) -> PreparedMarket:
        """Return the same as `prepared`, with the tables of another market where they are the same objects in both."""
        theirs = other.prepared
        rows = {
            table: getattr(theirs, table)
            if getattr(self, table) is getattr(other, table)
            else (*list_prepared(self, table, record),)
            for table, record in TABLES.items()
        }
        return PreparedMarket(theirs.model_copy(update=rows))

    def sharing(self, other: Market, tables: Collection[str]) -> Self:
        """Return the same market, prepared, with the rows of some tables, which are equal, taken from another."""
        shared = self.model_copy(update={table: getattr(other, table) for table in tables})
        vars(shared)["prepared"] = shared.prepared_beside(other)
        return shared


PreparedMarket = NewType("PreparedMarket", Market)
"""A market as a program takes it; only `Market.prepared` and `prepared_beside` make one."""


TABLES: dict[str, type[Record]] = {
    name: rows[0]
    for name, field in Market.model_fields.items()
    if (rows := get_args(field.annotation))
    and isclass(rows[0])
    and issubclass(rows[0], Record)
    and rows[0] is not Period
}
"""The record of every table of an instance, by name; periods stand in the header."""

REQUIRED_TABLES = tuple(table for table in TABLES if Market.model_fields[table].is_required())
