"""A Pyomo model as arrays: the sparse matrix, bounds and costs that a solver takes.

Families of rows are taken as the numbers that they are. Variables keep the order in which the model
declares them, so the same instance always gives the same arrays. Plain numpy does all of it: importing
scipy beside Pyomo would cost half a second and 60 MB at every start.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import accumulate, chain
from typing import TYPE_CHECKING, Any

import numpy as np

from models.formulation.build import decisions, families
from optimizer.solver.arrays import Matrix, Sparse, Squares

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray
    from pyomo.core import ConcreteModel

    from models.algebra.constraints import LinearRows
    from models.algebra.expressions import Terms

_NONE = np.zeros(0, dtype=np.int64)


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
    """Return the arrays of a model made by `models.formulation.build.build`."""
    declared = [list(family.values()) for family in decisions(m)]
    variables = list(chain.from_iterable(declared))
    whole = [np.full(len(family), bool(family) and family[0].is_integer()) for family in declared]
    columns = _Columns(variables)
    lower, upper = _bounds(m, columns, variables)
    matrix, row_lower, row_upper = _rows(list(families(m).values()), columns, len(variables))
    return Matrix(
        variables=variables,
        cost=_cost(m, columns, len(variables)),
        A=matrix,
        row_lower=row_lower,
        row_upper=row_upper,
        lower=lower,
        upper=upper,
        integer=np.concatenate(whole),
        squares=_squares(m, columns, len(variables)),
    )


def update_matrix(m: ConcreteModel, before: Matrix, stood: Mapping[str, LinearRows]) -> Matrix:
    """Return the arrays of a model whose variables and costs are those that it had before.

    `stood` has the families of rows that it had; those of them that it still has, the very same, are not read again.
    """
    columns, now = _Columns(before.variables), families(m)
    lower, upper = _bounds(m, columns, before.variables)
    said = [rows for name, rows in now.items() if stood.get(name) is not rows]
    again, row_lower, row_upper = _rows(said, columns, len(before.variables))
    old, new = _spans(stood.values()), _spans(said, len(before.row_lower))
    order = np.concatenate([_NONE, *(old[id(rows)] if id(rows) in old else new[id(rows)] for rows in now.values())])
    both = before.A.over(again)
    _, places = both.of_rows(order)
    lengths = np.diff(both.indptr)[order]
    shape = (len(order), len(before.variables))
    squares = any(limit.squares for limit in m.limit.values())
    return replace(
        before,
        A=Sparse(shape, np.concatenate([[0], np.cumsum(lengths)]), both.indices[places], both.data[places]),
        row_lower=np.concatenate([before.row_lower, row_lower])[order],
        row_upper=np.concatenate([before.row_upper, row_upper])[order],
        lower=lower,
        upper=upper,
        squares=_squares(m, columns, len(before.variables)) if squares else before.squares,
    )


def _spans(some: Iterable[LinearRows], start: int = 0) -> dict[int, NDArray[np.int64]]:
    """Return where the rows of each family stand that follow each other from a row on."""
    spans = {}
    for rows in some:
        spans[id(rows)] = np.arange(start, start := start + len(rows))
    return spans


def _bounds(
    m: ConcreteModel, columns: _Columns, variables: list[Any]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    bounds = [v.bounds for v in variables]
    upper = np.array([np.inf if high is None else high for _, high in bounds], dtype=float)
    upper[columns.of(m.bounded_by_rows)] = np.inf
    return np.array([-np.inf if low is None else low for low, _ in bounds], dtype=float), upper


def _cost(m: ConcreteModel, columns: _Columns, size: int) -> NDArray[np.float64]:
    terms = [term for named in m.costs.values() for term in named]
    places = columns.of([variable for _, variable in terms])
    cost = np.zeros(size)
    np.add.at(cost, places, np.array([coefficient for coefficient, _ in terms], dtype=float))
    return cost


def _rows(
    rows: list[LinearRows], columns: _Columns, size: int
) -> tuple[Sparse, NDArray[np.float64], NDArray[np.float64]]:
    data = _join(family.coefficients for family in rows)
    lower, upper = _join(family.lower for family in rows), _join(family.upper for family in rows)
    starts = accumulate((len(family.coefficients) for family in rows), initial=0)
    ends = [start + end for start, family in zip(starts, rows, strict=False) for end in family.ends]
    indptr = np.array([0, *ends], dtype=np.int64)
    places = columns.of([variable for family in rows for variable in family.variables])
    some = data != 0
    if not some.all():
        row_of_entry = np.repeat(np.arange(len(lower)), np.diff(indptr))[some]
        indptr = np.concatenate([[0], np.cumsum(np.bincount(row_of_entry, minlength=len(lower)))])
        places, data = places[some], data[some]
    return Sparse((len(lower), size), indptr, places, data), lower, upper


def _squares(m: ConcreteModel, columns: _Columns, size: int) -> Squares:
    asked = [square for limit in m.limit.values() for square in limit.squares]
    return Squares(
        part=_sums([square.part for square in asked], columns, size),
        whole=_sums([square.whole for square in asked], columns, size),
        constant=np.array([square.constant for square in asked], dtype=float),
        square=columns.of([square.square for square in asked]),
    )


def _sums(sums: list[Terms], columns: _Columns, size: int) -> Sparse:
    """Return linear sums as the rows of a matrix."""
    entries = [(row, coefficient, variable) for row, terms in enumerate(sums) for coefficient, variable in terms]
    rows = np.array([row for row, _, _ in entries], dtype=np.int64)
    data = np.array([coefficient for _, coefficient, _ in entries], dtype=float)
    return Sparse.summed((len(sums), size), rows, columns.of([variable for _, _, variable in entries]), data)


def _join(numbers: Iterable[list[float]]) -> NDArray[np.float64]:
    return np.fromiter(chain.from_iterable(numbers), dtype=float)
