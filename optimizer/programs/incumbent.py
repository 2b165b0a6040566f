"""Bounds and a plan of a program before it is solved, taken from a similar one that was.

A bound: of the similar program where this one is a restriction of it, or of the linear relaxation. And a plan: that
of the similar program, priced anew, or with the same contracts and new flows.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from models.records.tolerances import SAME_COST
from optimizer.programs.quick import find_first, round_relaxation
from optimizer.programs.restriction import is_restriction_of
from optimizer.solver.outer_approximation.minimise import complete, holds, relax

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from optimizer.programs.program import Program
    from optimizer.solver.deadline import Deadline
    from optimizer.solver.outcome import Relaxation


@dataclass(frozen=True, eq=False)
class WarmStart:
    """A program with the values that were found for it."""

    program: Program
    values: NDArray[np.float64]
    bound: float
    basis: Any = None
    """The optimal basis of its linear relaxation, where that was solved."""

    def __getstate__(self) -> dict[str, Any]:
        """Return all but the basis, which is the solver's own and stays in its process."""
        return self.__dict__ | {"basis": None}


@dataclass(eq=False)
class Incumbent:
    """A program to be solved, with the best bound and the best plan that are known so far."""

    program: Program
    values: NDArray[np.float64] | None = None
    """Values of the best plan so far."""
    bound: float = -math.inf
    relaxation: Relaxation | None = None
    """The linear relaxation, once it was solved."""
    quick: NDArray[np.float64] | None = None
    """Values of a plan that took little effort, for want of a better one; no search starts from it."""
    solved: bool = False
    """Whether it went through a linear solve that left nothing open."""
    _completed: NDArray[np.float64] | None = None
    """Values of a plan that is the best with its contracts."""

    @property
    def cost(self) -> float:
        """Cost of the best plan so far [currency]; infinite without one."""
        return math.inf if self.values is None else float(self.program.matrix.cost @ self.values)

    def offer(self, values: NDArray[np.float64]) -> None:
        """Take the values of a plan that costs less than the best one so far."""
        if self.values is None or float(self.program.matrix.cost @ values) < self.cost - SAME_COST * abs(self.cost):
            self.values = values

    def learn_from(self, similar: Sequence[WarmStart], deadline: Deadline) -> None:
        """Take over the bounds of similar programs, and the plan of one that still holds, or else its contracts."""
        for solved in similar:
            self.program.copy_cuts(solved.program)
            if is_restriction_of(solved.program, self.program):
                self.bound = max(self.bound, solved.bound)
            values = self.program.carry_over(solved.program, solved.values)
            if holds(self.program.matrix, values):
                self.offer(values)
        if similar and self.values is None:
            self.complete(self.program.carry_over(similar[0].program, similar[0].values), deadline)

    def complete(self, values: NDArray[np.float64], deadline: Deadline) -> None:
        """Find the best plan with the contracts of some values; without contracts that solves the program."""
        if values is self._completed:
            return
        matrix = self.program.matrix
        best = complete(matrix, values, deadline)
        if best is not None:
            self.offer(best)
            self._completed = best
            if not matrix.integer.any() and matrix.second_stage is None:
                self.solved, self.bound = True, max(self.bound, float(matrix.cost @ best))

    def relax(self, deadline: Deadline, basis: Any = None) -> Relaxation:
        """Return the linear relaxation, found once from the basis of a similar program, and take over its bound."""
        relaxation = self._solve_relaxation(deadline, basis)
        self.bound = max(self.bound, relaxation.bound)
        return relaxation

    def hurry(self, deadline: Deadline, basis: Any = None) -> None:
        """Find the quick plan: the relaxation with its integers rounded.

        It stands apart from what is known, as a search that started from it would look for no better one. A linear
        program is solved by that.
        """
        matrix, relaxation = self.program.matrix, self._solve_relaxation(deadline, basis)
        if relaxation.values is None:
            return
        if matrix.integer.any():
            self.quick = round_relaxation(matrix, relaxation, deadline)
        elif not matrix.is_linear:
            self.complete(relaxation.values, deadline)
        else:
            self.offer(relaxation.values)
            self.solved, self.bound = True, max(self.bound, relaxation.bound)

    def find_any(self, deadline: Deadline) -> None:
        """Make the first plan that a search finds the quick one."""
        self.quick = find_first(self.program.matrix, deadline)

    def is_good(self, gap: float, allowance: float) -> bool:
        """Whether the plan at hand is within a relative gap of the bound, or within an allowance [currency]."""
        allowed = max(allowance, max(gap, SAME_COST) * abs(self.cost))
        return math.isfinite(self.cost) and self.cost - self.bound <= allowed

    @property
    def has_plan(self) -> bool:
        """Whether there is a plan, be it the quick one."""
        return self.values is not None or self.quick is not None

    def fall_back(self) -> None:
        """Take the quick plan, and the bound of its relaxation, unless better ones are known."""
        if self.relaxation is not None:
            self.bound = max(self.bound, self.relaxation.bound)
        if self.quick is not None:
            self.offer(self.quick)

    def _solve_relaxation(self, deadline: Deadline, basis: Any) -> Relaxation:
        if self.relaxation is None or self.relaxation.bound == -math.inf:  # it may have been stopped
            self.relaxation = relax(self.program.matrix, deadline, basis)
        return self.relaxation

    @property
    def basis(self) -> Any:
        """The optimal basis of the linear relaxation, where that was solved."""
        return None if self.relaxation is None else self.relaxation.basis
