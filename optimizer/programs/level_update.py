"""A program that differs from a built one in levels of limits alone: only the rows of these limits are rebuilt.

What-ifs and sweeps move levels more than anything else. A level stands in the rows of its own limit only; variables,
links, balances and the other limits stay, number by number, what they were.
"""

from __future__ import annotations

from dataclasses import replace
from operator import is_
from typing import TYPE_CHECKING

import numpy as np
from pyomo.core import Var

from models.formulation.build import families, rebuild_rows
from optimizer.programs.program import Program

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.algebra.constraints import LinearRows
    from models.enforcement import EnforcedInstance
    from models.limits import Limit


def update_levels(old: Program, part: EnforcedInstance) -> Program | None:
    """Return the program of a part that differs from another in levels alone; None where it does not.

    None, too, where its model was given away, where a limit that moves holds in responses, whose rows stand elsewhere,
    where one adds variables of its own, unless it keeps them at any level, and where a row or an entry comes or goes
    (an entry at a level of 0).
    """
    base = old.base or old
    moved = _find_moved(base.part, part)
    has_responses = bool(part.foreseen) or base.matrix.recourse is not None
    if has_responses and any(limit.in_responses for limit in moved or ()):
        return None
    if not moved or not base.holds_model:
        return None
    if any(base.m.limit[one.name].component_map(Var) for one in moved if not one.KEEPS):
        return None
    matrix = base.matrix
    data, upper = matrix.A.data.copy(), matrix.row_upper.copy()
    again = families(base.m, {limit.name: rebuild_rows(base.m, limit) for limit in moved})
    before = families(base.m)
    if again.keys() != before.keys():
        return None
    start = 0
    for name, rows in before.items():
        inside, others = slice(start, start := start + len(rows)), again[name]
        if others is rows:
            continue
        entries = slice(matrix.A.indptr[inside.start], matrix.A.indptr[inside.stop])
        if not _has_same_pattern(rows, others) or not np.array_equal(data[entries], rows.coefficients):
            return None
        data[entries], upper[inside] = others.coefficients, others.upper
    program = Program.like(base, part, replace(matrix, A=replace(matrix.A, data=data), row_upper=upper, variables=[]))
    program.base, program.elastic = base, base.elastic
    return program


def _find_moved(before: EnforcedInstance, after: EnforcedInstance) -> list[Limit] | None:
    """Return the limits whose level differs between two parts; None where anything else differs."""
    alike = before.market == after.market and before.foreseen == after.foreseen
    return find_moved(before.limits, after.limits) if alike else None


def find_moved(before: Sequence[Limit], after: Sequence[Limit]) -> list[Limit] | None:
    """Return the limits whose level differs; None where anything else differs."""
    if len(before) != len(after):
        return None
    moved: list[Limit] = []
    for old, new in zip(before, after, strict=True):
        if old == new:
            continue
        if (
            type(old) is not type(new)
            or old.watch
            or old.model_copy(update={old.LEVEL: getattr(new, new.LEVEL)}) != new
        ):
            return None
        moved.append(new)
    return moved


def _has_same_pattern(rows: LinearRows, others: LinearRows) -> bool:
    """Whether the same variables stand in the same rows, none of them times 0."""
    return (
        (rows.keys, rows.ends, rows.lower) == (others.keys, others.ends, others.lower)
        and all(map(is_, rows.variables, others.variables))
        and all(others.coefficients)
    )
