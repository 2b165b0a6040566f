"""Families of linear rows held as numbers, for the parts of the program that grow with the lanes.

A Pyomo constraint costs some ten microseconds to write and as many to read back, whatever its
length; a link or a balance for each lane and period would make that the longest step of a solve.
These families therefore hold their rows as sparse numbers over Pyomo's variables, and are handed to
the solver as they stand. `to_pyomo` turns them into ordinary constraints, for other solvers and for
reading. What a limit asks is said in Pyomo's expressions, which `Sum` reads as numbers as soon as they
are said (docs/decisions/0002).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pyomo.common.numeric_types import native_numeric_types
from pyomo.core.expr.numeric_expr import (
    LinearExpression,
    MonomialTermExpression,
    NegationExpression,
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
        if terms:
            coefficients, variables = zip(*terms, strict=True)
            self.coefficients.extend(coefficients)
            self.variables.extend(variables)
        self.keys.append(key)
        self.lower.append(lower)
        self.upper.append(upper)
        self.ends.append(len(self.coefficients))

    def at_most(self, key: tuple[str, ...], terms: Terms, upper: float) -> None:
        """Append ``terms <= upper``."""
        self.add(key, terms, -UNBOUNDED, upper)

    def at_least(self, key: tuple[str, ...], terms: Terms, lower: float) -> None:
        """Append ``terms >= lower``."""
        self.add(key, terms, lower, UNBOUNDED)

    def equal(self, key: tuple[str, ...], terms: Terms, value: float) -> None:
        """Append ``terms == value``."""
        self.add(key, terms, value, value)

    def to_pyomo(self) -> Constraint:
        """Return the family as one indexed Pyomo constraint."""
        starts = [0, *self.ends][:-1]
        spans = dict(zip(self.keys, zip(starts, self.ends, self.lower, self.upper, strict=True), strict=True))

        def rule(_: ConcreteModel, *key: str) -> Any:
            start, end, lower, upper = spans[key]
            if start == end:
                return Constraint.Feasible if lower <= 0 <= upper else Constraint.Infeasible
            body = linear(list(zip(self.coefficients[start:end], self.variables[start:end], strict=True)))
            if lower == upper:
                return body == upper
            return (None if lower == -UNBOUNDED else lower, body, None if upper == UNBOUNDED else upper)

        return Constraint(Set(initialize=self.keys, dimen=None), rule=rule, doc=self.doc)


class Sum:
    """Linear Pyomo expressions and numbers, added up: a constant and terms, with each variable once.

    Sums, negations and multiples of variables are read here, in a third of the time that Pyomo takes;
    anything else Pyomo reads.
    """

    def __init__(self) -> None:
        """Start with nothing."""
        self.constant: float = 0
        self._coefficients: dict[int, float] = {}
        self._variables: list[Any] = []

    @property
    def terms(self) -> Terms:
        """The variables with their coefficients, in the order in which they came."""
        return list(zip(self._coefficients.values(), self._variables, strict=True))

    def add(self, factor: float, part: Any) -> None:
        """Add a multiple of an expression or of a number; ValueError when it is not linear."""
        kind = part.__class__
        if kind in native_numeric_types:
            self.constant += factor * part
        elif kind is LinearExpression:
            if part.constant:
                self.constant += factor * part.constant
            self._add_terms(factor, part.linear_coefs, part.linear_vars)
        elif kind is SumExpression:
            for one in part.args:
                self.add(factor, one)
        elif kind is NegationExpression:
            self.add(-factor, part.arg(0))
        elif kind in _MULTIPLES and part.arg(0).__class__ in native_numeric_types:
            self.add(factor * part.arg(0), part.arg(1))
        elif kind not in _MULTIPLES and part.is_variable_type():
            self._add_terms(factor, (1,), (part,))
        else:
            self._add_as_read_by_pyomo(factor, part)

    def _add_terms(self, factor: float, coefficients: Iterable[float], variables: Iterable[Any]) -> None:
        known = self._coefficients
        for coefficient, variable in zip(coefficients, variables, strict=True):
            name = id(variable)
            if name in known:
                known[name] += factor * coefficient
            else:
                known[name] = factor * coefficient
                self._variables.append(variable)

    def _add_as_read_by_pyomo(self, factor: float, part: Any) -> None:
        read = generate_standard_repn(part, compute_values=True)
        if not read.is_linear():
            msg = f"{part} is not linear"
            raise ValueError(msg)
        self.constant += factor * read.constant
        self._add_terms(factor, read.linear_coefs, read.linear_vars)


_MULTIPLES = frozenset((MonomialTermExpression, ProductExpression))


def linear(terms: Terms) -> Any:
    """Return the sum of terms as a Pyomo expression."""
    return LinearExpression(list(map(MonomialTermExpression, terms)))


def merged(costs: dict[str, Terms]) -> Terms:
    """Return all cost terms with each variable once, and those without a cost left out."""
    totals: dict[int, float] = defaultdict(float)
    variables: dict[int, Any] = {}
    for terms in costs.values():
        for coefficient, variable in terms:
            totals[id(variable)] += coefficient
            variables[id(variable)] = variable
    return [(totals[key], variable) for key, variable in variables.items() if totals[key]]
