"""The contract of a block: what it adds to the program, and what it says of plans, parts and plain reasons."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Never, Protocol

from models.market.exposure import Ledger, UpperBounds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from pyomo.core import ConcreteModel

    from models.market import Market, PreparedMarket
    from models.market.network import Network


class Books(Ledger, Protocol):
    """A plan recounted: its plain numbers, beside the market and the network that they are of."""

    @property
    def market(self) -> PreparedMarket:
        """The facts, in the materials' own bases."""

    @property
    def network(self) -> Network:
        """Lanes, nodes and bounds."""

    @property
    def arrived(self) -> Mapping[tuple[str, str, str], float]:
        """Units that arrive, by (destination, material, period of arrival)."""

    @property
    def reserved(self) -> Mapping[str, float]:
        """Capacity that is reserved [units per year], by offer."""

    @property
    def signed(self) -> Mapping[str, bool]:
        """Whether the contract of an offer is signed, by offer."""


class MarketBounds(UpperBounds, Protocol):
    """The most that can be bought and moved, beside the market and the network that say so."""

    @property
    def market(self) -> PreparedMarket:
        """The facts, in the materials' own bases."""

    @property
    def network(self) -> Network:
        """Lanes, nodes and bounds."""

    @property
    def mass_unit(self) -> str:
        """What quantities are measured in."""


def _nothing(_: object) -> Iterator[Never]:
    return iter(())


@dataclass(frozen=True, slots=True)
class MarketBlock:
    """What follows from the market beyond the core: one part of it, wherever it is asked for."""

    add: Callable[[ConcreteModel], None]
    """Add variables, rows and terms to a model; return at once when this part of its market is empty."""
    violations: Callable[[Books], Iterator[str]] = _nothing
    """Yield one sentence for each of the block's rows that a plan breaks, counted from its plain numbers."""
    couples: Callable[[Market], Iterator[tuple[str, ...]]] = _nothing
    """Yield groups of materials that rows of the block speak of together, so that they are solved as one part."""
    impossible: Callable[[MarketBounds], Iterator[str]] = _nothing
    """Yield plain reasons why no plan can keep the block's rows, found without solving; only when it is certain."""
    reads_amounts: bool = True
    """Whether its rows or bounds may hang on how much is needed or can be sold, also by the bounds that follow from it.
    What it costs and supplies, and which variables it adds but for those without any bound, never do."""
