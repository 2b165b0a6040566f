"""Rows of a limit that are said at once, because in one period they look as in the next."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from pyomo.common.numeric_types import native_numeric_types

from models.algebra.batched import Expressions
from models.limits.contract.limit import Key

if TYPE_CHECKING:
    from models.limits.contract.scoped import ScopedLimit
    from models.market.attribution import SpanBatch

Weights = Mapping[str, float]
"""By offer: what a unit of it counts."""

Passing = Callable[["SpanBatch"], list[list[Any]]]
"""What adds up to all that passes a stage, or goes to the sites, in each of some spans of periods."""

Block = tuple["SpanBatch", list[str]]
"""Rows of everybody in each of some spans of periods, span by span."""


class Keys(Collection[Key]):
    """The keys of rows that are alike, made when somebody asks for one of them."""

    def __init__(self, blocks: list[Block], labels: Sequence[str]) -> None:
        """Speak of blocks, to which more may be added; `labels` are the names of all spans of periods."""
        self._blocks, self._labels = blocks, labels

    def __len__(self) -> int:
        return sum(len(some.numbers) * len(whom) for some, whom in self._blocks)

    def __contains__(self, key: object) -> bool:
        return any(key == one for one in self)

    def __iter__(self) -> Iterator[Key]:
        for some, number, who in _rows_of(self._blocks):
            yield Key(some.material, some.stage, who, self._labels[number])


class RowBatchBuilder:
    """Rows over what is bought on a model, each of the weighed amounts of some offers."""

    def __init__(self, family: str, spans: Sequence[tuple[str, tuple[str, ...]]], passing: Passing) -> None:
        """Start without rows; `family` is that of the amounts, `spans` are names and periods."""
        self._passing = passing
        self._blocks: list[Block] = []
        self._periods = [periods for _, periods in spans]
        self.keys = Keys(self._blocks, [label for label, _ in spans])
        self.family = family
        self.weights: list[list[float]] = []
        self.amounts: list[Sequence[Any]] = []
        """What is weighed, row by row."""

    def add(self, some: SpanBatch, weighed: Mapping[str, Weights]) -> None:
        """Add the rows of some spans, span by span, of everybody with the weights of offers."""
        self._blocks.append((some, list(weighed)))
        self.weights.extend([some.weights(of_offers) for of_offers in weighed.values()] * len(some.numbers))
        takes = [some.taking(of_offers) for of_offers in weighed.values()]
        self.amounts.extend([take(bought) for bought in some.bought for take in takes])

    @property
    def attributed(self) -> Expressions:
        """The weighed sums of what is bought."""
        return Expressions.of(self.family, self.amounts, self.weights)

    @property
    def passed(self) -> Expressions:
        """All that passes the stage, or goes to the sites: variables, or numbers where it is known."""
        rows: list[Sequence[Any]] = []
        numbers: list[float] = []
        for some, whom in self._blocks:
            for passed in self._passing(some):
                known = bool(passed) and passed[0].__class__ in native_numeric_types
                rows += [() if known else passed] * len(whom)
                numbers += [sum(passed) if known else 0.0] * len(whom)
        constants = Expressions.of_numbers(numbers) if any(numbers) else 0.0
        return Expressions.of("supplied" if self.family == "quantity" else self.family, rows) + constants

    def each(self, figure: Callable[[str, str, tuple[str, ...], str], float]) -> Expressions:
        """Return a figure of each row, of its material, stage, periods, and who it speaks of."""
        rows = _rows_of(self._blocks)
        return Expressions.of_numbers(
            [figure(some.material, some.stage, self._periods[n], who) for some, n, who in rows]
        )


def _rows_of(blocks: list[Block]) -> Iterator[tuple[SpanBatch, int, str]]:
    """Yield the number of the span, and who it speaks of, of each row."""
    for some, whom in blocks:
        for number in some.numbers:
            for who in whom:
                yield some, number, who


def batch_rows(limit: ScopedLimit, m: Any, weighed: Callable[[SpanBatch], Mapping[str, Weights]]) -> RowBatchBuilder:
    """Return the rows of a limit for each (material, stage, period) that it holds for, and each whom `weighed` names.

    `weighed` says what offers count for whom, of those that are bought in some periods.
    """
    spans = limit.spans(m.market)
    periods = tuple(inside for _, inside in spans)
    family = "quantity" if limit.sites is None else "flow"
    rows = RowBatchBuilder(family, spans, lambda some: m.exposure.passed_in(m, some, periods))
    for material, stage in limit.stages_of(m.market):
        for some in m.exposure.batch_spans(m, material, stage, periods, limit.sites, arriving=limit.ARRIVING):
            rows.add(some, weighed(some))
    return rows
