"""Benders' decomposition finds what the extensive form finds, of drawn programs and of a plan with scenarios."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from models.instance import Risk
from optimizer.errors import NoPlan
from optimizer.programs import two_stage
from optimizer.solver import mixed_integer
from optimizer.solver.arrays import Group, Matrix, SecondStage, Share, Sparse, Squares
from optimizer.solver.benders.minimise import complete, holds, minimise, relax
from optimizer.solver.benders.subproblems import Subproblems
from optimizer.solver.deadline import Deadline
from optimizer.solver.held import HeldProgram
from tests.scenarios.drawn import a_case
from tests.scenarios.planned import planned

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Drawn:
    """A block, as `optimizer.solver.arrays.Block` asks."""

    cost: Numbers
    lower: Numbers
    upper: Numbers
    own: Sparse
    plan: Sparse
    row_lower: Numbers
    row_upper: Numbers


def _sparse(dense: Numbers) -> Sparse:
    rows, columns = np.nonzero(dense)
    return Sparse.summed(dense.shape, rows, columns, dense[rows, columns])


def _draw(seed: int, *, may_fail: bool) -> tuple[Matrix, list[tuple[float, Drawn]]]:
    """Draw a plan of capacities (some opened as wholes) and blocks that serve demand from them.

    Demand that is not served costs much, or where a plan `may_fail` it must be served.
    """
    rng = np.random.default_rng(seed)
    sites, wholes, uses = 5, 3, 4
    size = sites + wholes
    plan = np.zeros((wholes, size))
    plan[np.arange(wholes), np.arange(wholes)] = 1.0
    plan[np.arange(wholes), sites + np.arange(wholes)] = -rng.uniform(20, 40, wholes).round(1)
    matrix = Matrix(
        variables=[None] * size,
        cost=np.concatenate([rng.uniform(1, 4, sites), rng.uniform(5, 60, wholes)]).round(2),
        A=_sparse(plan),
        row_lower=np.full(wholes, -np.inf),
        row_upper=np.zeros(wholes),
        lower=np.zeros(size),
        upper=np.concatenate([np.full(sites, 60.0), np.ones(wholes)]),
        integer=np.arange(size) >= sites,
        squares=Squares.none(size),
    )
    flows = sites * uses
    own = np.zeros((sites + uses, flows + uses))
    for place, use in itertools.product(range(sites), range(uses)):
        own[place, place * uses + use] = own[sites + use, place * uses + use] = 1.0
    own[sites:, flows:] = np.eye(uses)
    shared = _sparse(own)
    blocks = []
    for _ in range(6):
        left = rng.choice([0.0, 0.5, 1.0], sites, p=[0.2, 0.3, 0.5])
        demand = rng.uniform(1, 9, uses).round(1)
        block = Drawn(
            cost=np.concatenate([rng.uniform(0, 5, flows).round(2), np.full(uses, 50.0)]),
            lower=np.zeros(flows + uses),
            upper=np.concatenate([np.full(flows, np.inf), np.zeros(uses) if may_fail else demand]),
            own=shared,
            plan=_sparse(np.vstack([np.hstack([-np.diag(left), np.zeros((sites, wholes))]), np.zeros((uses, size))])),
            row_lower=np.concatenate([np.full(sites, -np.inf), demand]),
            row_upper=np.concatenate([np.zeros(sites), demand]),
        )
        blocks.append((float(rng.uniform(0.05, 0.3)), block))
    return matrix, blocks


def _joined(matrix: Matrix, blocks: list[tuple[float, Drawn]]) -> Matrix:
    """Return all as one matrix: the extensive form."""
    size, rows = len(matrix.cost), matrix.A.shape[0]
    width = sum(len(block.cost) for _, block in blocks)
    dense = np.zeros((rows + sum(len(block.row_lower) for _, block in blocks), size + width))
    dense[matrix.A.row_of_entry, matrix.A.indices] = matrix.A.data
    column, row = size, rows
    for _, block in blocks:
        dense[row + block.plan.row_of_entry, block.plan.indices] = block.plan.data
        dense[row + block.own.row_of_entry, column + block.own.indices] = block.own.data
        row, column = row + len(block.row_lower), column + len(block.cost)
    return replace(
        matrix,
        variables=[None] * (size + width),
        cost=np.concatenate([matrix.cost, *(weight * block.cost for weight, block in blocks)]),
        A=_sparse(dense),
        row_lower=np.concatenate([matrix.row_lower, *(block.row_lower for _, block in blocks)]),
        row_upper=np.concatenate([matrix.row_upper, *(block.row_upper for _, block in blocks)]),
        lower=np.concatenate([matrix.lower, *(block.lower for _, block in blocks)]),
        upper=np.concatenate([matrix.upper, *(block.upper for _, block in blocks)]),
        integer=np.concatenate([matrix.integer, np.zeros(width, dtype=bool)]),
        squares=Squares.none(size + width),
    )


def _decomposed(matrix: Matrix, blocks: list[tuple[float, Drawn]], groups: int) -> Matrix:
    """Return the plan with a column for each group of blocks, and the blocks beside it."""
    size, more = len(matrix.cost), np.zeros(groups)
    shares = [[Share(*block) for block in blocks[number::groups]] for number in range(groups)]
    return replace(
        matrix,
        variables=[None] * (size + groups),
        cost=np.concatenate([matrix.cost, more + 8.0]),
        A=replace(matrix.A, shape=(matrix.A.shape[0], size + groups)),
        lower=np.concatenate([matrix.lower, more - np.inf]),
        upper=np.concatenate([matrix.upper, more + np.inf]),
        integer=np.concatenate([matrix.integer, more.astype(bool)]),
        squares=Squares.none(size + groups),
        second_stage=SecondStage([Group(size + number, 8.0, mine) for number, mine in enumerate(shares)]),
    )


@pytest.mark.parametrize("may_fail", [False, True])
@pytest.mark.parametrize("groups", [1, 3])
def test_it_finds_what_the_extensive_form_finds(groups: int, *, may_fail: bool) -> None:
    """Also where some plans leave blocks without a solution, which the extensive form forbids by its rows."""
    for seed in range(8):
        matrix, blocks = _draw(seed, may_fail=may_fail)
        whole = mixed_integer.minimise(_joined(matrix, blocks), gap=0.0)
        found = minimise(_decomposed(matrix, blocks, groups), gap=0.0)
        assert (found.verdict, whole.verdict) == ("proven", "proven")
        assert found.objective == pytest.approx(whole.objective, rel=1e-7)
        assert found.bound == pytest.approx(whole.objective, rel=1e-7)


def test_it_finds_the_best_of_all_integers() -> None:
    """Beside a program of no integers for each of their combinations."""
    for seed in range(4):
        matrix, blocks = _draw(seed, may_fail=False)
        joined = _joined(matrix, blocks)
        costs = []
        for whole in itertools.product([0.0, 1.0], repeat=int(matrix.integer.sum())):
            lower, upper = joined.lower.copy(), joined.upper.copy()
            lower[joined.integer] = upper[joined.integer] = whole
            fixed = replace(joined, lower=lower, upper=upper, integer=np.zeros_like(joined.integer))
            costs.append(mixed_integer.minimise(fixed, gap=0.0).objective)
        assert minimise(_decomposed(matrix, blocks, 2), gap=0.0).objective == pytest.approx(min(costs), rel=1e-7)


def test_a_second_solve_starts_from_the_cuts_of_the_first() -> None:
    """As they hold whatever the plan costs."""
    matrix, blocks = _draw(3, may_fail=False)
    first = _decomposed(matrix, blocks, 2)
    minimise(first, gap=0.0)
    assert first.second_stage is not None
    known = len(first.second_stage.cuts)
    dearer = replace(first, cost=first.cost * np.where(first.integer, 1.01, 1.0))
    found = minimise(dearer, gap=0.0)
    anew = minimise(replace(dearer, second_stage=SecondStage(first.second_stage.groups)), gap=0.0)
    assert found.objective == pytest.approx(anew.objective, rel=1e-7)
    assert len(first.second_stage.cuts) - known < known


def test_where_no_plan_can_be_followed_it_says_so() -> None:
    """Demand above all capacity that is left."""
    matrix, blocks = _draw(1, may_fail=True)
    weight, block = blocks[0]
    more = np.where(np.isfinite(block.row_lower), block.row_lower * 100, block.row_lower)
    greedy = replace(block, row_lower=more, row_upper=np.where(np.isfinite(block.row_lower), more, block.row_upper))
    cut_off = replace(block, plan=_sparse(np.zeros(block.plan.shape)))  # which no plan can help: the cut has no column
    for hopeless in (greedy, cut_off):
        found = minimise(_decomposed(matrix, [(weight, hopeless), *blocks[1:]], 2), gap=0.0)
        assert (found.verdict, found.values) == ("infeasible", None)


def test_blocks_that_a_plan_does_not_meet_are_answered_by_the_loosest_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """At the costs that they find by themselves, and with cuts that hold at any other plan, in fewer solves."""
    solves: list[HeldProgram] = []
    solve = HeldProgram.solve

    def counted(held: HeldProgram) -> Numbers | None:
        solves.append(held)
        return solve(held)

    monkeypatch.setattr(HeldProgram, "solve", counted)
    saved = 0
    for seed in range(6):
        rng = np.random.default_rng(seed)
        _, blocks = _draw(seed, may_fail=False)
        first, size = blocks[0][1], blocks[0][1].plan.shape[1]
        alike = [replace(first, plan=block.plan) for _, block in blocks]
        apart = [replace(block, own=replace(block.own)) for block in alike]
        plan, other = (rng.integers(0, 2, size) * rng.uniform(0, 60, size) for _ in range(2))
        each = Subproblems(_second_stage(apart))
        solves.clear()
        found = Subproblems(_second_stage(alike)).follow(plan)
        saved += len(alike) - len(solves)
        assert found.values == pytest.approx(each.follow(plan).values, rel=1e-9)
        costs = each.follow(other).values
        for cut, cost in zip(found.cuts, costs, strict=True):
            assert cut.weights @ np.append(other[cut.columns[:-1]], cost) <= cut.most + 1e-7 * cost
    assert saved > 0


def _second_stage(blocks: list[Drawn]) -> SecondStage:
    size = blocks[0].plan.shape[1]
    return SecondStage([Group(size + number, 1.0, [Share(1.0, block)]) for number, block in enumerate(blocks)])


def test_its_relaxation_and_what_integers_cost_are_those_of_the_extensive_form() -> None:
    """And values hold that cost what they say, but not those that say less."""
    for seed in range(4):
        matrix, blocks = _draw(seed, may_fail=False)
        joined, parted = _joined(matrix, blocks), _decomposed(matrix, blocks, 2)
        relaxed = relax(parted, Deadline())
        assert relaxed.bound == pytest.approx(mixed_integer.relax(joined, Deadline()).bound, rel=1e-5)
        asked = np.where(parted.integer, 1.0, 0.0)
        best, whole = complete(parted, asked, Deadline()), np.where(joined.integer, 1.0, 0.0)
        known = mixed_integer.complete(joined, whole, Deadline())
        assert best is not None
        assert known is not None
        assert parted.cost @ best == pytest.approx(joined.cost @ known, rel=1e-5)
        assert holds(parted, best)
        assert not holds(parted, best - 0.01 * np.abs(best) * (np.arange(len(best)) >= len(matrix.cost)))
        assert complete(parted, 2.0 * asked, Deadline()) is None


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize(
    "risk",
    [
        None,
        Risk(measure="cvar", level=0.8, weight=0.5),
        Risk(measure="worst", weight=0.3),
        Risk(measure="regret", weight=0.5),
    ],
    ids=lambda risk: risk.measure if risk else "expected",
)
def test_a_plan_held_in_parts_costs_what_it_costs_as_one(
    seed: int, risk: Risk | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever is made small, and whether there is a plan at all."""
    asked, scenarios = a_case(seed)
    asked = asked.model_copy(update={"risk": risk})

    def least() -> float | None:
        try:
            return planned(asked, *scenarios).cost
        except NoPlan:
            return None

    whole = least()
    monkeypatch.setattr(two_stage, "MOST_ROWS", -1)
    assert least() == (None if whole is None else pytest.approx(whole, rel=1e-6))


def test_integers_that_no_plan_has_are_cut_off_until_some_have_one() -> None:
    """Of whole numbers alone, whose rows stand in the block: what relaxed ones showed of it does not say which do."""
    for seed in (7, 13, 37, 54):
        rng = np.random.default_rng(seed)
        size, rows = 4, 6
        none, free = np.zeros(size), np.full(rows, np.inf)
        matrix = Matrix(
            variables=[None] * size,
            cost=rng.uniform(1, 3, size).round(2),
            A=_sparse(np.ones((1, size))),
            row_lower=np.array([1.0]),
            row_upper=np.array([np.inf]),
            lower=none,
            upper=none + 6,
            integer=none == 0,
            squares=Squares.none(size),
        )
        block = Drawn(
            cost=np.ones(1),
            lower=np.zeros(1),
            upper=np.ones(1),
            own=_sparse(np.ones((rows, 1))),
            plan=_sparse(rng.integers(-2, 6, (rows, size)).astype(float)),
            row_lower=rng.uniform(5, 15, rows).round(1),
            row_upper=free,
        )
        whole = mixed_integer.minimise(_joined(matrix, [(1.0, block)]), gap=0.0)
        found = minimise(_decomposed(matrix, [(1.0, block)], 1), gap=0.0)
        assert found.verdict == whole.verdict
        assert found.objective == pytest.approx(whole.objective, rel=1e-7)
