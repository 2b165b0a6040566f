"""A Pyomo model as arrays: the sparse matrix, bounds and costs that a solver takes.

Families of rows are taken as the numbers that they are; ordinary constraints (the limits) are read
through Pyomo's own standard representation. Variables keep the order in which the model declares
them, so the same instance always gives the same arrays.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from pyomo.environ import Constraint, Var, value
from pyomo.repn import generate_standard_repn
from scipy.sparse import csr_matrix

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pyomo.environ import ConcreteModel


@dataclass(frozen=True, eq=False)
class Matrix:
    """Minimise ``cost @ x`` with ``row_lower <= A x <= row_upper``, bounds and integers.

    Shapes: n columns, m rows; `A` is (m, n). Units are those of the model.
    """

    variables: list[Any]
    """The Pyomo variable of each column."""
    cost: NDArray[np.float64]
    A: csr_matrix
    row_lower: NDArray[np.float64]
    row_upper: NDArray[np.float64]
    lower: NDArray[np.float64]
    upper: NDArray[np.float64]
    integer: NDArray[np.bool_]


@dataclass
class _Columns:
    """Where each variable stands."""

    variables: list[Any]
    index: dict[int, int]

    def of(self, variables: list[Any]) -> NDArray[np.int64]:
        return np.fromiter(map(self.index.__getitem__, map(id, variables)), dtype=np.int64, count=len(variables))


def to_matrix(m: ConcreteModel) -> Matrix:
    """Return the arrays of a model made by `models.build.build`.

    Raises ValueError when a constraint is not linear.
    """
    variables = [v for family in m.component_objects(Var, active=True) for v in family.values()]
    columns = _Columns(variables, {id(v): i for i, v in enumerate(variables)})
    bounds = [v.bounds for v in variables]
    lower = np.array([-np.inf if b[0] is None else b[0] for b in bounds], dtype=float)
    upper = np.array([np.inf if b[1] is None else b[1] for b in bounds], dtype=float)
    matrix, row_lower, row_upper = _rows(m, columns)
    return Matrix(
        variables=variables,
        cost=_cost(m, columns),
        A=matrix,
        row_lower=row_lower,
        row_upper=row_upper,
        lower=lower,
        upper=upper,
        integer=_integers(m, len(variables)),
    )


def _integers(m: ConcreteModel, size: int) -> NDArray[np.bool_]:
    flags = np.zeros(size, dtype=bool)
    start = 0
    for family in m.component_objects(Var, active=True):
        first = next(iter(family.values()), None)
        flags[start : start + len(family)] = first is not None and first.is_integer()
        start += len(family)
    return flags


def _cost(m: ConcreteModel, columns: _Columns) -> NDArray[np.float64]:
    terms = [term for named in m.costs.values() for term in named]
    places = columns.of([variable for _, variable in terms])
    weights = np.array([coefficient for coefficient, _ in terms], dtype=float)
    cost = np.zeros(len(columns.variables))
    np.add.at(cost, places, weights)
    return cost


def _rows(m: ConcreteModel, columns: _Columns) -> tuple[csr_matrix, NDArray[np.float64], NDArray[np.float64]]:
    families = list(m.rows.values())
    data = [np.array(f.coefficients, dtype=float) for f in families]
    places = [columns.of(f.variables) for f in families]
    counts = [np.diff(np.array(f.ends, dtype=np.int64), prepend=0) for f in families]
    lower = [np.array(f.lower, dtype=float) for f in families]
    upper = [np.array(f.upper, dtype=float) for f in families]
    extra = [_constraint(c) for c in m.component_data_objects(Constraint, active=True)]
    data.append(np.array([a for terms, _, _ in extra for a, _ in terms], dtype=float))
    places.append(columns.of([v for terms, _, _ in extra for _, v in terms]))
    counts.append(np.array([len(terms) for terms, _, _ in extra], dtype=np.int64))
    lower.append(np.array([low for _, low, _ in extra], dtype=float))
    upper.append(np.array([high for _, _, high in extra], dtype=float))
    row_ends = np.cumsum(np.concatenate(counts))
    matrix = csr_matrix(
        (np.concatenate(data), np.concatenate(places), np.concatenate([[0], row_ends])),
        shape=(len(row_ends), len(columns.variables)),
    )
    matrix.eliminate_zeros()
    return matrix, np.concatenate(lower), np.concatenate(upper)


def _constraint(constraint: Any) -> tuple[list[tuple[float, Any]], float, float]:
    terms, constant = _linear(constraint.body, constraint.name)
    low, high = constraint.lower, constraint.upper
    return (
        terms,
        -np.inf if low is None else value(low) - constant,
        np.inf if high is None else value(high) - constant,
    )


def _linear(expression: Any, name: str) -> tuple[list[tuple[float, Any]], float]:
    representation = generate_standard_repn(expression, compute_values=True)
    if not representation.is_linear():
        msg = f"{name} is not linear"
        raise ValueError(msg)
    terms = zip(representation.linear_coefs, representation.linear_vars, strict=True)
    return list(terms), float(representation.constant)
