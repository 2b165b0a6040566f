"""Losses: who or what may stop, in which periods, and what that takes of offers and lanes."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Literal, NamedTuple

from models.records.countries import country_name
from models.records.tolerances import ROUNDING

if TYPE_CHECKING:
    from collections.abc import Collection

    from models.market.attribution import Dimension
    from models.market.borders import Pair
    from models.market.exposure import Exposure
    from models.market.network import Network

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


def find_impact(
    subject: Subject, exposure: Exposure, network: Network, used: Collection[str], from_share: float
) -> Impact:
    """Return what a loss of a subject takes of the offers that are used, and over which lanes nothing leaves.

    By place it takes all of an offer that stands there; by control the share that is owned there, or all of it where
    that is `from_share` or more. Of declared origins at earlier stages it takes their share of the offer, and of
    several such shares the largest: what a stage cannot make of its feed, it does not need.
    """
    match subject.kind:
        case "lane":
            pairs = {"/".join(pair): pair for pair in network.lanes}
            return Impact(lanes=(pairs[subject.name],))
        case "corridor":
            lanes = sorted(pair for pair, way in network.lanes.items() if way.corridor == subject.name)
            return Impact(lanes=tuple(lanes))
        case "country" | "bloc":
            assert subject.basis is not None  # noqa: S101 (countries have one)
            dimension: Dimension = subject.basis
        case "company" | "offer" as dimension:
            pass
    members = exposure.market.blocs[subject.name] if subject.kind == "bloc" else (subject.name,)
    offers, lost = exposure.market.offer, defaultdict[str, float](float)
    for cell in exposure.passing if subject.cells is None else subject.cells:
        shares = exposure.shares_at(*cell, dimension)
        here = defaultdict[str, float](float)
        for name, share in chain.from_iterable(shares.get(member, {}).items() for member in members):
            here[name] += share
        for name, share in here.items():
            whole = share > 1 - ROUNDING or (offers[name].stage == cell[1] and share > from_share - ROUNDING)
            lost[name] = max(lost[name], 1.0 if whole else share)
    return Impact(tuple((name, lost[name]) for name in sorted(lost) if name in used and lost[name] > ROUNDING))
