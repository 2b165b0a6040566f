"""Which rows of an instance's tables a plan uses: the facts that its figures rest on."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING

from models.market import TABLES
from models.market.price_schedule import list_counted
from models.records.tolerances import RESIDUE, ROUNDING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from models.market import Control, Duty, LaneTerms, Market, Offer, Owner, Record, Stock, Tier
    from models.market.price_schedule import PricingWindow
    from optimizer.results.account import Account


def used_rows(market: Market, account: Account) -> Iterator[tuple[str, Record]]:
    """Yield every row that a plan uses, with the name of its table, in the order of the tables.

    Used are what is bought, with its price and tiers reached, its owners and origins, the lanes that it takes
    and the duties and licences that it meets; demand, sites and stock; bans, as they close lanes. `market` is
    as the instance states it, of which the account holds the prepared one.
    """
    uses = _Uses(market, account)
    for table, is_used in uses.rules.items():
        for record in getattr(market, table):
            if is_used(record):
                yield table, record


def name_row(record: Record) -> str:
    """Return what the key columns of a row say: ``greenbushes, AU``."""
    return ", ".join(str(part) for part in record.key if part is not None)


class _Uses:
    """Tells of each row whether the plan of an account uses it."""

    def __init__(self, market: Market, account: Account) -> None:
        self._market, self._account = market, account
        bought = {name: units > 0 for (name, _), units in account.quantity.items() if units > 0}
        signed = {name: True for name, is_signed in account.plan.signed.items() if is_signed}
        self._offers = {name: market.offer[name] for name in bought | signed}
        self._flows = [key for key, units in account.plan.flow.items() if units > 0]
        self._lanes = {(origin, to) for origin, to, _ in self._flows}

    @property
    def rules(self) -> dict[str, Callable[..., bool]]:
        """What tells whether a row is used, by table: of most, whether all that it names is."""
        kinds = {getattr(limit, "weight", None) for limit in self._account.limits} | {
            limit.kind for limit in self._account.limits
        }
        special: dict[str, Callable[..., bool]] = {
            "conversions": lambda row: (row.material, row.basis) in self._bases,
            "demand": lambda row: row.quantity > (row.of_products or 0.0) * (1 + ROUNDING),  # what a row states itself
            "products": lambda row: row.quantity > 0,
            "bill_of_materials": lambda row: row.product in self._made,
            "tiers": self._is_reached,
            "owners": self._owns,
            "countries": lambda row: "risk" in kinds and row.country in self._countries,
            "lanes": lambda row: (row.origin, row.destination) in self._lanes,
            "lane_terms": self._passes,
            "rates": lambda row: row.currency in self._currencies,
            "duties": self._is_charged,
            "controls": self._is_met,
            "stock": self._is_stored,
            "under_way": lambda row: row.quantity > 0,
            "stock_terms": lambda row: self._account.plan.stock.get(row.key, 0.0) > 0,
            "scenarios": lambda row: row.scenario in self._scenarios,
            "shocks": lambda row: row.scenario in self._scenarios,
            "hazards": lambda row: row.chance > 0,
            "earlier": lambda row: "lock" in kinds and row.offer in self._offers,
        }
        return {table: special.get(table) or self._names_used(record) for table, record in TABLES.items()}

    def _names_used(self, record: type[Record]) -> Callable[[Record], bool]:
        """Return what tells whether all materials, offers, sites and corridors that a row names are used."""
        used = {
            "materials": self._materials,
            "offers": self._offers,
            "sites": self._sites,
            "corridors": self._corridors,
        }
        named = [(column, used[kind]) for column, kind in {**record.NAMES, **record.REFERS}.items() if kind in used]
        return lambda row: all((name := getattr(row, column)) is None or name in names for column, names in named)

    @cached_property
    def _materials(self) -> set[str]:
        return {record.material for record in self._market.demand if record.quantity > 0} | {
            offer.material for offer in self._offers.values()
        }

    @cached_property
    def _scenarios(self) -> set[str]:
        """Scenarios that may happen."""
        return {row.scenario for row in self._market.scenarios if row.probability > 0}

    @cached_property
    def _bases(self) -> set[tuple[str, str | None]]:
        """Bases in which anything that is used is stated."""
        market = self._market
        needed = {(record.material, record.basis) for record in market.demand if record.quantity > 0}
        committed = {(market.offer[record.offer].material, record.basis) for record in market.commitments}
        held = {(row.material, row.basis) for row in market.bill_of_materials if row.product in self._made}
        offers = self._offers.values()
        sold = {(offer.material, basis) for offer in offers for basis in (offer.basis, offer.price_basis)}
        coming = {(row.material, row.basis) for row in market.under_way if row.quantity > 0}
        return sold | needed | committed | held | coming

    @cached_property
    def _made(self) -> set[str]:
        """Products of which anything is made."""
        return {row.product for row in self._market.products if row.quantity > 0}

    @cached_property
    def _sites(self) -> set[str]:
        return {record.site for record in self._market.demand if record.quantity > 0} | {to for _, to in self._lanes}

    @cached_property
    def _corridors(self) -> set[str | None]:
        return {self._account.network.lanes[lane].corridor for lane in self._lanes}

    @cached_property
    def _currencies(self) -> set[str | None]:
        """Currencies in which anything is paid that the plan uses; limits are in that of the instance by now."""
        lanes = {lane.currency for lane in self._market.lanes if (lane.origin, lane.destination) in self._lanes}
        corridors = {row.currency for row in self._market.corridors if row.corridor in self._corridors}
        return {offer.currency for offer in self._offers.values()} | lanes | corridors

    def _passes(self, terms: LaneTerms) -> bool:
        """Whether anything goes over the lane in the period, or over any lane of the corridor."""
        ways = self._account.network.lanes
        return any(
            period == terms.period
            and ((origin, to) == (terms.origin, terms.destination) or ways[origin, to].corridor == terms.corridor)
            for origin, to, period in self._flows
            if terms.corridor is None or ways[origin, to].corridor is not None
        )

    @cached_property
    def _tiers(self) -> dict[tuple[object, ...], float]:
        """From how many units a year on each tier holds, in the basis of its material, by its key as stated."""
        stated, prepared = (_tiers_of(market) for market in (self._market, self._account.market))
        return {
            tier.key: same.from_quantity
            for offer, tiers in stated.items()
            for tier, same in zip(tiers, prepared[offer], strict=True)
        }

    def _is_reached(self, tier: Tier) -> bool:
        start, quantity = self._tiers[tier.key], self._account.quantity
        return any(
            sum(quantity[tier.offer, period] for period in counted.periods) >= start * counted.years * (1 - RESIDUE)
            for counted in self._counted
            if counted.offer == tier.offer
        )

    @cached_property
    def _counted(self) -> list[PricingWindow]:
        """What counts together of offers that have tiers."""
        return list_counted(self._account.market)

    @cached_property
    def _companies(self) -> set[str]:
        """Companies that own an offer of which nothing else is said."""
        apart = {owner.offer for owner in self._market.owners}
        return {offer.company for name, offer in self._offers.items() if name not in apart}

    def _owns(self, owner: Owner) -> bool:
        return owner.company in self._companies or owner.offer in self._offers

    @cached_property
    def _countries(self) -> set[str]:
        owners = {owner.country for owner in self._market.owners if self._owns(owner)}
        origins = {country for o in self._market.origins if o.offer in self._offers for country in (o.country, o.owner)}
        return {country for country in owners | origins if country} | {o.country for o in self._offers.values()}

    @cached_property
    def _borders(self) -> dict[tuple[str, str], set[tuple[str, str, str | None]]]:
        """Countries from and to which anything goes, and when it arrives, by (material, stage)."""
        stands = {name: offer.country for name, offer in self._market.offer.items()}
        stands |= {name: site.country for name, site in self._market.site.items()}
        borders: dict[tuple[str, str], set[tuple[str, str, str | None]]] = defaultdict(set)
        for origin, destination, period in self._flows:
            offer, arrives = self._market.offer[origin], self._account.network.arrives(origin, destination, period)
            borders[offer.material, offer.stage].add((offer.country, stands[destination], arrives))
        return borders

    def _is_charged(self, duty: Duty) -> bool:
        if not duty.rate:
            return False
        held = self._market.shares_of(duty)
        return any(
            arrives in held
            and to == duty.to_country
            and (home == duty.from_country or (duty.from_country is None and home != to))
            for home, to, arrives in self._borders.get((duty.material, duty.stage), ())
        )

    def _is_met(self, control: Control) -> bool:
        """Whether it closes a lane, or a lane that is used needs its licence."""
        if control.effect == "closed":
            return control in self._closing
        held, licences = self._market.shares_of(control), self._account.network.borders.licences
        return any(
            period in held
            and control.control in licences.get((origin, destination), {}).get(period, ())
            and _speaks_of(control, self._market.offer[origin])
            for origin, destination, period in self._flows
        )

    @cached_property
    def _closing(self) -> list[Control]:
        """Those that close a lane on some days, each once."""
        closures = self._account.network.borders.closures.values()
        return list({id(control): control for closure in closures for control in closure.controls}.values())

    @cached_property
    def _stored(self) -> set[tuple[object, ...]]:
        """Where anything is stored, by (site, material)."""
        return {(site, material) for (site, material, _), units in self._account.plan.stock.items() if units > 0}

    def _is_stored(self, stock: Stock) -> bool:
        return bool(stock.opening or stock.closing_minimum) or stock.key in self._stored


def _speaks_of(control: Control, offer: Offer) -> bool:
    return (control.material, control.stage, control.from_country) == (offer.material, offer.stage, offer.country)


def _tiers_of(market: Market) -> dict[str, list[Tier]]:
    """Return the tiers of each offer, from the lowest."""
    tiers: dict[str, list[Tier]] = defaultdict(list)
    for tier in sorted(market.tiers, key=lambda tier: tier.from_quantity):
        tiers[tier.offer].append(tier)
    return tiers
