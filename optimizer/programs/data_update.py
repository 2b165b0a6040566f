"""A program of coupled materials, updated in the data of a few of them.

Where a budget couples twelve materials, a change to one of them would have the program of all twelve built
again. Instead the one is built by itself, as it was and as it is, and its new numbers are put where the
old ones stand in the program of all. That is done only where every old number is found there: then, and
only then, what the material says of itself is what the whole says of it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from models.formulation.components import limits_of, parts
from optimizer.programs.program import Program

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from models.enforcement import EnforcedInstance
    from optimizer.programs.program import Places
    from optimizer.solver.arrays import Matrix

_OF_COLUMNS = ("cost", "lower", "upper", "integer")
_OF_ROWS = ("row_lower", "row_upper")


def update_data(old: Program, part: EnforcedInstance) -> Program | None:
    """Return the program of a part that differs from another in the market of a few materials; None where it is not.

    There must be no scenarios and no losses to answer, limits must be the same, and no row or column may come or go.
    """
    if part.foreseen or old.part.foreseen or old.matrix.recourse is not None:
        return None
    if part.limits != old.part.limits or len(part.market.materials) == 1:
        return None
    before, after = _split(old.part), _split(part)
    if len(after) == 1 or before.keys() != after.keys():
        return None
    changed = [materials for materials, unit in after.items() if unit != before[materials]]
    if not changed or 2 * len(changed) > len(after):
        return None
    matrix = _copy(old.matrix)
    places = _Places(old)
    for materials in changed:
        if not places.put(matrix, Program(before[materials]), Program(after[materials])):
            return None
    return Program.like(old, part, matrix)


def _split(part: EnforcedInstance) -> dict[tuple[str, ...], EnforcedInstance]:
    """Return what a part would fall into without the limits that couple it, each with what these say of it alone."""
    untied = tuple(limit for limit in part.limits if not any(limit.couples(part.market)))
    units = parts(part.model_copy(update={"limits": untied}))
    groups = [tuple(unit.market.material) for unit in units]
    return {
        group: unit.model_copy(update={"limits": limits_of(group, part)})
        for group, unit in zip(groups, units, strict=True)
    }


def _copy(matrix: Matrix) -> Matrix:
    fields = {name: getattr(matrix, name).copy() for name in (*_OF_COLUMNS, *_OF_ROWS)}
    return replace(matrix, A=replace(matrix.A, data=matrix.A.data.copy()), variables=[], **fields)


class _Places:
    """Where the numbers of single materials stand in the program of all."""

    def __init__(self, whole: Program) -> None:
        self._whole = whole
        sparse = whole.matrix.A
        keys = sparse.row_of_entry * sparse.shape[1] + sparse.indices
        self._order = np.argsort(keys)
        self._keys = keys[self._order]

    def put(self, matrix: Matrix, before: Program, after: Program) -> bool:
        """Put the numbers of `after` where those of `before` stand; return whether all of them stand there."""
        if before.column_names != after.column_names or before.row_names != after.row_names:
            return False
        old, new = before.matrix, after.matrix
        if not (np.array_equal(old.A.indptr, new.A.indptr) and np.array_equal(old.A.indices, new.A.indices)):
            return False
        if not _same_squares(old, new):
            return False
        columns, rows = _find_places(before.columns, self._whole.columns), _find_places(before.rows, self._whole.rows)
        if columns is None or rows is None:
            return False
        entries = self._entries(rows[old.A.row_of_entry], columns[old.A.indices])
        if entries is None or not np.array_equal(matrix.A.data[entries], old.A.data):
            return False
        coupling = np.zeros(len(rows), dtype=bool)
        coupling[list(before.coupling_rows.values())] = True
        for name in _OF_ROWS:
            if not np.array_equal(getattr(old, name)[coupling], getattr(new, name)[coupling]):
                return False
        matrix.A.data[entries] = new.A.data
        return all(
            _replace(getattr(matrix, name), columns, getattr(old, name), getattr(new, name)) for name in _OF_COLUMNS
        ) and all(
            _replace(
                getattr(matrix, name), rows[~coupling], getattr(old, name)[~coupling], getattr(new, name)[~coupling]
            )
            for name in _OF_ROWS
        )

    def _entries(self, rows: NDArray[np.int64], columns: NDArray[np.int64]) -> NDArray[np.int64] | None:
        wanted = rows * self._whole.matrix.A.shape[1] + columns
        found = np.searchsorted(self._keys, wanted)
        if (found >= len(self._keys)).any() or not np.array_equal(self._keys[found], wanted):
            return None
        return self._order[found]


def _same_squares(old: Matrix, new: Matrix) -> bool:
    """Whether squares are of the same parts of the same wholes; the columns are the same."""
    sums = ((old.squares.part, new.squares.part), (old.squares.whole, new.squares.whole))
    return np.array_equal(old.squares.constant, new.squares.constant) and all(
        np.array_equal(getattr(one, name), getattr(other, name))
        for one, other in sums
        for name in ("indptr", "indices", "data")
    )


def _find_places(names: Places, among: Places) -> NDArray[np.int64] | None:
    places = [among.get(name, -1) for name in names]
    return None if -1 in places else np.array(places, dtype=np.int64)


def _replace(
    whole: NDArray[np.generic], places: NDArray[np.int64], old: NDArray[np.generic], new: NDArray[np.generic]
) -> bool:
    """Replace old numbers by new ones; return whether the old ones were there."""
    there = np.array_equal(whole[places], old)
    whole[places] = new
    return there
