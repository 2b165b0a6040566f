"""Limits on what a plan still covers once somebody or something is lost: whom they lose, when, and what counts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Literal, NamedTuple, Self

from pydantic import model_validator
from pyomo.core import NonNegativeReals, Var

from models.algebra.expressions import linear
from models.limits.contract.limit import Key, Row, basis_fault, index_of, unknown_names, yearly_tiers
from models.limits.contract.scoped import ScopedLimit
from models.market.impacts import find_impact, list_lead_times
from models.market.losses import Answer, Subject, Trial
from models.market.network import Network
from models.records.countries import UNDISCLOSED
from models.records.fields import Country, Name, PositiveShare
from models.records.tolerances import STRICTLY
from models.records.wording import format_count

if TYPE_CHECKING:
    from collections.abc import Iterator

    from models.market import Market
    from models.market.exposure import Exposure, Ledger

_NAMED = ("country", "bloc", "company", "offer", "lane", "corridor")
_WITHOUT_STAGE = ("lane", "corridor")


class LossTrial(NamedTuple):
    """One loss of a limit: the keys of its readings by material, and the trial."""

    keys: dict[str, Key]
    trial: Trial


class LosingLimit(ScopedLimit):
    """A limit that holds after the loss of any one subject: each of a kind, or one that is named."""

    WHEN: ClassVar[str] = "from"
    PREPARES: ClassVar[bool] = True
    END_MOVES: ClassVar[bool] = False
    """Whether it hangs on the level how long demand counts; there are rows where any does then, at every level."""

    each: Literal["country", "company", "offer", "lane", "corridor"] | None = None
    """Any one of them may be lost, one at a time."""
    country: Country | None = None
    bloc: Name | None = None
    """All its countries at once."""
    company: Name | None = None
    offer: Name | None = None
    lane: Name | None = None
    """ORIGIN/DESTINATION: nothing leaves over it."""
    corridor: Name | None = None
    basis: Literal["place", "control"] | None = None
    """With countries: where the site stands, or who owns it."""
    exempt: tuple[Country, ...] = ()
    """With each = "country": countries that are not lost."""
    outside: Name | None = None
    """With each = "country": a bloc whose countries are not lost."""
    from_share: PositiveShare = 1.0
    """Share from which what is owned is lost whole; below it is lost in its share."""
    from_period: Name | None = None
    """The first period in which a loss may begin; absent = the first of the horizon."""

    @model_validator(mode="after")
    def _one_subject(self) -> Self:
        said = [field for field in ("each", *_NAMED) if getattr(self, field) is not None]
        if len(said) != 1:
            msg = f"speaks of {' and '.join(said) or 'nobody'}; write exactly one of each, {', '.join(_NAMED)}"
            raise ValueError(msg)
        countries = self.each == "country" or self.country is not None or self.bloc is not None
        if countries != (self.basis is not None):
            raise ValueError(basis_fault(self.basis))
        for field in ("exempt", "outside"):
            if getattr(self, field) and self.each != "country":
                msg = f'{field} goes with each = "country" only; remove it'
                raise ValueError(msg)
        if self.from_share < 1 and self.basis != "control":
            msg = 'from_share counts what is owned, so it goes with basis = "control" only; remove it'
            raise ValueError(msg)
        if self.stages is not None and self._kind in _WITHOUT_STAGE:
            msg = f"a {self._kind} has no stage, so stages says nothing here; remove it"
            raise ValueError(msg)
        for field, other in (("periods", self.periods is not None), ("per", self.per == "horizon")):
            if other:
                msg = f"{field} says nothing here, as a loss may begin in any period; write from_period, or remove it"
                raise ValueError(msg)
        return self

    @property
    def _kind(self) -> str:
        return self.each or next(field for field in _NAMED if getattr(self, field) is not None)

    @property
    def about(self) -> str:
        """Who is lost: ``each country outside EU by control``, ``corridor Hormuz``."""
        basis = f" by {self.basis}" if self.basis else ""
        if self.each is not None:
            outside = f" outside {self.outside}" if self.outside else ""
            return f"each {self.each}{outside}{basis}"
        return f"{getattr(self, self._kind)}{basis}"

    def size(self, key: Key, market: Market) -> float:
        """Return the demand of the horizon, in units."""
        return market.demand_of(key.material, market.years, self.sites) or 1.0

    def excess_unit(self, mass: str, currency: str) -> str:  # noqa: ARG002 (what lacks is material)
        """Return the unit of the rows, in words."""
        return mass

    def stages_of(self, market: Market) -> Iterator[tuple[str, str]]:
        """Yield each material with its last stage, whose demand counts."""
        for material in market.materials:
            if self.concerns(material.material):
                yield material.material, material.stages[-1]

    def problems(self, market: Market) -> Iterator[str]:
        """Yield one sentence for everything that the market does not know, or does not say."""
        yield from super().problems(market)
        yield from yearly_tiers(market)
        if self.from_period is not None:
            yield from unknown_names("from_period", (self.from_period,), market.years)
        known = {"bloc": market.blocs, "company": market.companies, "offer": market.offer}
        known |= {"outside": market.blocs, "corridor": {row.corridor for row in market.corridors}}
        for field, names in known.items():
            if getattr(self, field) is not None:
                yield from unknown_names(field, (getattr(self, field),), names)
        if self.lane is not None:
            yield from unknown_names("lane", (self.lane,), _list_lanes(market))
        if market.response is None and any(offer.surge is None for offer in market.offers):
            yield (
                "what suppliers give at short notice is not said, and what stays covered depends on it; write "
                "[response] with surge, surge_premium, notice and take_or_pay (surge = 0: nothing)"
            )

    def fit_problems(self, lasts: int, market: Market) -> Iterator[str]:
        """Yield that a loss lasts no period, or does not fit into the horizon."""
        known = self.from_period is None or self.from_period in market.years
        left = len(self.beginnings(market)) if known else len(market.years)
        if not 1 <= lasts <= left:
            since = f"from {self.from_period} on there are" if self.from_period and known else "the horizon has"
            yield (
                f"lasts: {lasts} is no number of periods that fits; {since} {format_count(left, 'periods')}; write "
                f"{'1' if left == 1 else f'1 to {left}'}"
            )

    def beginnings(self, market: Market) -> range:
        """Return the periods, counted from 0, in which a loss may begin."""
        first = 0 if self.from_period is None else list(market.years).index(self.from_period)
        return range(first, len(market.years))

    def windows(self, market: Market) -> Iterator[tuple[int, int]]:
        """Yield (first period of a loss, periods that it lasts)."""
        raise NotImplementedError

    def ends_with(self, begins: int, lasts: int, lead_time: int) -> int:
        """Return the first period whose demand no longer counts, were there no end of the horizon."""
        raise NotImplementedError

    def unmet_at_most(self, level: float, demand: float) -> float:
        """Return how much of a demand may stay unmet after a loss, at a level [quantity]."""
        raise NotImplementedError

    def list_subjects(self, market: Market, network: Network) -> list[Subject]:
        """Return who or what may be lost, one at a time."""
        cells = None
        if self.stages is not None:
            cells = frozenset((m.material, s) for m in market.materials for s in m.stages if s in self.stages)
        names = [str(getattr(self, self._kind))] if self.each is None else _everybody(self.each, market, network)
        if self.each == "country":
            free = {*self.exempt, *(market.blocs[self.outside] if self.outside else ())}
            names = [name for name in names if name not in free]
        kind: Any = self._kind
        return [Subject(kind, name, name, self.basis, cells=cells) for name in names]

    def list_tried(self, exposure: Exposure, network: Network) -> list[LossTrial]:
        """Return every loss that takes anything of a material of this limit, with what is asked of it."""
        market, tried = exposure.market, []
        periods, material_of = list(market.years), {o.offer: o.material for o in market.offers}
        lead_times = list_lead_times(market, network)
        for subject in self.list_subjects(market, network):
            impact = find_impact(subject, exposure, network, market.offer, self.from_share)
            hit = {material_of[name] for name, _ in (*impact.offers, *impact.lanes)}
            mine = [name for name in market.material if name in hit and self.concerns(name)]
            for begins, lasts in self.windows(market) if mine else ():
                ends = {name: min(self.ends_with(begins, lasts, lead_times[name]), len(periods)) for name in mine}
                asked = {
                    name: end
                    for name, end in ends.items()
                    if market.demand_of(name, periods[begins : len(periods) if self.END_MOVES else end], self.sites) > 0
                }
                if asked:
                    keys = {name: Key(material=name, who=subject.name, period=periods[begins]) for name in asked}
                    tried.append(LossTrial(keys, Trial(impact, begins, lasts, asked, self.sites)))
        return tried

    def answer(self, plan: Ledger) -> Iterator[tuple[LossTrial, dict[str, float], dict[str, float]]]:
        """Yield each loss with what may stay unmet after it, and what does in the best response, by material."""
        market = plan.exposure.market
        tried = self.list_tried(plan.exposure, Network(market.prepared))
        most = [
            {name: self.unmet_at_most(self.level, one.trial.demand(market, name)) for name in one.keys} for one in tried
        ]
        yield from zip(
            tried, most, plan.find_unmet([*zip((one.trial for one in tried), most, strict=True)]), strict=True
        )

    def rows(self, m: Any, here: Any) -> Iterator[Row]:
        """Yield ``unmet <= what may stay unmet`` for each loss, and that a lane which a response may use is used."""
        if not hasattr(here, "tried"):
            here.tried = self.list_tried(m.exposure, m.network)
            here.unmet = Var(
                index_of(key for one in here.tried for key in one.keys.values()),
                domain=NonNegativeReals,
                doc="unmet in the best response to a loss [quantity]",
            )
        for one in here.tried:
            for material, key in one.keys.items():
                demand = one.trial.demand(m.market, material)
                yield Row(key, here.unmet[key], self.unmet_at_most(here.level, demand))
        yield from _used_ways(m)

    def answers(self, m: Any, here: Any) -> Iterator[Answer]:  # noqa: ARG002 (of its own block alone)
        """Yield what makes the variables of the rows what stays unmet in the best response."""
        for one in here.tried:
            yield Answer(one.trial, {material: here.unmet[key] for material, key in one.keys.items()})


def _everybody(kind: str, market: Market, network: Network) -> list[str]:
    """Return all of a kind that can be lost, by name."""
    match kind:
        case "country":
            countries = {offer.country for offer in market.offers} | {owner.country for owner in market.owners}
            countries |= {origin.country for origin in market.origins}
            countries |= {origin.owner for origin in market.origins if origin.owner}
            return sorted(countries - {UNDISCLOSED})
        case "company":
            return sorted(market.companies)
        case "offer":
            return sorted(market.offer)
        case "lane":
            return ["/".join(pair) for pair in network.lanes]
        case _:
            return sorted(network.corridors)


def _list_lanes(market: Market) -> set[str]:
    """Return the names of lanes: those that are stated, or else all that may be, as every way is open then."""
    if market.lanes:
        return {f"{row.origin}/{row.destination}" for row in market.lanes}
    works = [(offer.material, offer.offer) for offer in market.offers if offer.yield_ is not None]
    ends = {(row.material, row.site) for row in market.demand} | set(works)
    return {f"{offer.offer}/{end}" for offer in market.offers for material, end in ends if material == offer.material}


def _used_ways(m: Any) -> Iterator[Row]:
    """Yield that something moves where a lane or corridor with terms is used, as a response may use what the plan uses.

    A corridor carries something over one of its lanes; what is only paid for and carries nothing is no use.
    """
    carried: dict[tuple[str, ...], list[tuple[float, Any]]] = {}
    for key, flow in m.flows.items() if hasattr(m, "used") else ():
        if key in m.used:
            carried.setdefault(key, []).append((1.0, flow))
        corridor = m.network.lanes[key[:2]].corridor
        if corridor is not None and ("corridor", corridor, key[2]) in m.used:
            carried.setdefault(("corridor", corridor, key[2]), []).append((1.0, flow))
    for key, flows in carried.items():
        most = sum(flow.ub for _, flow in flows)
        used = [(STRICTLY * most, m.used[key])]
        yield Row(Key(who=" / ".join(key[:2]), period=key[2]), linear(used), linear(flows), defining=True)
