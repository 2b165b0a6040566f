"""Losses: who or what may stop, in which periods, and what a plan must answer then."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from models.records.countries import country_name

if TYPE_CHECKING:
    from models.market import Market
    from models.market.borders import Pair

Cell = tuple[str, str]
"""(material, stage)"""
Basis = Literal["place", "control"]


@dataclass(frozen=True, slots=True)
class Subject:
    """Who or what is lost."""

    kind: Literal["country", "bloc", "company", "offer", "lane", "corridor"]
    name: str
    """A code, a name, or ``ORIGIN/DESTINATION``."""
    spelling: str
    """How ``--lose`` names it."""
    basis: Basis | None = None
    """By what countries are counted; None of anything else."""
    scope: str = ""
    """At which stage or of which material, as it was said; empty = at all of all."""
    cells: frozenset[Cell] | None = None
    """What that means; None = everything."""

    @property
    def text(self) -> str:
        """What it is called where people read: ``China by control``, ``refined: China by control``."""
        name = country_name(self.name) if self.kind == "country" else self.name
        said = f"{name} by {self.basis}" if self.basis else f"{self.kind} {name}"
        return f"{self.scope}: {said}" if self.scope else said


class Window(NamedTuple):
    """When a loss begins and how long it lasts, in periods."""

    begins: int
    lasts: int


class Loss(NamedTuple):
    """A subject that stops in some periods."""

    subject: Subject
    begins: int
    """The first period, counted from 0."""
    lasts: int
    """Periods."""

    @property
    def window(self) -> Window:
        """When it begins and how long it lasts."""
        return Window(self.begins, self.lasts)


class Impact(NamedTuple):
    """What a loss takes while it lasts."""

    offers: tuple[tuple[str, float], ...] = ()
    """(offer, share that is lost of what was planned) of each that loses any, by name."""
    lanes: tuple[Pair, ...] = ()
    """Lanes over which nothing leaves, by name."""


@dataclass(frozen=True, slots=True)
class Trial:
    """A loss that a plan must answer, and the demand that counts meanwhile."""

    impact: Impact
    begins: int
    """The first period of the loss, counted from 0."""
    lasts: int
    """Periods."""
    ends: dict[str, int]
    """The first period whose demand no longer counts, counted from 0, by material of which any counts.

    It counts from the beginning on, of each material by itself, and all are covered in one response.
    """
    sites: tuple[str, ...] | None = None
    """Sites whose demand counts, together; None = all."""

    def demand(self, market: Market, material: str) -> float:
        """Return the units of a material that count, in its basis."""
        return market.demand_of(material, list(market.years)[self.begins : self.ends[material]], self.sites)


class Answer(NamedTuple):
    """Variables of a plan that are at least what stays unmet in the best response to a loss."""

    trial: Trial
    unmet: dict[str, Any]
    """A variable by material [quantity]; no two answers share one."""
