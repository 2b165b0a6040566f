"""What `run.py` measures, each in a process of its own: one figure would spoil the next one's memory.

    python benchmarks/phases.py generate FOLDER FLOWS [MATERIALS CONTRACTS]   write one
    python benchmarks/phases.py arrays INSTANCE FILE               write its matrix as numpy arrays
    python benchmarks/phases.py prepare INSTANCE                   load, build and hand over, part by part
    python benchmarks/phases.py whole INSTANCE PLAN TIME_LIMIT     the whole of `lodeplan solve`
    python benchmarks/phases.py pass FILE                          hand the arrays over, several times
    python benchmarks/phases.py alone FILE GAP TIME_LIMIT          arrays and HiGHS, nothing else

The engine runs as it is: its steps are timed from outside by putting a clock in front of each, so that
what it keeps in memory while HiGHS works is kept here too. The last line printed is a JSON object.
"""

# ruff: noqa: PLC0415 (each measurement imports what it measures, and nothing else)
from __future__ import annotations

import json
import resource
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from optimizer.solver.arrays import Matrix

_ROOT = Path(__file__).resolve().parent.parent
_PASSES = 9
_KIB = 1024 if sys.platform == "darwin" else 1
"""`ru_maxrss` counts bytes there, and KiB elsewhere."""

Figures = dict[str, Any]
Step = Callable[..., Any]


class _EnoughError(Exception):
    """HiGHS holds the model, and nothing more is to be measured."""


class Clock:
    """CPU seconds by phase, without those of phases inside it, and the peak memory when each ended."""

    def __init__(self) -> None:
        """Start with no phase."""
        self._cpu: dict[str, float] = defaultdict(float)
        self._peak: dict[str, float] = {}
        self._inner: list[float] = []
        self._closed = False

    def timed(self, phase: str, step: Step, *, closed: bool = False) -> Step:
        """Return a step that does the same and is timed under the name of its phase.

        What happens inside a `closed` one is not told apart.
        """

        def run(*args: Any, **named: Any) -> Any:
            if self._closed:
                return step(*args, **named)
            self._inner.append(0.0)
            self._closed = closed
            start = time.process_time()
            try:
                return step(*args, **named)
            finally:
                spent = time.process_time() - start
                self._closed = False
                self._cpu[phase] += spent - self._inner.pop()
                self._peak[phase] = peak()
                if self._inner:
                    self._inner[-1] += spent

        return run

    def figures(self) -> Figures:
        """Return what was measured, by phase."""
        return {phase: {"cpu": cpu, "peak": self._peak[phase]} for phase, cpu in self._cpu.items()}


def peak() -> float:
    """Return the most memory that this process has held so far [MiB]."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _KIB / 1024


def generate_instance(folder: str, flows: str, *shape: str) -> Figures:
    """Write an instance into a new folder; its materials and contracts follow its size unless they are given."""
    from generate import generate

    place = Path(folder)
    place.mkdir()
    generate(place, int(flows), *map(int, shape))
    return {"bytes": sum(path.stat().st_size for path in place.iterdir())}


def write_arrays(instance: str, file: str) -> Figures:
    """Write the matrix of an instance, built as one program, as arrays, and say how large it is."""
    from models.enforcement import enforce
    from models.formulation.build import build
    from optimizer.load import load
    from optimizer.programs.matrix import to_matrix

    loaded = enforce(load(Path(instance)))
    m = build(loaded)
    matrix = to_matrix(m)
    fields = {name: getattr(matrix, name) for name in ("cost", "row_lower", "row_upper", "lower", "upper", "integer")}
    start, index, value = matrix.A.indptr, matrix.A.indices, matrix.A.data
    np.savez(file, start=start, index=index, value=value, **fields)
    return {
        "flows": len(m.flows),
        "offers": len(loaded.market.offers),
        "rows": matrix.A.shape[0],
        "columns": matrix.A.shape[1],
        "nonzeros": int(matrix.A.nnz),
        "integers": int(matrix.integer.sum()),
        "gap": loaded.solve.gap,
    }


def prepare(instance: str) -> Figures:
    """Load, build every part, and hand each over; leave the engine when HiGHS holds it."""
    from models.enforcement import enforce

    clock = Clock()
    engine = _watched(clock)
    engine.highs.run = _enough
    loaded = enforce(engine.load.load(Path(instance)))
    programs = [engine.parts.Program(part) for part in engine.session.parts(loaded)]
    for program in programs:
        with suppress(_EnoughError):
            engine.parts.minimise(program.matrix, gap=loaded.solve.gap)
    return clock.figures()


def whole(instance: str, folder: str, time_limit: str) -> Figures:
    """Run the command itself, from the folder on disk to the plan on disk."""
    clock = Clock()
    _watched(clock)
    from optimizer.cli import main

    sys.argv = ["lodeplan", "solve", instance, "-o", folder, "--time-limit", time_limit]
    code: object = 0
    try:
        clock.timed("other", main)()
    except SystemExit as end:
        code = end.code
    return {"phases": clock.figures(), "exit": code} | _total()


def pass_arrays(file: str) -> Figures:
    """Pass the arrays to HiGHS: field by field, and as the engine does by the one call that takes numpy arrays."""
    import highspy

    from optimizer.solver.highs import hand_over

    arrays, kinds = _arrays(file), (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)

    def by_field() -> None:
        model = highspy.HighsLp()
        model.num_row_, model.num_col_ = arrays.A.shape
        model.col_cost_, model.col_lower_, model.col_upper_ = arrays.cost, arrays.lower, arrays.upper
        model.row_lower_, model.row_upper_ = arrays.row_lower, arrays.row_upper
        model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        model.a_matrix_.start_, model.a_matrix_.index_ = arrays.A.indptr, arrays.A.indices
        model.a_matrix_.value_ = arrays.A.data
        model.integrality_ = [kinds[whole] for whole in arrays.integer.tolist()]
        solver: Any = highspy.Highs()
        solver.setOptionValue("output_flag", False)  # noqa: FBT003 (the signature is HiGHS's)
        if solver.passModel(model) != highspy.HighsStatus.kOk:
            msg = "HiGHS did not take the arrays"
            raise RuntimeError(msg)

    return {"cpu": _median(by_field), "at_once": _median(lambda: hand_over(arrays)), "peak": peak()}


def _median(step: Callable[[], object]) -> float:
    """Return the median CPU seconds of several runs of a step, after one to warm up."""
    step()
    spent = []
    for _ in range(_PASSES):
        start = time.process_time()
        step()
        spent.append(time.process_time() - start)
    return statistics.median(spent)


def alone(file: str, gap: str, time_limit: str) -> Figures:
    """Solve the arrays with HiGHS, and nothing else."""
    return run_alone(_arrays(file), float(gap), float(time_limit)) | _total()


def run_alone(matrix: Matrix, gap: float, time_limit: float) -> Figures:
    """Solve a matrix with HiGHS, set and scaled as the engine does, and return its CPU seconds and its end."""
    from optimizer.solver.mixed_integer import set_up
    from optimizer.solver.scaling import scale_of

    solver = set_up(matrix, scale_of(matrix), gap, 0.0)
    solver.setOptionValue("time_limit", time_limit)
    start = time.process_time()
    solver.run()
    spent = time.process_time() - start
    return {"solve": spent, "status": solver.modelStatusToString(solver.getModelStatus())}


def _total() -> Figures:
    return {"cpu": time.process_time(), "peak": peak()}


def _arrays(file: str) -> Matrix:
    """Return saved arrays as a matrix, without importing what builds one."""
    from optimizer.solver.arrays import Matrix, Sparse, Squares

    with np.load(file) as saved:
        fields: dict[str, NDArray[Any]] = dict(saved)
    shape = (len(fields["row_lower"]), len(fields["cost"]))
    sparse = Sparse(shape, fields.pop("start"), fields.pop("index"), fields.pop("value"))
    return Matrix(variables=[], A=sparse, squares=Squares.none(shape[1]), **fields)


def _watched(clock: Clock) -> SimpleNamespace:
    """Return the modules of the engine with the clock in front of every step; importing them is a phase."""

    def engine() -> SimpleNamespace:
        from optimizer import best_plan, load, part_solver, session, solve
        from optimizer.folders import plans as write
        from optimizer.programs import program
        from optimizer.solver import highs, mixed_integer

        used = {
            "highs": highs,
            "mixed_integer": mixed_integer,
            "best_plan": best_plan,
            "load": load,
            "parts": part_solver,
            "program": program,
        }
        return SimpleNamespace(**used, solve=solve, session=session, write=write)

    modules: SimpleNamespace = clock.timed("import", engine)()
    for module, name, phase in (
        (modules.load, "load", "load"),
        (modules.solve, "solve", "plan"),
        (modules.session, "parts", "build"),
        (modules.program, "build", "build"),
        (modules.program, "to_matrix", "hand over"),
        (modules.mixed_integer, "scale_of", "hand over"),
        (modules.mixed_integer, "scale_matrix", "hand over"),
        (modules.highs, "hand_over", "hand over"),
        (modules.parts, "minimise", "solve"),
        (modules.session, "Account", "audit"),
        (modules.parts, "recount", "audit"),
        (modules.best_plan, "add_limits_cost", "without limits"),
        (modules.write, "write_plan", "write"),
    ):
        setattr(module, name, clock.timed(phase, getattr(module, name), closed=phase == "without limits"))
    return modules


def _enough(*_: object) -> NoReturn:
    raise _EnoughError


_MODES: dict[str, Callable[..., Figures]] = {
    "generate": generate_instance,
    "arrays": write_arrays,
    "prepare": prepare,
    "whole": whole,
    "pass": pass_arrays,
    "alone": alone,
}


if __name__ == "__main__":
    sys.path.insert(0, str(_ROOT))
    print(json.dumps(_MODES[sys.argv[1]](*sys.argv[2:])))
