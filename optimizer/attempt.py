"""What a program is known to cost before it is solved, from a similar one that was.

A bound: of the similar program where this one is harder, or of the linear relaxation. And a plan: that
of the similar program, priced anew, or with the same contracts and new flows.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from optimizer.harder import is_harder
from optimizer.highs import complete, holds, relax

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from optimizer.patience import Patience
    from optimizer.program import Program


@dataclass(frozen=True, eq=False)
class Solved:
    """A program with the values that were found for it."""

    program: Program
    values: NDArray[np.float64]
    bound: float
    basis: Any = None
    """Where the optimum of its linear relaxation lies, when that was asked for."""

    def __getstate__(self) -> dict[str, Any]:
        """Return all but the basis, which is the solver's own and stays in its process."""
        return self.__dict__ | {"basis": None}


@dataclass(eq=False)
class Attempt:
    """A program to be solved, and what is known of it so far."""

    program: Program
    values: NDArray[np.float64] | None = None
    """Values of a plan at hand."""
    bound: float = -math.inf
    basis: Any = field(default=None, repr=False)

    @property
    def cost(self) -> float:
        """What the plan at hand costs [currency]; infinite without one."""
        return math.inf if self.values is None else float(self.program.matrix.cost @ self.values)

    def learn_from(self, similar: Solved, patience: Patience) -> None:
        """Take over the bound of a similar program, and its plan with what is best for it here."""
        if is_harder(similar.program, self.program):
            self.bound = max(self.bound, similar.bound)
        values = self.program.carried_over(similar.program, similar.values)
        matrix = self.program.matrix
        if holds(matrix, values) and float(matrix.cost @ values) <= self.bound:
            self.values = values
            return
        best = complete(matrix, values, patience)
        if best is not None and float(matrix.cost @ best) < self.cost:
            self.values = best

    def relax(self, patience: Patience, basis: Any) -> None:
        """Raise the bound to that of the linear relaxation, found from the basis of a similar program."""
        relaxation = relax(self.program.matrix, patience, basis)
        self.bound = max(self.bound, relaxation.bound)
        self.basis = relaxation.basis
