"""Branch and bound for programs with squares: tangents are added at the nodes, and are valid at every other one.

A mixed-integer solver that takes linear rows only sees tangents that are there before it starts, and starts anew
for others. Here one linear program goes from node to node and keeps what it learned (Quesada and Grossmann, "An
LP/NLP based branch and bound algorithm for convex MINLP optimization problems", Computers and Chemical Engineering
16, 1992). It knows no cutting planes and no searches for plans, and is no match for such a solver on many integers;
few integers, or a good plan at hand, are settled in some ten nodes.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from operator import attrgetter
from typing import TYPE_CHECKING

import numpy as np

from models.records.tolerances import WHOLE_NUMBER

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from optimizer.solver.deadline import Deadline
    from optimizer.solver.outer_approximation.cut_loop import CutLoop


@dataclass(frozen=True, eq=False)
class _Node:
    bound: float
    """Lower bound on the cost of every plan in the node [currency]."""
    lower: NDArray[np.float64]
    upper: NDArray[np.float64]


def branch_and_bound(  # noqa: PLR0913 (what is enough, how long, what to do with a plan)
    program: CutLoop,
    *,
    near: float,
    most: int,
    enough: Callable[[], float],
    hold: Callable[[NDArray[np.float64]], bool],
    deadline: Deadline,
) -> float:
    """Return a lower bound on the cost of plans [currency], from a search of so many nodes at most.

    It goes down on the nearer side of an integer, and then on where plans may cost least. A node is left where they
    cost `enough`. `hold` is given values that are whole, and returns whether that brought
    new tangents: then the node is looked at again.
    """
    matrix, integer = program.matrix, program.matrix.integer
    left, settled = [_Node(-math.inf, matrix.lower, matrix.upper)], math.inf
    for _ in range(most):
        if not left or deadline.is_over(has_plan=math.isfinite(enough())):
            break
        node = left.pop()
        program.within(node.lower, node.upper)
        found = program.minimise(deadline, near, enough())
        if found.verdict not in {"proven", "infeasible"}:
            left.append(node)
            break
        node = replace(node, bound=max(node.bound, found.bound))
        if found.values is not None and _apart(found.values, integer).max(initial=0.0) > WHOLE_NUMBER:
            left.extend(_halves(node, found.values, integer))
            continue
        if found.values is not None and hold(found.values) and node.bound < enough():
            left.append(node)
        else:
            settled = min(settled, node.bound)
        left.sort(key=attrgetter("bound"), reverse=True)
    program.within(matrix.lower, matrix.upper)
    return min([settled, *(node.bound for node in left)])


def _apart(values: NDArray[np.float64], integer: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return how far integers are from whole numbers, 0 for other columns."""
    return np.where(integer, np.abs(values - np.round(values)), 0.0)


def _halves(node: _Node, values: NDArray[np.float64], integer: NDArray[np.bool_]) -> tuple[_Node, _Node]:
    """Return both sides of the integer that is farthest from whole, the nearer side last."""
    column = int(_apart(values, integer).argmax())
    lower, upper = node.lower.copy(), node.upper.copy()
    lower[column], upper[column] = math.ceil(values[column]), math.floor(values[column])
    below, above = replace(node, upper=upper), replace(node, lower=lower)
    return (above, below) if values[column] < upper[column] + 0.5 else (below, above)
