"""``demand``, ``price`` and ``capacity``: figures of a table, changed row by row."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Self

from models.changes.amounts import Amount, read_amount
from models.changes.change import Edit, split_at, split_at_last, unquote
from models.changes.selection import choose, group_by_country, list_first, read_scope
from models.records.countries import UNDISCLOSED

if TYPE_CHECKING:
    from collections.abc import Collection

    from models.instance import Instance
    from models.market import Market, Offer


@dataclass(frozen=True, kw_only=True)
class DemandChange(Edit):
    """How much is needed."""

    VERB: ClassVar[str] = "demand"
    FORM: ClassVar[str] = "MATERIAL[@WHERE]=AMOUNT"
    EXAMPLE: ClassVar[str] = "demand lithium=+20%"

    material: str
    where: str | None
    amount: Amount

    @classmethod
    def read(cls, said: str, text: str, origin: str) -> Self:
        """Read ``MATERIAL[@WHERE]=AMOUNT``."""
        target, value = cls.target_and_value(said)
        material, where = split_at_last(target, "@")
        return cls(material=material, where=where, amount=read_amount(value), text=text, origin=origin)

    def apply(self, instance: Instance) -> Instance:
        """Change the quantity of every row that is meant."""
        market = instance.market
        materials = set(choose(self.material, {"material": {name: [name] for name in market.material}}))
        hit = {row for row, demand in enumerate(market.demand) if demand.material in materials}
        if self.where is not None:
            hit &= set(_find_rows(self.where, market))
        if not hit:
            rows = [demand for demand in market.demand if demand.material in materials] or market.demand
            there = list_first([f"{demand.material} at {demand.site} in {demand.period}" for demand in rows])
            at = f" at {self.where}" if self.where else ""
            msg = f"there is no demand for {self.material}{at}; there is {there}"
            raise ValueError(msg)
        changed = tuple(
            d.model_copy(update={"quantity": self.amount.of(d.quantity)}) if row in hit else d
            for row, d in enumerate(market.demand)
        )
        return instance.model_copy(update={"market": market.model_copy(update={"demand": changed})})


def _find_rows(where: str, market: Market) -> list[int]:
    """Return the rows of demand at a site, at the sites of a country, or in a period."""
    sites: dict[str, list[int]] = defaultdict(list)
    countries: dict[str, list[int]] = defaultdict(list)
    periods: dict[str, list[int]] = defaultdict(list)
    stands = {site.site: site.country for site in market.sites}
    for row, demand in enumerate(market.demand):
        sites[demand.site].append(row)
        countries[stands.get(demand.site, UNDISCLOSED)].append(row)
        periods[demand.period].append(row)
    return choose(where, {"site": sites, "country": group_by_country(where, countries), "period": periods})


@dataclass(frozen=True, kw_only=True)
class _OfOffers(Edit):
    """A change of offers."""

    FORM: ClassVar[str] = "OFFERS[@COUNTRY]=AMOUNT"

    offers: str
    country: str | None
    amount: Amount

    @classmethod
    def read(cls, said: str, text: str, origin: str) -> Self:
        """Read ``OFFERS[@COUNTRY]=AMOUNT``."""
        target, value = cls.target_and_value(said)
        offers, country = split_at_last(target, "@")
        return cls(offers=offers, country=country, amount=read_amount(value), text=text, origin=origin)

    def meant(self, market: Market) -> set[str]:
        """Return the names of the offers that are meant; there is at least one."""
        found = set(_find_offers(self.offers, market))
        if self.country is None:
            return found
        countries: dict[str, list[str]] = defaultdict(list)
        for offer in market.offers:
            countries[offer.country].append(offer.offer)
        inside = found & set(choose(self.country, {"country": group_by_country(self.country, countries)}))
        if not inside:
            there = list_first(sorted({market.offer[name].country for name in found}))
            msg = f"no offer of {self.offers} stands in {self.country}; they stand in {there}"
            raise ValueError(msg)
        return inside


def _find_offers(text: str, market: Market) -> Collection[str]:
    """Return what an offer, a company, a material, ``STAGE/MATERIAL`` or a wildcard over offers means."""
    _, material = split_at(text, "/")
    if material is not None and unquote(text) not in market.offer:
        inside = set(read_scope(market, text))
        found = [offer.offer for offer in market.offers if (offer.material, offer.stage) in inside]
        if not found:
            msg = f"nothing is offered at {text}; write another stage or material"
            raise ValueError(msg)
        return found
    companies: dict[str, list[str]] = defaultdict(list)
    materials: dict[str, list[str]] = defaultdict(list)
    for offer in market.offers:
        companies[offer.company].append(offer.offer)
        materials[offer.material].append(offer.offer)
    offers = {name: [name] for name in market.offer}
    return choose(text, {"offer": offers, "company": companies, "material": materials}, wild=["offer"])


@dataclass(frozen=True, kw_only=True)
class PriceChange(_OfOffers):
    """What a unit costs."""

    VERB: ClassVar[str] = "price"
    EXAMPLE: ClassVar[str] = "price refined/lithium@CL=+10%"

    def apply(self, instance: Instance) -> Instance:
        """Change the price of every offer that is meant, and of its tiers."""
        market = instance.market
        meant = self.meant(market)
        tiered = sorted(meant & {tier.offer for tier in market.tiers})
        if tiered and not self.amount.relative:
            msg = f"{list_first(tiered)} has tiers of its own prices; write a relative price such as +10% or x1.1"
            raise ValueError(msg)
        offers = tuple(self._reprice(offer) if offer.offer in meant else offer for offer in market.offers)
        tiers = tuple(
            tier.model_copy(update={"price": self.amount.of(tier.price)}) if tier.offer in meant else tier
            for tier in market.tiers
        )
        return instance.model_copy(update={"market": market.model_copy(update={"offers": offers, "tiers": tiers})})

    def _reprice(self, offer: Offer) -> Offer:
        return offer.model_copy(update={"price": self.amount.of(offer.price)})


@dataclass(frozen=True, kw_only=True)
class CapacityChange(_OfOffers):
    """How much can be bought."""

    VERB: ClassVar[str] = "capacity"
    EXAMPLE: ClassVar[str] = "capacity mined/cobalt@CD=x0.5"

    def apply(self, instance: Instance) -> Instance:
        """Change the capacity of every offer that is meant."""
        market = instance.market
        meant = self.meant(market)
        offers = tuple(self._resize(offer) if offer.offer in meant else offer for offer in market.offers)
        return instance.model_copy(update={"market": market.model_copy(update={"offers": offers})})

    def _resize(self, offer: Offer) -> Offer:
        if offer.capacity is None and self.amount.relative:
            msg = f"{offer.offer} states no capacity that {self.amount.text} could change; write an amount such as 1200"
            raise ValueError(msg)
        return offer.model_copy(update={"capacity": self.amount.of(offer.capacity or 0.0)})
