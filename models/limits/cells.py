"""Rows of a limit that are said at once, because in one period they look as in the next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from models.limits.base import Key
from models.sums import Sums

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from models.exposure import Spans
    from models.limits.base import ScopedLimit

Weights = dict[str, float]
"""By offer: what a unit of it counts."""


class Cells(NamedTuple):
    """Rows over what is bought on a model: lists with an item for each row."""

    family: str
    """Whose variables the amounts are."""
    keys: list[Key]
    weights: list[list[float]]
    amounts: list[Sequence[Any]]
    periods: list[tuple[str, ...]]
    """The periods counted."""
    passed: list[list[Any]]
    """All that passes the stage, or goes to the sites."""

    @property
    def held(self) -> Sums:
        """The weighted sums of what is bought."""
        return Sums((self.family,), self.weights, self.amounts)


def cells_of(limit: ScopedLimit, m: Any, weighed: Callable[[Spans], Mapping[str, Weights]]) -> Cells:
    """Return the rows of a limit for each (material, stage, period) that it holds for, and each whom `weighed` names.

    `weighed` says what offers count for whom, of those that are bought in some periods.
    """
    labels, periods = zip(*limit.spans(m.market), strict=True)
    cells = Cells("quantity" if limit.sites is None else "flow", [], [], [], [], [])
    for material, stage in limit.stages_of(m.market):
        for some in m.exposure.alike(m, material, stage, periods, limit.sites):
            of_whom = weighed(some)
            weights = [some.weights(of_offers) for of_offers in of_whom.values()]
            amounts = [some.amounts(of_offers) for of_offers in of_whom.values()]
            cells.keys.extend([Key(material, stage, who, labels[n]) for n in some.which for who in of_whom])
            cells.weights.extend(weights * len(some.which))
            cells.amounts.extend([of(bought) for bought in some.bought for of in amounts])
            cells.periods.extend([periods[n] for n in some.which for _ in of_whom])
            cells.passed.extend([passed for passed in some.passed for _ in of_whom])
    return cells
