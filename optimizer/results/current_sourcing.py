"""What is bought today, as an instance states it, accounted for as a plan is: no program is asked."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING, Literal, NamedTuple

from models.enforcement import prepare
from models.limits.ban import Ban
from models.limits.content_cap import ContentCap
from models.limits.dual_source import DualSource
from models.limits.hhi_cap import HhiCap
from models.limits.quantity_cap import QuantityCap
from models.limits.share_cap import ShareCap
from models.records.countries import UNDISCLOSED
from models.records.tolerances import RECOUNTED
from optimizer.errors import InputError
from optimizer.results.account import Account
from optimizer.results.plan import Plan

if TYPE_CHECKING:
    from collections.abc import Iterator

    from models.enforcement import EnforcedInstance
    from models.limits import Limit, Reading
    from models.market import PreparedMarket

Source = Literal["earlier", "commitments", "incumbent_quantity"]
Dimension = Literal["place", "control", "company"]
_DIMENSIONS: tuple[Dimension, ...] = ("place", "control", "company")
_CAPS = (ShareCap, QuantityCap, Ban, HhiCap, DualSource)
"""Limits on who may be behind what is bought."""


class Dependency(NamedTuple):
    """How much of a stage hangs on a country or a company, over all periods."""

    material: str
    stage: str
    basis: Dimension
    who: str
    """A country or a company; `ZZ` is what nobody declared."""
    quantity: float
    """What is bought there [quantity]."""
    share: float
    """Part of all that arrives of what passes the stage."""
    at_most: float
    """The same with all that nobody declared at the stage, which may be its."""


class CurrentSourcing(Account):
    """The books of what is bought today, whose ways are not known."""

    def __init__(self, instance: EnforcedInstance) -> None:
        """Read what is bought today.

        Raises:
            InputError: the instance does not state it.
        """
        market = prepare(instance)
        self.source, self._bought = _read(market)
        limits = tuple(one for one in instance.limits if isinstance(one, _CAPS) and one.sites is None)
        super().__init__(market, limits, Plan(flow={}))
        self.instance = instance
        self.left_out = sum(isinstance(one, (*_CAPS, ContentCap)) for one in instance.limits) - len(limits)
        """Caps on some sites or on products, of which what is bought today says nothing."""

    @cached_property
    def quantity(self) -> dict[tuple[str, str], float]:
        """Units bought, by (offer, period)."""
        nothing = {(o.offer, period): 0.0 for o in self.market.offers for period in self.market.years}
        return nothing | self._bought

    @cached_property
    def arriving(self) -> dict[tuple[str, str], float]:
        """Units that arrive by (offer, period), on the mean of where they can go, as their ways are not known."""
        worth, found = self.exposure.worth, {}
        for (name, period), units in self._bought.items():
            offer = self.market.offer[name]
            if worth.of_offer(offer) is None:
                ends = [worth.at(one) for one in worth.destinations(offer)]
                found[name, period] = units * sum(ends) / len(ends)
        return found

    @cached_property
    def dependencies(self) -> tuple[Dependency, ...]:
        """What hangs on whom, by material, stage and basis; the largest first, what nobody declared last."""
        return tuple(row for cell in self.exposure.passing for basis in _DIMENSIONS for row in self._cell(*cell, basis))

    def _cell(self, material: str, stage: str, basis: Dimension) -> Iterator[Dependency]:
        periods = tuple(self.market.years)
        whole = sum(self.supplied[material, stage, period] for period in periods)
        if whole <= 0:
            return
        where = (self, basis, material, stage, periods)
        bought = self.exposure.attribution(*where).total_units()
        arrives = self.exposure.attribution(*where, arriving=True).total_units()
        there = {offer for (offer, _), units in self._bought.items() if units > 0}
        named = self.exposure.named_at(material, stage, basis)
        arrives = {who: 0.0 for who, mine in named.items() if there & mine.keys()} | arrives
        hidden = arrives.get(UNDISCLOSED, 0.0)
        for who in sorted(arrives, key=lambda one: (one == UNDISCLOSED, -arrives[one], one)):
            mine = arrives[who]
            if mine > RECOUNTED * whole or who in named:
                most = mine if who == UNDISCLOSED or basis == "company" else mine + hidden
                yield Dependency(material, stage, basis, who, bought.get(who, 0.0), mine / whole, most / whole)

    @cached_property
    def not_bought(self) -> tuple[str, ...]:
        """Materials of which nothing is bought today."""
        bought = {self.market.offer[name].material for name, _ in self._bought}
        return tuple(name for name in self.market.material if name not in bought)

    @cached_property
    def unfed(self) -> tuple[tuple[str, str, float], ...]:
        """Stages of which less passes than of the last one, with the share that nobody is stated to be bought from."""
        found = []
        for material in self.market.materials:
            passes = {stage: self._whole(material.material, stage) for stage in material.stages}
            last = passes[material.stages[-1]]
            for stage, much in passes.items():
                if last > 0 and much < last * (1 - RECOUNTED):
                    found.append((material.material, stage, 1 - much / last))
        return tuple(found)

    def _whole(self, material: str, stage: str) -> float:
        return sum(self.supplied[material, stage, period] for period in self.market.years)

    @cached_property
    def broken(self) -> tuple[tuple[Limit, Reading], ...]:
        """The caps that what is bought today breaks, the row that is broken most of each."""
        worst: dict[str, tuple[Limit, Reading]] = {}
        for limit, reading in self.readings:
            over = reading.used - reading.allowed
            known = worst.get(limit.name)
            if over > RECOUNTED * max(1.0, reading.allowed) and (not known or over > known[1].used - known[1].allowed):
                worst[limit.name] = limit, reading
        return tuple(worst.values())


def _read(market: PreparedMarket) -> tuple[Source, dict[tuple[str, str], float]]:
    """Return what is bought today by (offer, period), of the first of three places that states anything."""
    earlier: dict[tuple[str, str], float] = defaultdict(float)
    for row in market.earlier:
        earlier[row.offer, row.period] += row.quantity
    committed = {(row.offer, row.period): row.quantity for row in market.commitments}
    incumbent = {
        (offer.offer, period): (offer.incumbent_quantity or 0.0) * years
        for offer in market.offers
        for period, years in market.years.items()
    }
    found: tuple[tuple[Source, dict[tuple[str, str], float]], ...] = (
        ("earlier", earlier),
        ("commitments", committed),
        ("incumbent_quantity", incumbent),
    )
    for source, bought in found:
        some = {key: units for key, units in bought.items() if units > 0}
        if some:
            return source, some
    msg = (
        "nothing says what is bought today; state incumbent_quantity in offers (units per year), or a table "
        "commitments or earlier"
    )
    raise InputError([msg])
