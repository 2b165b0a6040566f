"""What the limits of a plan cost: beside it stands the cheapest plan of the same market without any limit.

That answer comes with every plan and nobody asked for it, so it must not take as long as the plan did. It starts from
what is known. A part that no limit touches costs the same, and so does one that is convex and whose limits leave room:
their multipliers are zero, so its bound is one without them as well. Any other part is taken apart where only limits
coupled it, and has the plan at hand as one without limits: that bounds its cost from above, and its linear relaxation
from below. What is then left open goes to branch and bound.

The effort is a tenth of what the plan took, and never less than what small programs need (`_tenth_of`). It is counted
and not timed, so the same instance gives the same answer on every machine. What it leaves open is told as an interval.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from models.formulation.components import parts
from models.records.tolerances import RECOUNTED
from optimizer.base.solve import key_of_base
from optimizer.claims import recount
from optimizer.errors import LodeplanError
from optimizer.programs.incumbent import Incumbent
from optimizer.programs.program import Program
from optimizer.results.interval import NOTHING_KNOWN, Interval
from optimizer.solver.deadline import Deadline
from optimizer.solver.effort import Effort
from optimizer.solver.outer_approximation.minimise import holds, minimise
from optimizer.work.journal import key_of
from optimizer.work.runner import TaskRunner

if TYPE_CHECKING:
    from models.enforcement import EnforcedInstance
    from optimizer.programs.incumbent import WarmStart
    from optimizer.results.solution import Solution
    from optimizer.session import Session

_TENTH = 10
_ITERATIONS = 20_000
"""Iterations that are allowed in any case: they solve a linear program of some ten thousand rows."""
_ENTRIES = 200_000
"""Branch and bound may look so often in any case, by the entries of the matrices: a look at a large one is longer."""
_LOOKS = 2
"""Looks that it may take in any case at each part: they are over before its root is cut."""


def add_limits_cost(solution: Solution, session: Session, *, prove: bool = False) -> Solution:
    """Return a solution of a session that also knows what its market would cost without limits.

    To `prove` it, any effort is made, within the time limit. It stays unknown for a plan that was stopped before its
    proof; whatever goes wrong here, the plan at hand is not lost.
    """
    limit, start = session.settings.time_limit, time.perf_counter()
    left = None if limit is None else limit - solution.seconds
    if not (solution.instance.limits and solution.proven) or (left is not None and left <= 0):
        return solution
    most = None if prove else _tenth_of(session.spent)
    key = key_of(key_of_base(solution.instance, session.settings), "without limits", prove)
    runner = session.runner or TaskRunner()
    free = runner.recall(key)
    try:
        if free is None:
            with Deadline(left, session.settings.stop) as deadline:
                free = _Free(session, deadline, most).of(solution.instance)
            if not deadline.stopping:
                runner.keep(key, free)
    except LodeplanError:
        return solution
    return replace(
        solution,
        without_limits=Interval(min(free.bound, free.cost), min(free.cost, solution.cost)),
        seconds=solution.seconds + time.perf_counter() - start,
    )


def _tenth_of(spent: Effort) -> Effort:
    return Effort(max(_ITERATIONS, spent.iterations // _TENTH), spent.looks // _TENTH)


@dataclass(frozen=True)
class _Free:
    """Solves the parts of an instance without their limits."""

    session: Session
    deadline: Deadline
    most: Effort | None
    """Effort that may be made; any, to prove what they cost."""

    def of(self, instance: EnforcedInstance) -> Interval:
        """Return in which interval the least cost of an instance without limits lies."""
        known, left = [], []
        for part in parts(instance):
            same = _same_without(part, self.session)
            if same is not None:
                known.append(same)
                continue
            whole = self.session.last_of(part)
            left += [(piece, whole) for piece in parts(part.without_limits())]
        if self.most is not None and left:
            entries = sum(_entries(whole) for whole in dict.fromkeys(whole for _, whole in left))
            looks = max(self.most.looks, _LOOKS * len(left), _ENTRIES // max(1, entries))
            self.deadline.most = replace(self.most, looks=looks)
        left.sort(key=lambda one: _entries(one[1]))
        with self.deadline.share(1.0, has_plan=True):
            known += [self._least(_incumbent(*one)) for one in left]  # built one by one, as each takes much memory
        return Interval(sum(one.bound for one in known), sum(one.cost for one in known))

    def _least(self, incumbent: Incumbent) -> Interval:
        """Return in which interval the least cost of a part without limits lies."""
        matrix, gap = incumbent.program.matrix, self.session.settings.gap
        incumbent.relax(self.deadline)
        if incumbent.bound > -math.inf and not incumbent.is_good(gap, 0.0):
            incumbent.hurry(self.deadline)
            incumbent.fall_back()
        if incumbent.bound > -math.inf and not incumbent.is_good(gap, 0.0) and self.deadline.may_look:
            # With a plan at hand no other plans are searched for, which would not be counted.
            known = NOTHING_KNOWN if self.most is None else Interval(incumbent.bound, incumbent.cost)
            outcome = minimise(
                matrix, gap=gap, known=known, deadline=self.deadline, watch=self.session.watch_of("without limits")
            )
            incumbent.bound = max(incumbent.bound, outcome.bound)
            if outcome.values is not None:
                incumbent.offer(outcome.values)
        return Interval(incumbent.bound, _audit(incumbent))


def _incumbent(piece: EnforcedInstance, whole: WarmStart | None) -> Incumbent:
    """Build a part without limits, with the plan that it has with them as a part of some `whole`."""
    incumbent = Incumbent(Program(piece))
    if whole is not None:
        values = incumbent.program.carry_over(whole.program, whole.values)
        if holds(incumbent.program.matrix, values):
            incumbent.offer(values)
    return incumbent


def _entries(solved: WarmStart | None) -> int:
    return 0 if solved is None else int(solved.program.matrix.A.nnz)


def _audit(incumbent: Incumbent) -> float:
    """Return what the plan of a program costs when it is recounted, infinite without one; raises AuditFailure."""
    if incumbent.values is None:
        return math.inf
    return recount(incumbent.program, incumbent.values, incumbent.bound)[1]


def _same_without(part: EnforcedInstance, session: Session) -> Interval | None:
    """Return what a part costs that costs the same without its limits; None where that cannot be said."""
    known, solved = session.known_of(part), session.last_of(part)
    if known is None or all(limit.watch for limit in part.limits):
        return known
    return known if solved is not None and solved.program.part == part and _leave_room(solved) else None


def _leave_room(solved: WarmStart) -> bool:
    """Whether a program has no integers, and none of the rows of its limits binds, in the plan or in a response."""
    matrix, rows = solved.program.matrix, solved.program.rows
    in_responses = [limit.name for limit in solved.program.part.limits if limit.in_responses]
    if matrix.integer.any() or (in_responses and matrix.second_stage is not None):
        return False
    named = tuple(f".limit[{name}].{rows}" for name in in_responses for rows in ("holds", "defines"))
    mine = np.array(
        [place for (family, _), place in rows.items() if family.startswith("limit[") or family.endswith(named)],
        dtype=np.int64,
    )
    body = (matrix.A @ solved.values)[mine]
    size = (replace(matrix.A, data=np.abs(matrix.A.data)) @ np.abs(solved.values))[mine]
    room = np.minimum(body - matrix.row_lower[mine], matrix.row_upper[mine] - body)
    return bool((room > RECOUNTED * size).all())
