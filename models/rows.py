"""Families of linear rows held as numbers, for the parts of the program that grow with the lanes.

A Pyomo constraint costs some ten microseconds to write and as many to read back, whatever its
length; a link or a balance for each lane and period would make that the longest step of a solve.
These families therefore hold their rows as sparse numbers over Pyomo's variables, and are handed to
the solver as they stand. `to_pyomo` turns them into ordinary constraints, for other solvers and for
reading. What a limit asks is said in sums of terms and Pyomo's expressions, which are read as numbers as
soon as they are said (docs/decisions/0002).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count, repeat
from operator import is_
from typing import TYPE_CHECKING, Any

from pyomo.common.numeric_types import native_numeric_types
from pyomo.core.base.var import ScalarVar, VarData
from pyomo.core.expr.numeric_expr import (
    LinearExpression,
    MonomialTermExpression,
    ProductExpression,
    SumExpression,
)
from pyomo.environ import Constraint, Set
from pyomo.repn import generate_standard_repn

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pyomo.environ import ConcreteModel

Terms = list[tuple[float, Any]]
"""A linear sum: (coefficient, Pyomo variable) pairs. No variable comes twice."""

UNBOUNDED = float("inf")


@dataclass(frozen=True, slots=True)
class Square:
    """``part ** 2 <= square * whole``, for a sum, a variable and a sum that are never below zero.

    The one relation that is not linear: a rotated second-order cone, so that solvers of convex programs take it
    as it stands and a linear one holds it by tangents (docs/decisions/0009).
    """

    part: Terms
    whole: Terms
    constant: float
    """What the whole holds beside its terms."""
    square: Any
    """The Pyomo variable that must be as large as ``part ** 2 / whole``; no two of them share it."""


class LinearRows:
    """Rows ``lower <= sum of coefficient * variable <= upper``, one after the other."""

    def __init__(self, doc: str) -> None:
        """Start an empty family; `doc` is its mathematics in one line."""
        self.doc = doc
        self.keys: list[tuple[str, ...]] = []
        self.lower: list[float] = []
        self.upper: list[float] = []
        self.ends: list[int] = []
        """Where each row's entries end in `coefficients` and `variables`."""
        self.coefficients: list[float] = []
        self.variables: list[Any] = []

    def add(self, key: tuple[str, ...], terms: Terms, lower: float, upper: float) -> None:
        """Append a row; `key` says what it stands for."""
        coefficients, variables = zip(*terms, strict=True) if terms else ((), ())
        self._append(key, coefficients, variables, lower, upper)

    def at_most(self, key: tuple[str, ...], terms: Terms, upper: float) -> None:
        """Append ``terms <= upper``."""
        self.add(key, terms, -UNBOUNDED, upper)

    def at_least(self, key: tuple[str, ...], terms: Terms, lower: float) -> None:
        """Append ``terms >= lower``."""
        self.add(key, terms, lower, UNBOUNDED)

    def equal(self, key: tuple[str, ...], terms: Terms, value: float) -> None:
        """Append ``terms == value``."""
        self.add(key, terms, value, value)

    def ordered(self, key: tuple[str, ...], less: Any, more: Any) -> None:
        """Append ``less <= more``, of numbers, sums and Pyomo's expressions; ValueError when one is not linear."""
        read = Collected((1, less), (-1, more))
        self._append(key, read.coefficients, read.variables, -UNBOUNDED, 0 - read.constant)

    def _append(
        self,
        key: tuple[str, ...],
        coefficients: Iterable[float],
        variables: Iterable[Any],
        lower: float,
        upper: float,
    ) -> None:
        self.coefficients.extend(coefficients)
        self.variables.extend(variables)
        self.keys.append(key)
        self.lower.append(lower)
        self.upper.append(upper)
        self.ends.append(len(self.coefficients))

    def to_pyomo(self) -> Constraint:
        """Return the family as one indexed Pyomo constraint."""
        starts = [0, *self.ends][:-1]
        spans = dict(zip(self.keys, zip(starts, self.ends, self.lower, self.upper, strict=True), strict=True))

        def rule(_: ConcreteModel, *key: str) -> Any:
            start, end, lower, upper = spans[key]
            if start == end:
                return Constraint.Feasible if lower <= 0 <= upper else Constraint.Infeasible
            body = expression(list(zip(self.coefficients[start:end], self.variables[start:end], strict=True)))
            if lower == upper:
                return body == upper
            return (None if lower == -UNBOUNDED else lower, body, None if upper == UNBOUNDED else upper)

        return Constraint(Set(initialize=self.keys, dimen=None), rule=rule, doc=self.doc)


class Sum:
    """A linear sum: numbers, variables, terms and expressions, each times a factor.

    It stands beside Pyomo's own expressions, adds to and subtracts from them, and multiplies by numbers as they do. But
    nothing is made for a term: the row in which a sum stands reads the terms as they are (`LinearRows.ordered`).
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


def added_up(amounts: list[Any]) -> Any:
    """Return the sum of some variables, or of some numbers."""
    if not amounts or amounts[0].__class__ in native_numeric_types:
        return sum(amounts)
    return amounts[0] if len(amounts) == 1 else linear([(1.0, amount) for amount in amounts])


class Collected:
    """A linear sum as numbers: a constant, and coefficients of variables that each stand there once.

    Sums, negations and multiples of variables are read here, in a third of the time that Pyomo takes;
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
        coefficients, variables, places = self.coefficients, self.variables, self._places
        if not variables:
            variables += [variable for _, variable in terms]
            coefficients += [factor * coefficient for coefficient, _ in terms]
            return
        if not places:
            places.update(zip(map(id, variables), count()))
        for coefficient, variable in terms:
            place = places.setdefault(id(variable), len(variables))
            if place == len(variables):
                variables.append(variable)
                coefficients.append(factor * coefficient)
            else:
                coefficients[place] += factor * coefficient

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


def merged(costs: dict[str, Terms]) -> Terms:
    """Return all cost terms with each variable once, and those without a cost left out."""
    return [term for term in Collected(*((1, terms) for terms in costs.values())).terms if term[0]]
