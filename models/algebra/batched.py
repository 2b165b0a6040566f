"""Linear sums of many rows at once, for limits that ask the same in one cell after the other.

A row costs some microseconds when it is said by itself, whatever its length. Rows that are alike are said as lists of
what is the same in all of them and of what is not, and nothing is made for one of them alone (docs/decisions/0002).
"""

from __future__ import annotations

from itertools import chain, repeat
from operator import add
from typing import TYPE_CHECKING, Any, NamedTuple

from models.algebra.expressions import LinearSum

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


class TermBatch(NamedTuple):
    """A sum of variables of one family for each row: lists of coefficients, which rows may share, and of variables."""

    coefficients: Sequence[Sequence[float]]
    variables: Sequence[Sequence[Any]]
    factor: float = 1.0
    """By which every coefficient is multiplied when the rows are read."""

    def times(self, factor: float) -> TermBatch:
        """Return each sum times a factor."""
        return self._replace(factor=factor * self.factor)

    def rows(self) -> Sequence[Sequence[float]]:
        """Return the coefficients of each row times the factor; what rows shared they share again."""
        if self.factor == 1:
            return self.coefficients
        ids = list(map(id, self.coefficients))
        scaled = {
            one: [self.factor * number for number in row]
            for one, row in dict(zip(ids, self.coefficients, strict=True)).items()
        }
        return list(map(scaled.__getitem__, ids))

    def plus(self, other: TermBatch) -> TermBatch:
        """Return both added up row by row, each variable of a row once."""
        if self.variables is other.variables:
            pairs = zip(self.rows(), other.rows(), strict=True)
            return TermBatch([list(map(add, *pair)) for pair in pairs], self.variables)
        read = [LinearSum((1, one), (1, two)) for one, two in zip(self.terms(), other.terms(), strict=True)]
        return TermBatch([row.coefficients for row in read], [row.variables for row in read])

    def terms(self) -> Iterator[list[tuple[float, Any]]]:
        """Yield the terms of each row."""
        for row in zip(self.rows(), self.variables, strict=True):
            yield list(zip(*row, strict=True))


class Expressions:
    """Linear sums, one a row, that add, subtract and multiply row by row.

    The sums of each family of variables stand in a part of their own. A family is a name: it is for who makes sums to
    see that a variable stands in those of one family only, and there once in a row.
    """

    __slots__ = ("constants", "parts", "size")

    def __init__(self, size: int, parts: dict[str, TermBatch], constants: list[float] | None = None) -> None:
        """Put together so many rows of parts by family, and of constants, 0 when not given."""
        self.size = size
        self.parts = parts
        self.constants = constants

    @classmethod
    def of_numbers(cls, numbers: list[float]) -> Expressions:
        """Return rows that are numbers."""
        return cls(len(numbers), {}, numbers)

    @classmethod
    def of(
        cls, family: str, variables: Sequence[Sequence[Any]], weights: Sequence[Sequence[float]] | None = None
    ) -> Expressions:
        """Return the sum of the variables of each row, each times its weight if any are given; no variable twice."""
        if weights is None:
            ones = {length: [1.0] * length for length in set(map(len, variables))}
            weights = [ones[len(row)] for row in variables]
        return cls(len(variables), {family: TermBatch(weights, variables)})

    def coefficients(self) -> Iterator[float]:
        """Yield the coefficients of all rows, one row after the other."""
        rows = zip(*(part.rows() for part in self.parts.values()), strict=True)
        return chain.from_iterable(chain.from_iterable(rows))

    def variables(self) -> Iterator[Any]:
        """Yield the variables of all rows, in the order of the coefficients."""
        rows = zip(*(part.variables for part in self.parts.values()), strict=True)
        return chain.from_iterable(chain.from_iterable(rows))

    def lengths(self) -> Iterator[int]:
        """Yield how many terms each row has."""
        lengths: Iterator[int] = repeat(0, self.size)
        for part in self.parts.values():
            lengths = map(add, lengths, map(len, part.variables))
        return lengths

    def __add__(self, other: Expressions | float) -> Expressions:
        if not isinstance(other, Expressions):
            other = Expressions(self.size, {}, [other] * self.size)
        if self.size != other.size:
            msg = f"{self.size} rows and {other.size} do not add up"
            raise ValueError(msg)
        parts = dict(self.parts)
        for family, part in other.parts.items():
            parts[family] = parts[family].plus(part) if family in parts else part
        if self.constants is None or other.constants is None:
            return Expressions(self.size, parts, self.constants or other.constants)
        return Expressions(self.size, parts, list(map(add, self.constants, other.constants)))

    def __sub__(self, other: Expressions | float) -> Expressions:
        return self + -1 * other

    def __rsub__(self, other: float) -> Expressions:
        return -1 * self + other

    def __mul__(self, factor: float) -> Expressions:
        constants = None if self.constants is None else [factor * constant for constant in self.constants]
        return Expressions(self.size, {family: part.times(factor) for family, part in self.parts.items()}, constants)

    __radd__ = __add__
    __rmul__ = __mul__
