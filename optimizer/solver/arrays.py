"""A linear program as arrays: what a solver takes and a model gives, knowing neither of them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, Self

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from optimizer.work.runner import TaskRunner


@dataclass(frozen=True, eq=False)
class Sparse:
    """A matrix by rows: entries `data` in columns `indices`, row i from ``indptr[i]`` to ``indptr[i + 1]``."""

    shape: tuple[int, int]
    indptr: NDArray[np.int64]
    indices: NDArray[np.int64]
    data: NDArray[np.float64]

    @property
    def nnz(self) -> int:
        """Number of entries."""
        return len(self.data)

    @cached_property
    def row_of_entry(self) -> NDArray[np.int64]:
        """The row of each entry."""
        return np.repeat(np.arange(self.shape[0]), np.diff(self.indptr))

    def __matmul__(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        body = np.zeros(self.shape[0])
        np.add.at(body, self.row_of_entry, self.data * x[self.indices])
        return body

    def of_rows(self, rows: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return (position among `rows`, place in `data`) of every entry of some rows, row by row."""
        lengths = (self.indptr[1:] - self.indptr[:-1])[rows]
        starts = np.repeat(self.indptr[rows] - np.concatenate([[0], np.cumsum(lengths)[:-1]]), lengths)
        return np.repeat(np.arange(len(rows)), lengths), starts + np.arange(int(lengths.sum()))

    def cut(self, rows: NDArray[np.int64], columns: NDArray[np.int64]) -> Self:
        """Return some rows over some columns (in order), which hold all their entries."""
        row, places = self.of_rows(rows)
        column = np.searchsorted(columns, self.indices[places])
        return type(self).summed((len(rows), len(columns)), row, column, self.data[places])

    def among(self, rows: NDArray[np.int64], columns: NDArray[np.int64]) -> Self:
        """Return what some rows have of some columns (both in order); their other entries are left out."""
        row, places = self.of_rows(rows)
        column = np.full(self.shape[1], -1, dtype=np.int64)
        column[columns] = np.arange(len(columns))
        mine = np.flatnonzero(column[self.indices[places]] >= 0)
        lengths = np.bincount(row[mine], minlength=len(rows))
        indices, data = column[self.indices[places[mine]]], self.data[places[mine]]
        return type(self)((len(rows), len(columns)), np.concatenate([[0], np.cumsum(lengths)]), indices, data)

    @classmethod
    def summed(
        cls,
        shape: tuple[int, int],
        rows: NDArray[np.int64],
        columns: NDArray[np.int64],
        data: NDArray[np.float64],
    ) -> Self:
        """Return the matrix of some entries in any order; those of one place are added up."""
        places, which = np.unique(rows * shape[1] + columns, return_inverse=True)
        summed = np.zeros(len(places))
        np.add.at(summed, which, data)
        lengths = np.bincount(places // shape[1], minlength=shape[0])
        return cls(shape, np.concatenate([[0], np.cumsum(lengths)]), places % shape[1], summed)

    def over(self, other: Self) -> Self:
        """Return the rows of this matrix, and those of another with as many columns below them."""
        return type(self)(
            (self.shape[0] + other.shape[0], self.shape[1]),
            np.concatenate([self.indptr, self.nnz + other.indptr[1:]]),
            np.concatenate([self.indices, other.indices]),
            np.concatenate([self.data, other.data]),
        )

    def largest_of_rows(self, factors: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the largest ``|entry * factor of its column|`` of each row, 0 for an empty one."""
        largest = np.zeros(self.shape[0])
        np.maximum.at(largest, self.row_of_entry, np.abs(self.data * factors[self.indices]))
        return largest


@dataclass(frozen=True, eq=False)
class Basis:
    """An optimal basis: a state of each column and row, which the solver alone reads."""

    columns: NDArray[np.int8]
    rows: NDArray[np.int8]


@dataclass(eq=False)
class TangentPoints:
    """The points of tangency of squares, which are valid at any cost, bound or level."""

    at: list[tuple[int, float]] = field(default_factory=list)
    """Number of the square, and part over whole."""
    basis: Basis | None = None
    """Of the last linear program with tangents below its rows, for the next of this shape to start from."""
    in_basis: int = 0
    """How many tangents that program had: the first ones of `at`."""


@dataclass(frozen=True, eq=False)
class Squares:
    """Relations ``(part x)^2 <= (whole x + constant) * x[square]``, of numbers that are never below zero.

    Shapes: k relations, n columns; `part` and `whole` are (k, n).
    """

    part: Sparse
    whole: Sparse
    constant: NDArray[np.float64]
    square: NDArray[np.int64]
    """The column of each square; no two are the same."""
    tangents: TangentPoints = field(default_factory=TangentPoints)
    """What is remembered of the last solve."""

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.square)

    def tangent_rows(self, which: NDArray[np.int64], at: NDArray[np.float64]) -> tuple[Sparse, NDArray[np.float64]]:
        """Return rows ``2 t part - t^2 whole - x[square] <= upper`` and their upper bounds, for t of some squares."""
        of_part, in_part = self.part.of_rows(which)
        of_whole, in_whole = self.whole.of_rows(which)
        rows = np.concatenate([of_part, of_whole, np.arange(len(which))])
        columns = np.concatenate([self.part.indices[in_part], self.whole.indices[in_whole], self.square[which]])
        parts, wholes = 2 * at[of_part] * self.part.data[in_part], -(at[of_whole] ** 2) * self.whole.data[in_whole]
        data = np.concatenate([parts, wholes, np.full(len(which), -1.0)])
        shape = (len(which), self.part.shape[1])
        return Sparse.summed(shape, rows, columns, data), at**2 * self.constant[which]

    def at(self, x: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the part and the whole of each, and so what the square must be at least."""
        return self.part @ x, self.whole @ x + self.constant

    def over(self, columns: int) -> Squares:
        """Return the same relations over more columns, with the tangents that are known."""
        shape = (len(self), columns)
        return replace(self, part=replace(self.part, shape=shape), whole=replace(self.whole, shape=shape))

    def among(self, columns: NDArray[np.int64]) -> Squares:
        """Return the relations over some columns, in their order, that stand among these wholly or not at all."""
        mine = np.flatnonzero(np.isin(self.square, columns))
        position = {int(which): number for number, which in enumerate(mine)}
        return Squares(
            part=self.part.cut(mine, columns),
            whole=self.whole.cut(mine, columns),
            constant=self.constant[mine],
            square=np.searchsorted(columns, self.square[mine]),
            tangents=TangentPoints([(position[which], at) for which, at in self.tangents.at if which in position]),
        )

    @classmethod
    def none(cls, columns: int) -> Self:
        """Return no relations, over so many columns."""
        nothing, none = Sparse((0, columns), np.zeros(1, dtype=np.int64), _NONE, np.zeros(0)), np.zeros(0)
        return cls(nothing, nothing, none, _NONE)


_NONE = np.zeros(0, dtype=np.int64)


@dataclass(frozen=True, eq=False)
class Ceiling:
    """A row ``sum of weight * x[column] <= most``; no column comes twice."""

    columns: NDArray[np.int64]
    weights: NDArray[np.float64]
    most: float

    @classmethod
    def on(cls, weights: NDArray[np.float64], most: float) -> Self:
        """Return the row ``weights @ x <= most``, from one weight for every column."""
        columns = np.flatnonzero(weights)
        return cls(columns, weights[columns], most)

    def over(self, values: NDArray[np.float64]) -> float:
        """Return by how much values are above it."""
        return float(self.weights @ values[self.columns]) - self.most


class Recourse(Protocol):
    """What a program must leave for later, held by cuts: rows that are valid at any cost, bound or level."""

    cuts: list[Ceiling]
    """Those that are known."""

    def apart(self) -> Self:
        """Return the same with cuts of its own."""

    def separate(self, values: NDArray[np.float64], near: float, look: Callable[[], None]) -> list[Ceiling]:
        """Return cuts that values break by more than a part of what they speak of; none where nothing is broken.

        `look` is called again and again; what it raises ends the work.
        """


class Block(Protocol):
    """A linear program behind a plan y: minimise ``cost @ x`` with ``row_lower <= plan @ y + own @ x <= row_upper``.

    Blocks with the same `own` (the same object) are held by one solver, one after the other.
    """

    @property
    def cost(self) -> NDArray[np.float64]:
        """Currency per unit."""

    @property
    def lower(self) -> NDArray[np.float64]:
        """Of the columns x."""

    @property
    def upper(self) -> NDArray[np.float64]:
        """Of the columns x."""

    @property
    def own(self) -> Sparse:
        """W, over the columns x."""

    @property
    def plan(self) -> Sparse:
        """T, over the first columns of the master program."""

    @property
    def row_lower(self) -> NDArray[np.float64]:
        """Of the rows."""

    @property
    def row_upper(self) -> NDArray[np.float64]:
        """Of the rows."""


class Share(NamedTuple):
    """A block, and how much of its cost counts."""

    weight: float
    block: Block


class Group(NamedTuple):
    """A column that, times `unit`, is at least what some blocks cost, each by its weight."""

    column: int
    unit: float
    """Currency."""
    blocks: Sequence[Share]


@dataclass(eq=False)
class SecondStage:
    """What follows the first columns of a program, and the cuts that are known of it.

    A cut is valid at any cost, bound or level of the plan; so it is kept for the next program.
    """

    groups: Sequence[Group]
    cuts: list[Ceiling] = field(default_factory=list)
    runner: TaskRunner | None = None
    """Who solves what follows plans; None = this process."""

    def __getstate__(self) -> dict[str, Any]:
        """Return what travels: wherever that is, the process there solves."""
        return self.__dict__ | {"runner": None}


@dataclass(frozen=True, eq=False)
class Matrix:
    """Minimise ``cost @ x`` with ``row_lower <= A x <= row_upper``, bounds, integers and squares.

    Shapes: n columns, m rows; `A` is (m, n). Units are those of the model.
    """

    variables: list[Any]
    """The Pyomo variable of each column."""
    cost: NDArray[np.float64]
    A: Sparse
    row_lower: NDArray[np.float64]
    row_upper: NDArray[np.float64]
    lower: NDArray[np.float64]
    upper: NDArray[np.float64]
    integer: NDArray[np.bool_]
    squares: Squares
    """What is not linear; a solver of linear programs holds it by tangents (`outer_approximation`)."""
    recourse: Recourse | None = None
    """What is held by cuts that others find (`optimizer.programs.answering`)."""

    second_stage: SecondStage | None = None
    """What follows the plan, with costs of its own that columns hold (`benders`)."""

    @property
    def is_linear(self) -> bool:
        """Whether its rows say all."""
        return not self.squares and self.recourse is None and self.second_stage is None


def program_of(block: Block) -> Matrix:
    """Return a block as a program of its own, without the part of its rows that a plan fixes."""
    size = len(block.cost)
    return Matrix(
        variables=[],
        cost=block.cost,
        A=block.own,
        row_lower=block.row_lower,
        row_upper=block.row_upper,
        lower=block.lower,
        upper=block.upper,
        integer=np.zeros(size, dtype=bool),
        squares=Squares.none(size),
    )


def rows_of(ceilings: Sequence[Ceiling], columns: int) -> Sparse:
    """Return the left sides of rows, over so many columns."""
    lengths = np.array([len(ceiling.columns) for ceiling in ceilings], dtype=np.int64)
    return Sparse(
        (len(ceilings), columns),
        np.concatenate([[0], np.cumsum(lengths)]),
        np.concatenate([_NONE, *(ceiling.columns for ceiling in ceilings)]),
        np.concatenate([np.zeros(0), *(ceiling.weights for ceiling in ceilings)]),
    )


def add_rows(matrix: Matrix, ceilings: Sequence[Ceiling]) -> Matrix:
    """Return the matrix with more rows at its end."""
    return replace(
        matrix,
        A=matrix.A.over(rows_of(ceilings, matrix.A.shape[1])),
        row_lower=np.concatenate([matrix.row_lower, np.full(len(ceilings), -np.inf)]),
        row_upper=np.concatenate([matrix.row_upper, np.array([ceiling.most for ceiling in ceilings], dtype=float)]),
    )
