"""Linear sums over Pyomo's variables, and how they are read as numbers.

What a limit asks is said in sums of terms and in Pyomo's own expressions, as it would stand on paper; both are read as
numbers as soon as they are said, and nothing is made for a single term (docs/decisions/0002).
"""

from __future__ import annotations

from itertools import count, repeat
from operator import is_
from typing import Any

from pyomo.common.numeric_types import native_numeric_types
from pyomo.core.base.var import ScalarVar, VarData
from pyomo.core.expr.numeric_expr import (
    LinearExpression,
    MonomialTermExpression,
    ProductExpression,
    SumExpression,
)
from pyomo.repn import generate_standard_repn

Terms = list[tuple[float, Any]]
"""A linear sum: (coefficient, Pyomo variable) pairs. No variable comes twice."""


class Sum:
    """A linear sum: numbers, variables, terms and expressions, each times a factor.

    It stands beside Pyomo's own expressions, adds to and subtracts from them, and multiplies by numbers as they do. But
    nothing is made for a term: the row in which a sum stands reads the terms as they are (`LinearRows.order`).
    """

    __slots__ = ("parts",)

    def __init__(self, *parts: tuple[float, Any]) -> None:
        """Put together a sum; a part is a number, `Terms`, a sum, or a linear expression of Pyomo."""
        self.parts = parts

    def __add__(self, other: Any) -> Sum:
        return Sum(*self.parts, (1, other))

    def __radd__(self, other: Any) -> Sum:
        return Sum((1, other), *self.parts)

    def __sub__(self, other: Any) -> Sum:
        return Sum(*self.parts, (-1, other))

    def __rsub__(self, other: Any) -> Sum:
        return Sum((1, other), (-1, self))

    def __mul__(self, factor: float) -> Sum:
        if factor.__class__ not in native_numeric_types:
            return NotImplemented
        return Sum(*((factor * of_part, part) for of_part, part in self.parts))

    __rmul__ = __mul__

    def __neg__(self) -> Sum:
        return self * -1


def linear(terms: Terms) -> Sum:
    """Return the sum of terms."""
    return Sum((1, terms))


def add_up(amounts: list[Any]) -> Any:
    """Return the sum of some variables, or of some numbers."""
    if not amounts or amounts[0].__class__ in native_numeric_types:
        return sum(amounts)
    return amounts[0] if len(amounts) == 1 else linear([(1.0, amount) for amount in amounts])


class LinearSum:
    """A linear sum as numbers: a constant, and coefficients of variables that each stand there once.

    Sums and multiples of variables are read here, in a third of the time that Pyomo takes;
    anything else Pyomo reads.
    """

    __slots__ = ("_places", "coefficients", "constant", "variables")

    def __init__(self, *parts: tuple[float, Any]) -> None:
        """Read parts as of a sum; ValueError when one is not linear."""
        self.constant: float = 0
        self.coefficients: list[float] = []
        self.variables: list[Any] = []
        self._places: dict[int, int] = {}
        for factor, part in parts:
            self._read(factor, part)

    @property
    def terms(self) -> Terms:
        """The variables with their coefficients, in the order in which they came."""
        return list(zip(self.coefficients, self.variables, strict=True))

    def _read(self, factor: float, part: Any) -> None:
        kind = part.__class__
        if kind is Sum:
            for of_part, one in part.parts:
                self._read(factor * of_part, one)
        elif kind is list:
            self._add(factor, part)
        elif kind in native_numeric_types:
            self.constant += factor * part
        elif kind in _VARIABLES:
            self._add_one(factor, part)
        elif kind in _MULTIPLES and part.arg(0).__class__ in native_numeric_types:
            self._read(factor * part.arg(0), part.arg(1))
        elif kind in _SUMS:
            for one in part.args:
                self._read(factor, one)
        else:
            self._read_by_pyomo(factor, part)

    def _add(self, factor: float, terms: Terms) -> None:
        """Add terms, of which no two have the same variable."""
        numbers, variables = [factor * number for number, _ in terms], [variable for _, variable in terms]
        if self.variables:
            self._places = self._places or dict(zip(map(id, self.variables), count()))
            ids = list(map(id, variables))
            if not self._places.keys().isdisjoint(ids):
                for one, number, variable in zip(ids, numbers, variables, strict=True):
                    self._merge(one, number, variable)
                return
            self._places.update(zip(ids, count(len(self.variables))))
        self.variables += variables
        self.coefficients += numbers

    def _merge(self, one: int, number: float, variable: Any) -> None:
        place = self._places.setdefault(one, len(self.variables))
        if place == len(self.variables):
            self.variables.append(variable)
            self.coefficients.append(number)
        else:
            self.coefficients[place] += number

    def _add_one(self, coefficient: float, variable: Any) -> None:
        if self._places or len(self.variables) > _FEW or any(map(is_, self.variables, repeat(variable))):
            self._add(coefficient, [(1, variable)])
        else:
            self.variables.append(variable)
            self.coefficients.append(coefficient)

    def _read_by_pyomo(self, factor: float, part: Any) -> None:
        read = generate_standard_repn(part, compute_values=True)
        if not read.is_linear():
            msg = f"{part} is not linear"
            raise ValueError(msg)
        self.constant += factor * read.constant
        self._add(factor, list(zip(read.linear_coefs, read.linear_vars, strict=True)))


_FEW = 50
"""Variables among which one is looked for before they are put into a dict."""
_VARIABLES = frozenset((VarData, ScalarVar))
_SUMS = frozenset((SumExpression, LinearExpression))
_MULTIPLES = frozenset((MonomialTermExpression, ProductExpression))


def expression(terms: Terms) -> Any:
    """Return the sum of terms as Pyomo writes it."""
    return LinearExpression(list(map(MonomialTermExpression, terms)))


def merge(costs: dict[str, Terms]) -> Terms:
    """Return all cost terms with each variable once, and those without a cost left out."""
    return [term for term in LinearSum(*((1, terms) for terms in costs.values())).terms if term[0]]
