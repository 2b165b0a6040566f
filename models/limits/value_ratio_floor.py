r"""At least a share of what is paid for the material must not be paid to a class of entities.

Words: at least 55 % of what the materials of a battery cost must not be paid to prohibited foreign
entities: those of a covered nation, and those of which one covered nation holds 25 %, or several hold
40 % together.

Mathematics, for each material m (or all in scope together) and period (or horizon) T:

    level * sum_{i, t in T} c_{it}  <=  sum_{i not in K, t in T} c_{it}

| symbol | meaning                                                                     | unit     |
|--------|-----------------------------------------------------------------------------|----------|
| c_{it} | what is paid for the units of offer i: purchases or processing, by tier     | currency |
| K      | offers of the class: by place, by the shares of owners, by company          |          |

An offer is in the class as a whole or not at all. With k over the countries of the bloc, w_{ik} the
share of i that k holds, and u_i the share that nobody declared (0 when it is left apart), it is in by
control when

    max_k w_{ik} + u_i >= from_share    or    sum_k w_{ik} + u_i >= together_from

Freight, duties and fixed costs are not what a material costs and do not count. The stages in scope
are added up: a refined material costs its ore and its processing. Nothing is saved by being paid for
taking a thing: a price below zero counts as nothing, else the ratio could be met by a sale, and a
tighter level could be easier to meet.

Defining rows hold what is paid outside of the class to the price lists (`price_lists.py`): there the
program would otherwise rather pay too much than miss the floor.

This is the ratio of the material assistance cost ratio, 26 U.S.C. 7701(a)(52): total direct cost less
that attributable to prohibited foreign entities, over total direct cost.

>>> ValueRatioFloor(name="macr", bloc="covered", basis="either", from_share="25%", together_from="40%",
...     group="total", min_share="55%", hard=True).level
0.55
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Self

from pydantic import Field, model_validator

from models.algebra.batched import Expressions
from models.limits.contract.limit import (
    Key,
    Reading,
    Row,
    RowBatch,
    in_period,
    least_bought,
    unknown_names,
    yearly_tiers,
)
from models.limits.contract.price_lists import kept_price_lists
from models.limits.contract.scoped import ScopedLimit
from models.market.price_schedule import schedules
from models.records.countries import UNDISCLOSED
from models.records.fields import Name, Names, Share
from models.records.tolerances import ROUNDING
from models.records.wording import format_percent

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from models.market import Market, Offer
    from models.market.exposure import Exposure, Ledger

Paid = list[tuple["Offer", list[tuple[float, Any]]]]
"""Offers with what is paid for each: (price, units) of a ledger."""


class ValueRatioFloor(ScopedLimit):
    """At least `min_share` of what is paid for materials is paid outside of a class."""

    LEVEL: ClassVar[str] = "min_share"
    UNIT: ClassVar[Literal["share"]] = "share"
    SENSE: ClassVar[Literal["at least"]] = "at least"
    READS_PRICES: ClassVar[bool] = True
    REPAIR: ClassVar[str] = "ask for {new} of what is paid for {what} to go {who} instead of {old}"

    kind: Literal["value_ratio_floor"] = "value_ratio_floor"
    min_share: Share
    """Share of what is paid, from 0 to 1."""
    group: Literal["each", "total"]
    """Each material in scope by itself, or all of them in total; stages in scope always add up."""
    bloc: Name | None = None
    """Countries of the class."""
    basis: Literal["place", "control", "either"] | None = None
    """With a bloc: an offer is in the class where its site stands in the bloc, where the bloc owns it, or either."""
    from_share: Share | None = None
    """By control: share of one country of the bloc from which an offer is in; 0 = any part."""
    together_from: Share | None = None
    """By control: share of all countries of the bloc together from which an offer is in; 0 = any part."""
    companies: Names | None = Field(default=None, min_length=1)
    """Companies of the class, wherever they stand and whoever owns them."""
    undisclosed: Literal["counts", "apart"] = "counts"
    """Whether what nobody declared of an offer counts as the bloc's, or is left apart."""

    @model_validator(mode="after")
    def _says_a_class(self) -> Self:
        msg = None
        owned = self.from_share is not None or self.together_from is not None
        if self.bloc is None and self.companies is None:
            msg = "does not say who is in the class; write a bloc, companies, or both"
        elif (self.bloc is None) != (self.basis is None):
            msg = 'a bloc and a basis belong together; with a bloc write basis = "place", "control" or "either"'
        elif self.basis in {"control", "either"} and not owned:
            msg = "control needs the share that makes it; write from_share, together_from, or both"
        elif self.basis not in {"control", "either"} and owned:
            msg = 'from_share and together_from go with basis = "control" or "either"; remove them'
        if msg is not None:
            raise ValueError(msg)
        return self

    @property
    def about(self) -> str:
        """Who is left out: ``outside covered by control``, ``outside Acme``."""
        return f"outside {self.who}"

    @property
    def who(self) -> str:
        """Who is in the class: ``covered by control``, ``Acme, Bolt``."""
        how = {"place": "by place", "control": "by control", "either": "by place or control"}
        bloc = [f"{self.bloc} {how[self.basis]}"] if self.basis is not None else []
        return ", ".join([*bloc, *(self.companies or ())])

    def excess_unit(self, mass: str, currency: str) -> str:  # noqa: ARG002 (money is no mass)
        """Return the unit of the rows: what is paid."""
        return currency

    def size(self, key: Key, market: Market) -> float:
        """Return what the demand would cost at the highest price in scope, above 0."""
        materials = [key.material] if key.material else [m for m in market.material if self.concerns(m)]
        periods = [key.period] if key.period else market.years
        highest = max((max(market.prices(o.offer)) for o in market.offers if o.material in materials), default=0.0)
        return sum(market.demand_of(material, periods) for material in materials) * highest or 1.0

    def rows(self, m: Any, here: Any) -> Iterator[Row | RowBatch]:
        """Yield ``level * paid <= paid outside of the class``, in currency, and the defining rows of price lists."""
        groups = dict(self._paid(m))
        offers = {offer.offer: offer for paid in groups.values() for offer, _ in paid}
        outside = offers.keys() - self._class(m.exposure, offers.values())
        rows = [
            [(offer.offer, price, units) for offer, terms in paid for price, units in terms if price > 0]
            for paid in groups.values()
        ]
        bought = [[units for _, _, units in row] for row in rows]
        everything = Expressions.of("paid", bought, [[price for _, price, _ in row] for row in rows])
        there = Expressions.of(
            "paid", bought, [[price if name in outside else 0.0 for name, price, _ in row] for row in rows]
        )
        yield RowBatch(list(groups), here.level * everything, there)
        for row in kept_price_lists(m, here, outside):
            if self.counts_in(row.key.period):
                yield row

    def recount(self, plan: Ledger) -> Iterator[Reading]:
        """Yield the share of what a plan pays that is not paid to the class; all of it where nothing is paid."""
        offers = plan.exposure.market.offers
        inside = self._class(plan.exposure, offers)
        declared = self._class(plan.exposure, offers, as_declared=True)
        for key, paid in self._paid(plan):
            whole = outside = hidden = 0.0
            for offer, terms in paid:
                cost = sum(max(0.0, price) * units for price, units in terms)
                whole += cost
                outside += 0.0 if offer.offer in inside else cost
                hidden += cost if offer.offer in inside - declared else 0.0
            used = outside / whole if whole > 0 else 1.0
            excess = max(0.0, self.min_share * whole - outside)
            yield Reading(key, used, self.min_share, excess, undisclosed=hidden / whole if whole > 0 else 0.0)

    def impossible(self, most: Ledger) -> Iterator[str]:
        """Yield that something must be paid, and that all that can be paid is paid to the class."""
        market = most.exposure.market
        sold = {name for (name, _), units in most.quantity.items() if units > 0}
        least = {offer.offer: min(market.prices(offer.offer)) for offer in market.offers}
        for (name, _), schedule in schedules(market).items():
            least[name] = min(least[name], *schedule.prices)
        for key, periods in self.cells(market) if self.min_share > 0 and self.group == "each" else ():
            offers = [o for o in market.offers if o.material == key.material and o.offer in sold]
            last = [o for o in offers if o.stage == key.stage]
            counted = [offer for offer in offers if offer.stage in (self.stages or (offer.stage,))]
            if any(least[offer.offer] <= 0 for offer in last) or least_bought(most, key, periods, None) <= 0:
                continue
            if len(self._class(most.exposure, counted)) == len(counted):
                all_of_it = f"all {key.material} that can be bought{in_period(key)} counts as {self.who}"
                yield f"{all_of_it}, and {format_percent(self.min_share)} of what is paid must not"

    def couples(self, market: Market) -> Iterator[tuple[str, ...]]:
        """Yield the materials in scope when they are added up."""
        if self.group == "total":
            yield tuple(dict.fromkeys(key.material for key, _ in self.cells(market)))

    def problems(self, market: Market) -> Iterator[str]:
        """Yield one sentence for every name that the market does not know."""
        yield from super().problems(market)
        yield from yearly_tiers(market, self.materials)
        if self.bloc is not None:
            yield from unknown_names("bloc", (self.bloc,), market.blocs)
        yield from unknown_names("companies", self.companies, market.companies)
        if self.sites is not None:
            yield "sites: what is paid for a material is paid wherever it goes; remove sites"

    def _paid(self, book: Ledger) -> Iterator[tuple[Key, Paid]]:
        """Yield each group with its offers and what is paid for each, in terms of `book`."""
        market = book.exposure.market
        groups: dict[Key, Paid] = defaultdict(list)
        for key, periods in self.cells(market):
            group = Key(material=key.material if self.group == "each" else "", period=key.period)
            for offer in market.sold[key.material, key.stage]:
                mine = book.spent.get(offer.offer, {})
                terms = [term for period in periods if period in mine for term in mine[period]]
                groups[group].append((offer, terms))
        yield from groups.items()

    def _class(self, exposure: Exposure, offers: Iterable[Offer], *, as_declared: bool = False) -> set[str]:
        """Return which of some offers are in the class, each as a whole; or are by what is declared alone."""
        bloc = set(exposure.market.blocs[self.bloc]) if self.bloc is not None else set()
        if self.bloc is not None and self.undisclosed == "counts" and not as_declared:
            bloc.add(UNDISCLOSED)
        return {offer.offer for offer in offers if self._in_class(exposure, offer, bloc)}

    def _in_class(self, exposure: Exposure, offer: Offer, bloc: set[str]) -> bool:
        """Whether an offer is in the class, by its company or by who of the bloc is behind it."""
        if offer.company in (self.companies or ()):
            return True
        if self.basis in {"place", "either"} and not bloc.isdisjoint(exposure.weights(offer, offer.stage, "place")):
            return True
        owned = self.basis in {"control", "either"}
        return owned and self._owned(exposure.weights(offer, offer.stage, "control"), bloc)

    def _owned(self, shares: dict[str, float], bloc: set[str]) -> bool:
        """Whether one country of a bloc holds enough, or all do together; what is undisclosed may be anyone's."""
        held = {country: shares.get(country, 0.0) for country in bloc}
        hidden = held.pop(UNDISCLOSED, 0.0)
        one, together = max(held.values(), default=0.0) + hidden, sum(held.values()) + hidden
        return _reaches(one, self.from_share) or _reaches(together, self.together_from)


def _reaches(share: float, least: float | None) -> bool:
    """Whether a share is there and as large as asked for; shares that add up to it but for rounding are."""
    return least is not None and share > 0 and share >= least - ROUNDING
