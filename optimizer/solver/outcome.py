"""What a solver found: the words for how it ended, and an optimum or a relaxation as plain numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from optimizer.results.interval import relative_gap

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Verdict = Literal["proven", "stopped", "infeasible", "unbounded", "nothing found", "failed"]


@dataclass(frozen=True, eq=False)
class Outcome:
    """What a solver found; `values` has one number a column, or is None."""

    verdict: Verdict
    values: NDArray[np.float64] | None
    objective: float
    bound: float
    seconds: float
    message: str

    @property
    def gap(self) -> float:
        """Relative distance of objective and bound."""
        return relative_gap(self.objective, self.bound)


@dataclass(frozen=True, eq=False)
class Relaxation:
    """The linear relaxation of a program: its optimum with the integers taken as continuous."""

    bound: float
    """Currency; infinite when even so there is no plan, minus infinity when it is not known."""
    basis: Any
    """The optimal basis, as the solver records it; a similar program starts from it."""
    duals: NDArray[np.float64] | None
    """The dual value of every row [currency per unit]; None without an optimum."""
    values: NDArray[np.float64] | None = None
    """The optimal solution, one number a column; None without one."""
