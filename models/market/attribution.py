"""What `Exposure` answers: how much passes a stage, and how much of it is attributed to whom."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import chain
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

Dimension = Literal["place", "control", "company", "offer"]
"""By what exposures are counted: countries by place or by control, companies, or offers."""


@dataclass(frozen=True, slots=True)
class Attribution:
    """What passes a stage within some periods, and with which share each offer is attributed to somebody."""

    bought: dict[str, list[Any]]
    """Units by offer: an amount for each period, or for each period and site; without offers that have none."""
    weights: dict[str, dict[str, float]]
    """What is attributed to each country, company or offer (and `UNDISCLOSED`) of an amount, by offer that has any."""

    def terms(self, shares: Mapping[str, float]) -> list[tuple[float, Any]]:
        """Return (share, amount) for every amount of some offers."""
        return [(share, amount) for offer, share in shares.items() for amount in self.bought[offer]]

    def total_units(self) -> dict[str, float]:
        """Return how much is attributed to each country, company or offer, where amounts are numbers."""
        return {
            who: float(sum(weight * amount for weight, amount in self.terms(weights)))
            for who, weights in self.weights.items()
        }


@dataclass(frozen=True, slots=True)
class SpanBatch:
    """Spans of periods that follow each other, in which the same offers pass a stage: rows of one shape."""

    material: str
    stage: str
    sites: tuple[str, ...] | None
    arriving: bool
    """Whether weighed amounts add up to what arrives, and not to what is bought."""
    positions: dict[str, range]
    """Where the amounts of each offer stand among those of a span."""
    numbers: list[int]
    """Which they are among all spans."""
    bought: list[list[Any]]
    """All amounts, by span."""
    shares: dict[Dimension, dict[str, dict[str, float]]] = field(default_factory=dict)
    """What `Exposure.shares` found."""
    passed: list[list[Any]] = field(default_factory=list)
    """What `Exposure.passed_in` found."""

    def weights(self, of_offers: Mapping[str, float]) -> list[float]:
        """Return the weight of every amount of some offers, from that of each; it is the same in each span."""
        return [weight for offer, weight in of_offers.items() for _ in self.positions[offer]]

    def taking(self, offers: Iterable[str]) -> Callable[[list[Any]], Sequence[Any]]:
        """Return what takes the amounts of some offers out of those of a span."""
        at = list(chain.from_iterable(map(self.positions.__getitem__, offers)))
        if len(at) > 1:
            return itemgetter(*at)
        return itemgetter(slice(at[0], at[0] + 1) if at else slice(0))
