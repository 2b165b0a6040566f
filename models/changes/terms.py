"""``price``, ``capacity`` and ``minimum-take``: terms of offers, for the whole horizon or in some of its periods.

What is changed in some periods stands in rows of the table `terms`, so what comes of it is an instance as any other.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Literal, NamedTuple, Self

from models.changes.amounts import Amount, read_amount
from models.changes.by_period import change_differing, change_everywhere, change_in_periods
from models.changes.change import FactChange, NotThenError, split_at, unquote
from models.changes.one_unit import StatedUnit, require_one_unit, state_amount, state_price
from models.changes.places import (
    BASES,
    OWNED_FROM,
    choose_place,
    confine_periods,
    describe_nothing,
    narrow_periods,
    split_places,
)
from models.changes.selection import choose, group_by_country, list_first, read_scope
from models.market import Terms
from models.market.exposure import Exposure
from models.records.tolerances import ROUNDING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from models.changes.places import Basis
    from models.market import Market, Offer

Column = Literal["price", "capacity", "minimum_take"]
Hit = tuple[str, str]
"""``offer``, ``period`` or ``basis``, and a name of it."""


class SomeOffers(NamedTuple):
    """Offers that a change speaks of, in some periods."""

    offers: list[str]
    periods: tuple[str, ...] | None
    """None where all of them are meant."""


@dataclass(frozen=True, kw_only=True)
class _OfOffers(FactChange):
    """A change of a term of offers."""

    FORM: ClassVar[str] = "OFFERS[@WHERE][@PERIODS]=AMOUNT"
    COLUMN: ClassVar[Column]

    offers: str
    places: tuple[str, ...]
    amount: Amount

    @classmethod
    def read(cls, said: str, text: str, origin: str) -> Self:
        """Read ``OFFERS[@WHERE][@PERIODS]=AMOUNT``."""
        target, value = cls.target_and_value(said)
        offers, places = split_places(target)
        return cls(offers=offers, places=places, amount=read_amount(value), text=text, origin=origin)

    def change(self, market: Market, found: SomeOffers, within: Collection[str] | None = None) -> Market:
        """Change the term of the offers, where it stands or in rows of the periods that are meant."""
        offers, periods = found.offers, narrow_periods(found.periods, within, market)
        self.check(market, offers, in_periods=periods is not None)
        update = self._in_all(market, offers) if periods is None else self._in_some(market, offers, periods)
        return market.model_copy(update=update)

    def check(self, market: Market, offers: Collection[str], *, in_periods: bool) -> None:  # noqa: ARG002 (prices ask)
        """Raise ValueError where the change cannot be made of some offers."""
        require_one_unit(self.amount, [(name, self.stated_in(market, market.offer[name])) for name in offers])

    @staticmethod
    def stated_in(market: Market, offer: Offer) -> StatedUnit:
        """Return in what an offer states the term."""
        return state_amount(market, offer.material, offer.basis)

    def find(self, market: Market) -> SomeOffers:
        """Return the offers that are meant, at least one, and the periods."""
        found = _find_offers(self.offers, market)
        basis = _find_basis(self.places, market)
        periods: list[str] | None = None
        countries = 0
        for place in self.places:
            by_country = group_by_country(place, _by_country(market, basis))
            hits = choose_place(place, _kinds(market, by_country), market, wild=("country", "period"))
            names = {name for _, name in hits}
            match hits[0][0]:
                case "offer":
                    is_country = unquote(place) in by_country or place.startswith("country:")
                    countries += is_country
                    inside = [name for name in found if name in names]
                    if not inside:
                        raise ValueError(self._describe_none(place, found, market, is_country=is_country))
                    found = inside
                case "period":
                    periods = [name for name in periods or market.years if name in names]
                    if not periods:
                        raise ValueError(describe_nothing("period", self.places))
        if basis is not None and not countries:
            msg = f"@{basis} says how a country counts, and none is named; write it beside one, such as @CN@{basis}"
            raise ValueError(msg)
        return SomeOffers(found, confine_periods(periods, market))

    def _describe_none(self, place: str, found: Collection[str], market: Market, *, is_country: bool) -> str:
        if is_country:
            there = list_first(sorted({market.offer[name].country for name in found}))
            return f"no offer of {self.offers} stands in {place}; they stand in {there}"
        return f"no offer of {self.offers} is one of {place} as well; there are {list_first(list(found))}"

    def _in_all(self, market: Market, offers: Collection[str]) -> dict[str, Any]:
        """Return the tables with the term changed in all periods: of the offers, and of what differs from them."""
        meant = {(offer,) for offer in offers}
        return {
            "offers": change_everywhere(market.offers, meant, self.COLUMN, self.amount),
            "terms": change_differing(market.terms, meant, self.COLUMN, self.amount),
        }

    def _in_some(self, market: Market, offers: Collection[str], periods: Collection[str]) -> dict[str, Any]:
        """Return the table of terms with the term changed in some periods, of offers that are sold in them."""
        sold = list_sold(market, offers, periods)
        if not sold:
            when = list_first(list(periods))
            msg = f"nothing of {self.offers} is sold in {when}; name periods in which it is"
            raise NotThenError(msg)
        return {"terms": change_in_periods(Terms, market.terms, sold, self.COLUMN, self.amount)}


def list_sold(market: Market, offers: Iterable[str], periods: Collection[str]) -> list[tuple[Offer, str]]:
    """Return each of some offers with each of some periods in which it can be bought."""
    pairs = [(market.offer[name], period) for name in offers for period in periods]
    return [(offer, period) for offer, period in pairs if _is_sold(offer, period, market)]


def _is_sold(offer: Offer, period: str, market: Market) -> bool:
    """Whether an offer can be bought in a period; where its window is none, validation tells."""
    known = {offer.from_period, offer.to_period} <= {None, *market.years}
    return not known or period in market.window(offer)


def _find_offers(text: str, market: Market) -> list[str]:
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


def _kinds(market: Market, by_country: Mapping[str, Collection[Hit]]) -> dict[str, Mapping[str, Collection[Hit]]]:
    """Return what may stand behind an ``@`` of offers, by its kind."""
    companies: dict[str, list[Hit]] = defaultdict(list)
    stages: dict[str, list[Hit]] = defaultdict(list)
    for offer in market.offers:
        companies[offer.company].append(("offer", offer.offer))
        stages[offer.stage].append(("offer", offer.offer))
    return {
        "country": by_country,
        "company": companies,
        "stage": stages,
        "period": {period: [("period", period)] for period in market.years},
        "basis": {basis: [("basis", basis)] for basis in BASES},
    }


def _find_basis(places: Collection[str], market: Market) -> Basis | None:
    """Return the basis that is named among what stands behind the ``@``: that on which countries count."""
    said = [place for place in places if unquote(place.removeprefix("basis:")) in BASES]
    hits = [choose_place(place, _kinds(market, {}), market)[0] for place in said]
    found = [basis for basis in BASES if ("basis", basis) in hits]
    if len(found) > 1:
        raise ValueError(describe_nothing("basis", said))
    return next(iter(found), None)


def _by_country(market: Market, basis: Basis | None) -> dict[str, list[Hit]]:
    """Return offers by the country in which they stand, or that owns a half of them or more."""
    found: dict[str, list[Hit]] = defaultdict(list)
    exposure = Exposure(market)
    for offer in market.offers:
        for country, share in exposure.weights(offer, offer.stage, basis or "place").items():
            if share >= OWNED_FROM - ROUNDING:
                found[country].append(("offer", offer.offer))
    return found


@dataclass(frozen=True, kw_only=True)
class PriceChange(_OfOffers):
    """What a unit costs."""

    VERB: ClassVar[str] = "price"
    EXAMPLE: ClassVar[str] = "price refined/lithium@CL=+10%"
    COLUMN: ClassVar[Column] = "price"

    def check(self, market: Market, offers: Collection[str], *, in_periods: bool) -> None:
        """Raise ValueError where tiers could not follow the price, or offers are priced in several units."""
        super().check(market, offers, in_periods=in_periods)
        tiered = sorted(set(offers) & {tier.offer for tier in market.tiers})
        if tiered and not self.amount.relative:
            msg = f"{list_first(tiered)} has tiers of its own prices; write a relative price such as +10% or x1.1"
            raise ValueError(msg)
        apart = {row.offer for row in market.terms if row.price is not None}
        bound = tiered if in_periods else sorted(apart & set(tiered))
        if bound and self.amount.how == "plus":
            how = "which move in proportion in a period"
            msg = f"{list_first(bound)} has tiers, {how}; write a relative price such as +10% or x1.1"
            raise ValueError(msg)

    @staticmethod
    def stated_in(market: Market, offer: Offer) -> StatedUnit:
        """Return in what an offer states its price."""
        return state_price(market, offer)

    def _in_all(self, market: Market, offers: Collection[str]) -> dict[str, Any]:
        tiers = tuple(
            tier.model_copy(update={"price": self.amount.of(tier.price)}) if tier.offer in offers else tier
            for tier in market.tiers
        )
        return super()._in_all(market, offers) | {"tiers": tiers}


@dataclass(frozen=True, kw_only=True)
class CapacityChange(_OfOffers):
    """How much can be bought."""

    VERB: ClassVar[str] = "capacity"
    EXAMPLE: ClassVar[str] = "capacity mined/cobalt@CD=x0.5"
    COLUMN: ClassVar[Column] = "capacity"


@dataclass(frozen=True, kw_only=True)
class MinimumTakeChange(_OfOffers):
    """How much must be bought of what is signed."""

    VERB: ClassVar[str] = "minimum-take"
    EXAMPLE: ClassVar[str] = "minimum-take refined/nickel=x0.5"
    COLUMN: ClassVar[Column] = "minimum_take"
