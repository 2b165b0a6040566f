"""Rows of a limit that are said at once, because in one period they look as in the next."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from models.alike import Sums
from models.limits.base import Key

if TYPE_CHECKING:
    from models.hanging import Spans
    from models.limits.scoped import ScopedLimit

Weights = Mapping[str, float]
"""By offer: what a unit of it counts."""


class Keys(Collection[Key]):
    """The keys of rows that are alike, made when somebody asks for one of them."""

    def __init__(self, labels: Sequence[str]) -> None:
        """Start without keys; `labels` are the names of the spans of periods."""
        self._labels = labels
        self._blocks: list[tuple[str, str, list[int], list[str]]] = []
        self._size = 0

    def add(self, some: Spans, whom: list[str]) -> None:
        """Add the keys of some spans, span by span, of everybody in `whom`."""
        self._blocks.append((some.material, some.stage, some.which, whom))
        self._size += len(some.which) * len(whom)

    def __len__(self) -> int:
        return self._size

    def __contains__(self, key: object) -> bool:
        return any(key == one for one in self)

    def __iter__(self) -> Iterator[Key]:
        for material, stage, which, whom in self._blocks:
            for number in which:
                for who in whom:
                    yield Key(material, stage, who, self._labels[number])


class Cells:
    """Rows over what is bought on a model."""

    def __init__(self, family: str, spans: Sequence[tuple[str, tuple[str, ...]]]) -> None:
        """Start without rows; `family` is that of the amounts, `spans` are names and periods."""
        self.keys = Keys([label for label, _ in spans])
        self.family = family
        self.weights: list[list[float]] = []
        self.amounts: list[Sequence[Any]] = []
        """What is weighed, row by row."""
        self._periods = [periods for _, periods in spans]
        self._blocks: list[tuple[Spans, list[str]]] = []

    def add(self, some: Spans, weighed: Mapping[str, Weights]) -> None:
        """Add the rows of some spans, span by span, of everybody with the weights of offers."""
        self.keys.add(some, list(weighed))
        self._blocks.append((some, list(weighed)))
        self.weights.extend([some.weights(of_offers) for of_offers in weighed.values()] * len(some.which))
        takes = [some.taking(of_offers) for of_offers in weighed.values()]
        self.amounts.extend([take(bought) for bought in some.bought for take in takes])

    @property
    def held(self) -> Sums:
        """The weighted sums of what is bought."""
        return Sums.of(self.family, self.amounts, self.weights)

    @property
    def passed(self) -> Sums:
        """All that passes the stage, or goes to the sites."""
        rows = [passed for some, whom in self._blocks for passed in some.passed for _ in whom]
        return Sums.of("supplied" if self.family == "quantity" else self.family, rows)

    def each(self, figure: Callable[[str, str, tuple[str, ...], str], float]) -> Sums:
        """Return a figure of each row, of its material, stage, periods, and who it speaks of."""
        return Sums.of_numbers(
            [
                figure(some.material, some.stage, self._periods[number], who)
                for some, whom in self._blocks
                for number in some.which
                for who in whom
            ]
        )


def cells_of(limit: ScopedLimit, m: Any, weighed: Callable[[Spans], Mapping[str, Weights]]) -> Cells:
    """Return the rows of a limit for each (material, stage, period) that it holds for, and each whom `weighed` names.

    `weighed` says what offers count for whom, of those that are bought in some periods.
    """
    spans = limit.spans(m.market)
    cells = Cells("quantity" if limit.sites is None else "flow", spans)
    periods = tuple(inside for _, inside in spans)
    for material, stage in limit.stages_of(m.market):
        for some in m.exposure.alike(m, material, stage, periods, limit.sites):
            cells.add(some, weighed(some))
    return cells
