"""A Pyomo model as arrays: the sparse matrix, bounds and costs that a solver takes.

Families of rows are taken as the numbers that they are; ordinary constraints (the limits) are read
through Pyomo's own standard representation. Variables keep the order in which the model declares
them, so the same instance always gives the same arrays. Plain numpy does all of it: importing scipy
beside Pyomo would cost half a second and 60 MB at every start.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np
from pyomo.environ import Constraint, Var, value
from pyomo.repn import generate_standard_repn

from optimizer.solver.arrays import Matrix, Sparse

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray
    from pyomo.environ import ConcreteModel


class _Columns:
    """Where each variable stands."""

    def __init__(self, variables: list[Any]) -> None:
        ids = _ids(variables)
        self._order = np.argsort(ids)
        self._sorted = ids[self._order]

    def of(self, variables: list[Any]) -> NDArray[np.int64]:
        return self._order[np.searchsorted(self._sorted, _ids(variables))]


def _ids(variables: list[Any]) -> NDArray[np.int64]:
    return np.fromiter(map(id, variables), dtype=np.int64, count=len(variables))


def to_matrix(m: ConcreteModel) -> Matrix:
    """Return the arrays of a model made by `models.build.build`.

    Raises ValueError when a constraint is not linear.
    """
    families = [list(family.values()) for family in m.component_objects(Var, active=True)]
    variables = list(chain.from_iterable(families))
    whole = [np.full(len(family), bool(family) and family[0].is_integer()) for family in families]
    columns = _Columns(variables)
    bounds = [v.bounds for v in variables]
    matrix, row_lower, row_upper = _rows(m, columns, len(variables))
    return Matrix(
        variables=variables,
        cost=_cost(m, columns, len(variables)),
        A=matrix,
        row_lower=row_lower,
        row_upper=row_upper,
        lower=np.array([-np.inf if low is None else low for low, _ in bounds], dtype=float),
        upper=np.array([np.inf if high is None else high for _, high in bounds], dtype=float),
        integer=np.concatenate(whole),
    )


def _cost(m: ConcreteModel, columns: _Columns, size: int) -> NDArray[np.float64]:
    terms = [term for named in m.costs.values() for term in named]
    places = columns.of([variable for _, variable in terms])
    cost = np.zeros(size)
    np.add.at(cost, places, np.array([coefficient for coefficient, _ in terms], dtype=float))
    return cost


def _rows(m: ConcreteModel, columns: _Columns, size: int) -> tuple[Sparse, NDArray[np.float64], NDArray[np.float64]]:
    families = list(m.rows.values())
    limits = [_constraint(c) for c in m.component_data_objects(Constraint, active=True)]
    data = _joined((f.coefficients for f in families), (a for terms, _, _ in limits for a, _ in terms))
    variables = [v for f in families for v in f.variables] + [v for terms, _, _ in limits for _, v in terms]
    counts = [np.diff(np.array(f.ends, dtype=np.int64), prepend=0) for f in families]
    counts.append(np.array([len(terms) for terms, _, _ in limits], dtype=np.int64))
    lower = _joined((f.lower for f in families), (low for _, low, _ in limits))
    upper = _joined((f.upper for f in families), (high for _, _, high in limits))
    row_of_entry = np.repeat(np.arange(len(lower)), np.concatenate(counts))
    some = data != 0
    indptr = np.concatenate([[0], np.cumsum(np.bincount(row_of_entry[some], minlength=len(lower)))])
    matrix = Sparse((len(lower), size), indptr, columns.of(variables)[some], data[some])
    return matrix, lower, upper


def _joined(families: Iterable[list[float]], limits: Iterable[float]) -> NDArray[np.float64]:
    return np.concatenate(
        [*(np.array(numbers, dtype=float) for numbers in families), np.array(list(limits), dtype=float)]
    )


def _constraint(constraint: Any) -> tuple[list[tuple[float, Any]], float, float]:
    """Return (terms, lower, upper) of an ordinary constraint."""
    low, body, high = constraint.to_bounded_expression()
    representation = generate_standard_repn(body, compute_values=True)
    if not representation.is_linear():
        msg = f"{constraint.name} is not linear"
        raise ValueError(msg)
    terms = list(zip(representation.linear_coefs, representation.linear_vars, strict=True))
    constant = representation.constant
    return (
        terms,
        -np.inf if low is None else value(low) - constant,
        np.inf if high is None else value(high) - constant,
    )
