"""Families of linear rows held as numbers, for the parts of the program that grow with the lanes.

A Pyomo constraint costs some ten microseconds to write and as many to read back, whatever its
length; a link or a balance for each lane and period would make that the longest step of a solve.
These families therefore hold their rows as sparse numbers over Pyomo's variables, and are handed to
the solver as they stand. `to_pyomo` turns them into ordinary constraints, for other solvers and for
reading. Limits, which are few and change, are ordinary constraints from the start
(docs/decisions/0002).
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from pyomo.core.expr.numeric_expr import LinearExpression
from pyomo.environ import Constraint, Set

if TYPE_CHECKING:
    from pyomo.environ import ConcreteModel

Terms = list[tuple[float, Any]]
"""A linear sum: (coefficient, Pyomo variable) pairs. No variable comes twice."""

UNBOUNDED = float("inf")


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


def linear(terms: Terms) -> Any:
    """Return the sum of terms as a Pyomo expression."""
    return LinearExpression(
        constant=0.0,
        linear_coefs=[coefficient for coefficient, _ in terms],
        linear_vars=[variable for _, variable in terms],
    )


def merged(costs: dict[str, Terms]) -> Terms:
    """Return all cost terms with each variable once, and those without a cost left out."""
    totals: dict[int, float] = defaultdict(float)
    variables: dict[int, Any] = {}
    for terms in costs.values():
        for coefficient, variable in terms:
            totals[id(variable)] += coefficient
            variables[id(variable)] = variable
    return [(totals[key], variable) for key, variable in variables.items() if totals[key]]
