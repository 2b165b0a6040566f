"""A block at a fixed plan: a linear program of a matrix that others share, with bounds and costs of its own."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Self

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from optimizer.solver.arrays import Block
    from optimizer.solver.held import HeldProgram

    Numbers = NDArray[np.float64]

_SLIGHT = 1e-12
"""Part of a bound that is rounding."""


@dataclass(frozen=True, eq=False, slots=True)
class Bounded:
    """Costs and bounds of a program whose matrix is that of a block."""

    block: Block
    cost: Numbers
    lower: Numbers
    upper: Numbers
    row_lower: Numbers
    row_upper: Numbers

    @classmethod
    def of(cls, block: Block, plan: Numbers) -> Self:
        """Return a block with the plan's part of its rows fixed."""
        fixed = block.plan @ plan
        return cls(block, block.cost, block.lower, block.upper, block.row_lower - fixed, block.row_upper - fixed)

    def is_within(self, other: Bounded) -> bool:
        """Whether it is nowhere looser or cheaper than another program of the same matrix."""
        more = all(bool((getattr(self, name) >= getattr(other, name)).all()) for name in _LEAST)
        return more and all(bool((getattr(self, name) <= getattr(other, name)).all()) for name in _MOST)

    def loosened(self, columns: int) -> Self:
        """Return it with so many more columns by which its rows may be broken, at 1 a unit and no other cost."""
        none = np.zeros(columns)
        return replace(
            self,
            cost=np.concatenate([np.zeros(len(self.cost)), none + 1.0]),
            lower=np.concatenate([self.lower, none]),
            upper=np.concatenate([self.upper, none + np.inf]),
        )


@dataclass(frozen=True, eq=False, slots=True)
class Solved:
    """A program with its optimum."""

    program: Bounded
    values: Numbers
    body: Numbers
    """Left sides of its rows."""
    duals: Numbers
    cost: float

    def answers(self, other: Bounded) -> bool:
        """Whether a program of the same matrix that is nowhere looser or cheaper has the same optimum and dual values.

        It has them where no bound of it is broken, and nothing dearer is more than it must be: then this is a
        plan of the other, and no cheaper one can be there, as there is none here.
        """
        own, x = self.program, self.values
        return (
            _keeps(self.body, own.row_upper, other.row_upper)
            and _keeps(-self.body, -own.row_lower, -other.row_lower)
            and _keeps(x, own.upper, other.upper)
            and _keeps(-x, -own.lower, -other.lower)
            and bool(((other.cost == own.cost) | (x <= other.lower)).all())
        )


def _keeps(x: Numbers, wide: Numbers, narrow: Numbers) -> bool:
    """Whether what keeps wide bounds keeps those that are narrower."""
    narrower = narrow < wide
    bound = narrow[narrower]
    return bool((x[narrower] <= bound + _SLIGHT * np.abs(bound)).all())


def solve(held: HeldProgram, program: Bounded) -> Solved | None:
    """Solve a program, in a solver that holds its matrix; None where it has no solution."""
    columns, rows = np.arange(len(program.cost)), np.arange(len(program.row_lower))
    held.set_bounds(columns, program.lower, program.upper)
    held.set_costs(columns, program.cost)
    held.set_row_bounds(rows, program.row_lower, program.row_upper)
    values = held.solve()
    if values is None:
        return None
    return Solved(program, values, program.block.own @ values, held.duals, float(program.cost @ values))


def find_loosest(programs: Sequence[Bounded]) -> Bounded:
    """Return a program that is nowhere less loose or dearer than any of some that have one matrix."""
    least = {name: np.minimum.reduce([getattr(one, name) for one in programs]) for name in _LEAST}
    most = {name: np.maximum.reduce([getattr(one, name) for one in programs]) for name in _MOST}
    return replace(programs[0], **least, **most)


_LEAST, _MOST = ("cost", "lower", "row_lower"), ("upper", "row_upper")
