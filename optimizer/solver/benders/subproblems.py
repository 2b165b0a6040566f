r"""What follows a plan, solved: what it costs, and cuts that say so of every plan.

Mathematics. With its plan fixed at y*, a block is a linear program of right sides that depend on y* alone. Its dual
values pi stay feasible whatever the plan, so by weak duality

    Q(y) >= Q(y*) - pi T (y - y*)

for every plan y (Benders, "Partitioning procedures for solving mixed-variables programming problems", Numerische
Mathematik 4, 1962). Cuts of the blocks of a group are added up by their weights. Where a block has no solution at y*,
the least sum F of what its rows must be broken by is such a program too, and `F(y) <= 0` the cut.

Most losses hit nothing of a plan. So of the blocks of one matrix the loosest program is solved first, with the lowest
costs and the widest bounds of any of them: where its optimum keeps the bounds of a block and costs the same there, it
is the optimum of the block as well, and has the same dual values.
"""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from optimizer.errors import SolverFailure
from optimizer.solver.arrays import Ceiling, Matrix, Sparse, Squares, program_of
from optimizer.solver.benders.bounded import Bounded, Solved, list_loosest, solve
from optimizer.solver.held import HeldProgram

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from optimizer.solver.arrays import Block, Group, SecondStage

    Numbers = NDArray[np.float64]

_SLIGHT = 1e-12
"""Part of the largest weight of a cut below which a weight is rounding."""


class Followed(NamedTuple):
    """What follows a plan."""

    values: Numbers
    """Of the column of each group; infinite where a block has no solution."""
    cuts: list[Ceiling]


class Subproblems:
    """The blocks of a second stage, those of one matrix held by one solver."""

    def __init__(self, second_stage: SecondStage) -> None:
        """Hold them as they come up."""
        self._groups = second_stage.groups
        self._held: dict[int, HeldProgram] = {}
        self._elastic: dict[int, HeldProgram] = {}

    def follow(self, plan: Numbers, look: Callable[[], None] = lambda: None) -> Followed:
        """Return what follows a plan; of a group with blocks that have no solution, one cut for each of these.

        `look` is called before each group; what it raises ends the work.
        """
        asked = [[Bounded.of(block, plan) for _, block in group.blocks] for group in self._groups]
        loosest = self._solve_loosest(asked, look)
        values, cuts = [], []
        for group, programs in zip(self._groups, asked, strict=True):
            look()
            value, found = self._follow(group, programs, plan, loosest)
            values.append(value)
            cuts.extend(found)
        return Followed(np.array(values), cuts)

    def _solve_loosest(self, asked: list[list[Bounded]], look: Callable[[], None]) -> dict[int, Solved]:
        """Return the optimum of the loosest program of every matrix that several blocks have."""
        solved: dict[int, Solved] = {}
        for program in list_loosest(chain(*asked)):
            look()
            found = solve(self._hold(program.block), program)
            if found is not None:
                solved[id(program.block.own)] = found
        return solved

    def _follow(
        self, group: Group, programs: list[Bounded], plan: Numbers, loosest: dict[int, Solved]
    ) -> tuple[float, list[Ceiling]]:
        total, slope, broken = 0.0, np.zeros(len(plan)), []
        for (weight, block), program in zip(group.blocks, programs, strict=True):
            solved = loosest.get(id(block.own))
            if solved is None or not solved.answers(program):
                solved = solve(self._hold(block), program)
            if solved is None:
                broken.append(self._forbid(program, plan))
                continue
            total += weight * solved.cost
            slope -= weight * _times(solved.duals, block.plan)
        if broken:
            return math.inf, broken
        cut = slope / group.unit
        return total / group.unit, [_ceiling(cut, float(cut @ plan) - total / group.unit, group.column)]

    def _hold(self, block: Block) -> HeldProgram:
        key = id(block.own)
        if key not in self._held:
            self._held[key] = HeldProgram(program_of(block))
        return self._held[key]

    def _forbid(self, program: Bounded, plan: Numbers) -> Ceiling:
        """Return the cut that a plan breaks to which a block has no solution."""
        key, rows = id(program.block.own), len(program.row_lower)
        if key not in self._elastic:
            self._elastic[key] = HeldProgram(_loosen(program_of(program.block)))
        solved = solve(self._elastic[key], program.loosened(2 * rows))
        if solved is None:
            msg = "highs finds no response to a plan, nor why there is none; tell the authors"
            raise SolverFailure(msg)
        slope = -_times(solved.duals, program.block.plan)
        return _ceiling(slope, float(slope @ plan) - solved.cost)


def _loosen(matrix: Matrix) -> Matrix:
    """Return a program whose rows may be broken, at a cost of one per unit and no other."""
    rows, columns = matrix.A.shape
    every, slack = np.arange(rows), np.zeros(2 * rows)
    below = (matrix.A.row_of_entry, matrix.A.indices, matrix.A.data)
    more = (np.tile(every, 2), columns + np.arange(2 * rows), np.repeat([1.0, -1.0], rows))
    return replace(
        matrix,
        cost=np.concatenate([np.zeros(columns), slack + 1.0]),
        A=Sparse.summed((rows, columns + 2 * rows), *map(np.concatenate, zip(below, more, strict=True))),
        lower=np.concatenate([matrix.lower, slack]),
        upper=np.concatenate([matrix.upper, slack + np.inf]),
        integer=np.zeros(columns + 2 * rows, dtype=bool),
        squares=Squares.none(columns + 2 * rows),
    )


def _ceiling(slope: Numbers, most: float, column: int | None = None) -> Ceiling:
    """Return the cut ``slope @ y <= most``, or with a column z on the left that is taken off."""
    slope = np.where(np.abs(slope) > _SLIGHT * np.abs(slope).max(initial=0.0), slope, 0.0)
    columns = np.flatnonzero(slope)
    if column is None:
        return Ceiling(columns, slope[columns], most)
    return Ceiling(np.append(columns, column), np.append(slope[columns], -1.0), most)


def _times(duals: Numbers, matrix: Sparse) -> Numbers:
    """Return ``duals @ matrix``."""
    terms = duals[matrix.row_of_entry] * matrix.data
    return np.bincount(matrix.indices, weights=terms, minlength=matrix.shape[1]).astype(float)
