"""The cheapest plan costs what other means say that it costs: an audit recounts a plan, and cannot see a cheaper one.

What is solved again are the arrays of the whole instance as one program, in its own units: no parts, no prices on
what ties them, no scales, no rounding of integers, no tangents. Once by HiGHS, without presolve and from another
seed (which takes no squares, so no `hhi_cap`), and once by SCIP, which takes squares as they are.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pyscipopt import Model, quicksum

from models.enforcement import enforce
from optimizer.load import load
from optimizer.programs.program import Program
from optimizer.solver.highs import hand_over
from tests.examples import examples
from tests.laws.markets import instances
from tests.laws.test_laws import SAME, cost
from tests.laws.test_laws_of_hhi import capped
from tests.test_instances import INSTANCES, NAMES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from models.instance import Instance
    from optimizer.solver.arrays import Matrix, Sparse

pytestmark = pytest.mark.slow(reason="everything is solved again by two other solvers")

_SEED = 7
_EXACT = 1e-9
_GAP_OF_SQUARES = 1e-6
"""SCIP does not close a gap of nothing on cones."""
_NEAR: Any = {"rel": 1e-5}
"""It takes a square that is too small by a billionth, and so a part of a whole that is too large by its root."""


def by_highs(matrix: Matrix) -> float:
    """Return the least cost by HiGHS without presolve, from a seed that is not ours; infinite without a plan."""
    solver = hand_over(matrix)
    for option, value in {"presolve": "off", "random_seed": _SEED, "mip_rel_gap": 0.0, "mip_abs_gap": 0.0}.items():
        solver.setOptionValue(option, value)
    solver.run()
    said = solver.modelStatusToString(solver.getModelStatus())
    return _least(said.lower(), solver.getInfo().objective_function_value)


def by_scip(matrix: Matrix) -> float:
    """Return the least cost by SCIP, squares as they are; infinite without a plan."""
    scip = Model()
    scip.hideOutput()
    scip.setParam("limits/gap", _GAP_OF_SQUARES if matrix.squares else 0.0)
    scip.setParam("numerics/feastol", _EXACT)
    scip.setParam("numerics/dualfeastol", _EXACT)
    scip.setParam("randomization/randomseedshift", _SEED)
    columns = [
        scip.addVar(vtype="I" if integer else "C", lb=_bound(lower), ub=_bound(upper), obj=price)
        for integer, lower, upper, price in zip(matrix.integer, matrix.lower, matrix.upper, matrix.cost, strict=True)
    ]
    for body, lower, upper in zip(_sums(matrix.A, columns), matrix.row_lower, matrix.row_upper, strict=True):
        if np.isfinite(lower):
            scip.addCons(body >= lower)
        if np.isfinite(upper):
            scip.addCons(body <= upper)
    squares = matrix.squares
    sums = zip(_sums(squares.part, columns), _sums(squares.whole, columns), strict=True)
    for (part, whole), constant, square in zip(sums, squares.constant, squares.square, strict=True):
        of, over = scip.addVar(), scip.addVar()  # never below zero, so that SCIP sees a cone
        scip.addCons(of == part)
        scip.addCons(over == whole + float(constant))
        scip.addCons(of * of <= over * columns[square])
    scip.optimize()
    return _least(scip.getStatus(), scip.getObjVal() if scip.getNSols() else math.inf)


def _bound(number: float) -> float | None:
    return float(number) if np.isfinite(number) else None


def _sums(matrix: Sparse, columns: list[Any]) -> Iterator[Any]:
    """Yield each row of a matrix as a sum of columns."""
    for start, end in zip(matrix.indptr, matrix.indptr[1:], strict=False):
        yield quicksum(matrix.data[at] * columns[matrix.indices[at]] for at in range(start, end))


def _least(said: str, objective: float) -> float:
    if said == "infeasible":
        return math.inf
    assert said in {"optimal", "gaplimit"}
    return objective


def matrix_of(asked: Instance) -> Matrix:
    return Program(enforce(asked)).matrix


BY_ROWS = [name for name in NAMES if name not in {"stockpile-2027", "us-battery-quarterly"}]
"""Instances that are rows and squares alone, without what is lost and found by cuts, and without scenarios."""


@pytest.mark.parametrize("name", BY_ROWS)
def test_a_bundled_instance_costs_the_same_by_other_means(name: str) -> None:
    asked = load(INSTANCES / name)
    matrix, least = matrix_of(asked), cost(asked)
    assert by_scip(matrix) == pytest.approx(least, rel=_EXACT)
    if not matrix.squares:
        assert by_highs(matrix) == pytest.approx(least, rel=_EXACT)


@examples(30)
@given(instances())
def test_a_market_with_contracts_costs_the_same_by_other_means(asked: Instance) -> None:
    matrix = matrix_of(asked)
    assume(matrix.integer.any())
    least = cost(asked)
    assert by_highs(matrix) == pytest.approx(least, **SAME)
    assert by_scip(matrix) == pytest.approx(least, **SAME)


@examples(10)
@given(instances(kinds=("share_floor", "least_sources")), st.data())
def test_a_cap_on_the_hhi_costs_the_same_where_a_solver_takes_squares(plain: Instance, data: Any) -> None:
    asked = capped(data.draw, plain, 1)
    assert by_scip(matrix_of(asked)) == pytest.approx(cost(asked), **_NEAR)
