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

Blocks of one matrix are a task: a pure function of the plan and of the basis from which their loosest program starts,
which is that of the plan before. So the cuts are the same to the last bit whoever solves them. A journal holds what
follows each plan, by the plans that were tried before it: a search that was stopped tries the same ones, and solves no
block again.
"""

from __future__ import annotations

import hashlib
import math
from dataclasses import replace
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from optimizer import __version__
from optimizer.errors import SolverFailure
from optimizer.solver.arrays import Ceiling, Matrix, Sparse, Squares, program_of
from optimizer.solver.benders.bounded import Bounded, find_loosest, solve
from optimizer.solver.held import HeldProgram
from optimizer.versions import version_of
from optimizer.work.journal import key_of
from optimizer.work.task import SharedState, Task
from optimizer.work.workers import SerialExecutor

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from optimizer.solver.arrays import Basis, Group, SecondStage, Share

    Numbers = NDArray[np.float64]

_SLIGHT = 1e-12
"""Part of the largest weight of a cut below which a weight is rounding."""


_TOGETHER = 100
"""Blocks of a task at most: a tenth of a second or less."""


class Followed(NamedTuple):
    """What follows a plan."""

    values: Numbers
    """Of the column of each group; infinite where a block has no solution."""
    cuts: list[Ceiling]
    bases: list[Basis | None]
    """Of each piece, where its loosest program starts for the next plan."""


class BlocksAsked(NamedTuple):
    """What is asked of some blocks of one matrix."""

    piece: int
    plan: Numbers
    basis: Basis | None
    """Where their loosest program starts; None = from nothing."""


class GroupOutcome(NamedTuple):
    """What some blocks of a group come to."""

    group: int
    cost: float
    """Of those that have a solution, each by its weight [currency]."""
    slope: Numbers
    """By how much this changes with each column of the plan at least."""
    broken: list[Ceiling]
    """A cut for each block that has none."""


class PieceOutcome(NamedTuple):
    """What follows a plan in some blocks of one matrix."""

    groups: list[GroupOutcome]
    basis: Basis | None
    """Of their loosest program."""


class HeldBlocks:
    """The blocks of a second stage in pieces of one matrix each, which a solver holds once it is asked for."""

    def __init__(self, groups: Sequence[Group]) -> None:
        """Take the groups apart."""
        alike: dict[int, list[tuple[int, Share]]] = {}
        for number, group in enumerate(groups):
            for share in group.blocks:
                alike.setdefault(id(share.block.own), []).append((number, share))
        self._pieces = [
            some[first : first + _TOGETHER] for some in alike.values() for first in range(0, len(some), _TOGETHER)
        ]
        self._held: dict[int, HeldProgram] = {}
        self._elastic: dict[int, HeldProgram] = {}

    def __getstate__(self) -> dict[str, Any]:
        """Return what travels, which no solver does."""
        return self.__dict__ | {"_held": {}, "_elastic": {}}

    def __len__(self) -> int:
        """Return how many pieces there are."""
        return len(self._pieces)

    def follow(self, asked: BlocksAsked) -> PieceOutcome:
        """Return what follows a plan in a piece, whatever was asked before."""
        members = self._pieces[asked.piece]
        programs = [Bounded.of(share.block, asked.plan) for _, share in members]
        held = self._hold(asked.piece)
        held.start_from(asked.basis)
        loosest = solve(held, find_loosest(programs))
        basis = None if loosest is None else held.basis_record
        found: dict[int, GroupOutcome] = {}
        for (group, share), program in zip(members, programs, strict=True):
            so_far = found.setdefault(group, GroupOutcome(group, 0.0, np.zeros(len(asked.plan)), []))
            solved = loosest
            if solved is None or not solved.answers(program):
                solved = solve(held, program)
            if solved is None:
                so_far.broken.append(self._forbid(asked.piece, program, asked.plan))
                continue
            slope = so_far.slope - share.weight * _times(solved.duals, share.block.plan)
            found[group] = so_far._replace(cost=so_far.cost + share.weight * solved.cost, slope=slope)
        return PieceOutcome(list(found.values()), basis)

    def _hold(self, piece: int) -> HeldProgram:
        if piece not in self._held:
            self._held[piece] = HeldProgram(program_of(self._pieces[piece][0][1].block))
        return self._held[piece]

    def _forbid(self, piece: int, program: Bounded, plan: Numbers) -> Ceiling:
        """Return the cut that a plan breaks to which a block has no solution."""
        if piece not in self._elastic:
            self._elastic[piece] = HeldProgram(_loosen(program_of(self._pieces[piece][0][1].block)))
        self._elastic[piece].start_from()
        solved = solve(self._elastic[piece], program.loosened(2 * len(program.row_lower)))
        if solved is None:
            msg = "highs finds no response to a plan, nor why there is none; tell the authors"
            raise SolverFailure(msg)
        slope = -_times(solved.duals, program.block.plan)
        return _ceiling(slope, float(slope @ plan) - solved.cost)


def follow_piece(blocks: HeldBlocks, asked: BlocksAsked) -> PieceOutcome:
    """Return what follows a plan in some blocks of one matrix; a task."""
    return blocks.follow(asked)


class Subproblems:
    """What follows plans, solved by the runner of a second stage or in this process."""

    def __init__(self, second_stage: SecondStage) -> None:
        """Hold the blocks as they come up."""
        self._groups, self._runner = second_stage.groups, second_stage.runner
        self._blocks = HeldBlocks(second_stage.groups)
        self._bases: list[Basis | None] = [None] * len(self._blocks)
        is_kept = self._runner is not None and self._runner.journal is not None
        self._key = key_of("follow", digest_of(self._groups)) if is_kept else ""

    def follow(self, plan: Numbers, look: Callable[[], None] = lambda: None) -> Followed:
        """Return what follows a plan; of a group with blocks that have no solution, one cut for each of these.

        `look` is called before each piece; what it raises ends the work.
        """
        if self._runner is None or not self._key:
            found = self._follow(plan, look)
        else:
            self._key = key_of(self._key, hashlib.sha256(plan.tobytes()).hexdigest())
            known = self._runner.recall(self._key)
            found = self._follow(plan, look) if known is None else known
            if known is None:
                self._runner.keep(self._key, found)
        self._bases = found.bases
        return found

    def _follow(self, plan: Numbers, look: Callable[[], None]) -> Followed:
        asked = [BlocksAsked(piece, plan, basis) for piece, basis in enumerate(self._bases)]
        found = self._ask(asked, look)
        costs, slopes = np.zeros(len(self._groups)), np.zeros((len(self._groups), len(plan)))
        broken: list[list[Ceiling]] = [[] for _ in self._groups]
        for one in chain.from_iterable(piece.groups for piece in found):
            costs[one.group] += one.cost
            slopes[one.group] += one.slope
            broken[one.group] += one.broken
        values, cuts = [], []
        for group, cost, slope, forbidden in zip(self._groups, costs.tolist(), slopes, broken, strict=True):
            value, cut = cost / group.unit, slope / group.unit
            values.append(math.inf if forbidden else value)
            cuts.extend(forbidden or [_ceiling(cut, float(cut @ plan) - value, group.column)])
        return Followed(np.array(values), cuts, [piece.basis for piece in found])

    def _ask(self, asked: Sequence[BlocksAsked], look: Callable[[], None]) -> list[PieceOutcome]:
        """Return the answers, in their order."""
        found: dict[int, PieceOutcome] = {}
        if self._runner is None or isinstance(self._runner.workers, SerialExecutor):
            for one in asked:
                look()
                found[one.piece] = follow_piece(self._blocks, one)
        else:
            tasks = [Task(one, "", f"the responses of piece {one.piece + 1} to a plan") for one in asked]
            for task, answer in self._runner.answers(follow_piece, self._shared, tasks):
                look()
                found[task.own.piece] = answer
        return [found[one.piece] for one in asked]

    @cached_property
    def _shared(self) -> SharedState:
        """The blocks, as they travel."""
        return SharedState(self._blocks)


def digest_of(groups: Sequence[Group]) -> str:
    """Return a digest of all that what follows a plan hangs on, beside the plan."""
    digest, matrices = hashlib.sha256(f"{__version__} {version_of('highspy')}".encode()), dict[int, int]()
    for group in groups:
        for weight, block in group.blocks:
            if id(block.own) not in matrices:
                matrices[id(block.own)] = len(matrices)
                _add_matrix(digest, block.own)
            _add_matrix(digest, block.plan)
            for numbers in (block.cost, block.lower, block.upper, block.row_lower, block.row_upper):
                digest.update(numbers.tobytes())
            digest.update(f"{group.column} {group.unit} {weight} {matrices[id(block.own)]}".encode())
    return digest.hexdigest()


def _add_matrix(digest: hashlib._Hash, matrix: Sparse) -> None:
    for part in (matrix.indptr, matrix.indices, matrix.data):
        digest.update(part.tobytes())


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
