"""What `whatif.py` measures, each in a process of its own; all times are CPU seconds of one thread.

    python benchmarks/sessions.py changes INSTANCE EACH             a cold solve, and changes of one material
    python benchmarks/sessions.py tied INSTANCE EACH TIME_LIMIT     the same where a limit ties all materials
    python benchmarks/sessions.py together INSTANCE                 by parts, and as one program in the same time
    python benchmarks/sessions.py exact INSTANCE                    by parts, and as one program, at gap 0
    python benchmarks/sessions.py sweep INSTANCE CELL               sweeps of one material's cap
    python benchmarks/sessions.py workers INSTANCE CELL                a sweep by one process and by two [wall seconds]

Changes are not chained and learn nothing from each other: each runs in a fork of the process that
solved the instance as it is, so that it finds that session as it was left. The last line printed is a
JSON object.
"""

from __future__ import annotations

import gc
import json
import math
import os
import sys
import time
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

_ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(_ROOT))

from drawn import Drawn, drawn_changes  # noqa: E402 (they stand beside this script, the packages above it)
from phases import run_alone  # noqa: E402
from ratios import Figures, forked  # noqa: E402

from models.changes import apply_changes, parse  # noqa: E402
from models.enforcement import enforce  # noqa: E402
from models.formulation.components import parts  # noqa: E402
from models.limits.budget_cap import BudgetCap  # noqa: E402
from optimizer.base.open_runner import open_runner  # noqa: E402
from optimizer.errors import NoPlan  # noqa: E402
from optimizer.load import load  # noqa: E402
from optimizer.programs.program import Program  # noqa: E402
from optimizer.results.solution import settings_of  # noqa: E402
from optimizer.session import Session  # noqa: E402
from optimizer.solver.deadline import Deadline  # noqa: E402
from optimizer.solver.mixed_integer import minimise  # noqa: E402
from optimizer.sweep.axis import read_axis  # noqa: E402
from optimizer.sweep.points import points_of  # noqa: E402
from optimizer.sweep.run import Sweep  # noqa: E402
from optimizer.work.runner import TaskRunner  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable

    from models.enforcement import EnforcedInstance
    from optimizer.results.interval import Interval, Progress
    from optimizer.sweep.found import Result
    from optimizer.sweep.points import Point

_TIED_TO = 0.97
"""Part of what the untied plan spends on freight, that the tied one may."""
_POINTS = 20

T = TypeVar("T")


def changes(folder: str, each: str) -> Figures:
    """Solve an instance from nothing, and again with each of some changes."""
    instance = _ready(folder)
    session = Session(settings_of(instance))
    cold, solution = _timed(lambda: session.solve(instance))
    drawn = drawn_changes(instance, int(each))
    return {
        "cold": cold,
        "sizes": solution.sizes,
        "gap": solution.gap,
        "changes": [forked(partial(_what_if, session, instance, one)) for one in drawn],
    }


def coupled(folder: str, each: str, time_limit: str) -> Figures:
    """Tie all materials by what freight may cost; give each change to HiGHS alone, and to a session."""
    free, limit = _ready(folder), float(time_limit)
    spent = Session(settings_of(free)).solve(free).account.costs["freight"]
    cap = BudgetCap(name="freight", costs=("freight",), max_cost=_TIED_TO * spent, hard=True)
    instance = free.model_copy(update={"limits": (*free.limits, cap)})
    session = Session(replace(settings_of(instance), time_limit=limit))
    cold, solution = _timed(lambda: session.solve(instance))
    measured = []
    for one in drawn_changes(instance, int(each)):
        own = forked(partial(_own, instance, one, limit))
        measured.append(forked(partial(_what_if, session, instance, one)) | {"own": own})
    return {"cold": cold, "sizes": solution.sizes, "gap": solution.gap, "changes": measured}


def together(folder: str) -> Figures:
    """Solve by parts to the end, then as one program, and note its gap when the same CPU time is spent.

    HiGHS may be in the middle of a long step then, so it ends somewhat later.
    """
    instance = _ready(folder)
    settings = settings_of(instance)
    cold, solution = _timed(lambda: Session(settings).solve(instance))
    end = time.process_time() + cold
    gap = math.inf

    def watch(progress: Progress) -> None:
        nonlocal gap
        if time.process_time() <= end:
            gap = progress.gap

    outcome = minimise(Program(instance).matrix, gap=settings.gap, deadline=_CpuPatience(end), watch=watch)
    if time.process_time() <= end:
        gap = outcome.gap
    return {"cold": cold, "gap": solution.gap, "gap_as_one": gap, "gap_when_it_stopped": outcome.gap,
            "cpu_as_one": cold + time.process_time() - end}  # fmt: skip


def exact(folder: str) -> Figures:
    """Solve to gap 0 by parts and as one program."""
    instance = _ready(folder)
    settings = replace(settings_of(instance), gap=0.0)
    cold, solution = _timed(lambda: Session(settings).solve(instance))
    cpu, outcome = _timed(lambda: minimise(Program(instance).matrix, gap=0.0))
    return {"cold": cold, "cost": solution.cost, "cpu_as_one": cpu, "cost_as_one": outcome.objective}


def sweep(folder: str, cell: str) -> Figures:
    """Sweep a cap of one material, where all points bind and where half are slack; and solve each point cold."""
    instance = _ready(folder)
    loosest = _used(instance, cell)
    step = loosest / 2 / _POINTS
    return {
        name: _swept(instance, cell, [top - step * number for number in range(_POINTS)])
        for name, top in (("binding", loosest - step), ("half slack", loosest + step * (_POINTS // 2 - 0.5)))
    }


def workers(folder: str, cell: str) -> Figures:
    """Run the same sweep by this process, and by two others [seconds of wall and of processor time]."""
    instance = _ready(folder)
    loosest = _used(instance, cell)
    points = _points(instance, cell, [loosest * (1 - number / 2 / _POINTS) for number in range(_POINTS)])
    figures: Figures = {}
    for jobs in (1, 2):
        run = Sweep(points, [], settings_of(instance))
        start, before = time.perf_counter(), _cpu_of_all()
        with open_runner(jobs) as runner:
            run.run(runner)
        figures |= {f"wall_{jobs}": time.perf_counter() - start, f"cpu_{jobs}": _cpu_of_all() - before}
        figures |= {f"solves_{jobs}": run.solves}
    return figures


def _cpu_of_all() -> float:
    """Return the processor time of this process and of all that it has seen end [seconds]."""
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system


class _CpuPatience(Deadline):
    """Patience to a CPU time of this process, so that what else runs here takes nothing from it."""

    def __init__(self, end: float) -> None:
        super().__init__()
        self._end = end

    def is_over(self, *, has_plan: bool) -> bool:
        return super().is_over(has_plan=has_plan) or time.process_time() >= self._end


def _ready(folder: str) -> EnforcedInstance:
    """Load an instance, and build a part so that nothing is imported while time counts."""
    instance = enforce(load(Path(folder)))
    Program(parts(instance)[0])
    gc.collect()
    return instance


def _timed(step: Callable[[], T]) -> tuple[float, T]:
    start = time.process_time()
    result = step()
    return time.process_time() - start, result


def _what_if(session: Session, instance: EnforcedInstance, drawn: Drawn) -> Figures:
    """Make a change and solve again, up to the audited plan."""
    told: Figures = {}

    def tell(interval: Interval) -> None:
        told.update(told=time.process_time() - start, least=interval.bound, most=interval.cost)

    before, start = session.solves, time.process_time()
    after = apply_changes(instance, [parse(drawn.text)])
    applied = time.process_time() - start
    try:
        solution = session.solve(after, tell)
        answer = {"cost": solution.cost, "bound": solution.bound, "proven": solution.proven}
    except NoPlan as none:
        answer = {"cost": math.inf, "bound": math.inf, "proven": none.proven}
    cpu = time.process_time() - start
    return {"kind": drawn.kind, "text": drawn.text, "cpu": cpu, "applied": applied, "solves": session.solves - before,
            **told, **answer}  # fmt: skip


def _own(instance: EnforcedInstance, drawn: Drawn, time_limit: float) -> Figures:
    """Give a changed instance to HiGHS as ready arrays, as one program."""
    after = apply_changes(instance, [parse(drawn.text)])
    return run_alone(Program(after).matrix, after.solve.gap, time_limit)


def _used(instance: EnforcedInstance, cell: str) -> float:
    """Return the share of a cell that is attributed to China by control where no cap on it binds."""
    open_instance = apply_changes(instance, [parse(f"cap {cell}:CN@control=100%")])
    account = Session(settings_of(instance)).solve(open_instance).account
    material = cell.rpartition("/")[2]
    return max(
        reading.used
        for limit, reading in account.readings
        if getattr(limit, "country", None) == "CN" and limit.level == 1.0 and reading.key.material == material
    )


def _points(instance: EnforcedInstance, cell: str, levels: list[float]) -> list[Point]:
    said = ",".join(f"{100 * level:.6f}%" for level in levels)
    return points_of(instance, [read_axis(f"cap {cell}:CN@control={said}", instance)])


def _swept(instance: EnforcedInstance, cell: str, levels: list[float]) -> Figures:
    """Sweep, and solve after each point what it touches from nothing: whatever else the machine does slows both.

    Of the first point only that counts, too: the other parts are solved once in any case.
    """
    points, settings = _points(instance, cell, levels), settings_of(instance)
    session = Session(settings)
    session.solve(points[0].instance)
    ends: list[float] = []
    cold: list[float] = []

    def compare(result: Result) -> None:
        ends.append(time.process_time())
        point = points[result.found.number].instance
        _forget(session, point, cell.rpartition("/")[2])
        cold.append(_timed(lambda: session.solve(point))[0])

    run = Sweep(points, [], settings, keep=compare)
    run.run(TaskRunner())
    after_the_first = ends[-1] - ends[0] - sum(cold[:-1])
    solves = run.solves - len(parts(instance)) + 1
    return {"cpu": cold[0] + after_the_first, "cold": sum(cold), "solves": solves}


def _forget(session: Session, instance: EnforcedInstance, material: str) -> None:
    """Let a session know nothing of one material, so that it solves that from nothing, to the gap left for it."""
    for part in parts(instance):
        if material in part.market.material:
            memory = session.memory
            for known in (memory._answers, memory._first, memory._last):  # noqa: SLF001 (no user forgets)
                known.pop(tuple(part.market.material), None)


_MODES: dict[str, Callable[..., Figures]] = {
    "changes": changes,
    "tied": coupled,
    "together": together,
    "exact": exact,
    "sweep": sweep,
    "workers": workers,
}


if __name__ == "__main__":
    print(json.dumps(_MODES[sys.argv[1]](*sys.argv[2:])))
