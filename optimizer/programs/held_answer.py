r"""The best responses of a market to losses that begin in one period, as one linear program that is held.

Words: whatever a plan has signed, bought, stored and under way, how much of each demand must go unmet then.

Mathematics, over the figures f of the plan and the response x from the period on (`optimizer.programs.response_block`):

    z(f, u)  =  min sum of z_m,    unmet_m - z_m <= u_m,    z_m >= 0,    lower <= T f + W x <= upper,    0 <= x <= L f

A plan answers a loss with no more unmet than u just where z is 0. z is convex in f and u, and whatever duals are taken,
what they add up to lies below it; that this is not above 0 is the cut. It is made of the duals alone, so it is valid
whatever the solver is off by. A loss turns the bounds L f of what it hits, and nothing else.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, TypeVar

import numpy as np

from optimizer.programs.response_block import PlanColumns, ResponseBeginning
from optimizer.solver.arrays import Matrix, Sparse, Squares
from optimizer.solver.held import HeldProgram

K = TypeVar("K")

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from models.formulation.response import Name
    from models.market import Market
    from models.market.borders import Pair
    from models.market.losses import Trial
    from optimizer.programs.response_program import ResponseProgram

    Numbers = NDArray[np.float64]
    Places = NDArray[np.int64]
    Window = tuple[str, int, tuple[str, ...] | None]
    Columns = defaultdict[K, list[tuple[int, int]]]

_LESS = 1e-7
"""What a unit that is unmet costs beside one that is unmet beyond what may be, where materials share a response."""
_THEIRS = ("flow", "quantity", "unmet", "stock")
"""Families of a response whose columns are the plan's where they are past."""


class Figures(PlanColumns):
    """The figures of a plan that a response hangs on, in order, as if they were all its columns."""

    def __init__(self, program: ResponseProgram) -> None:
        """List them."""
        past = [name for name in program.names if name[0] in _THEIRS]
        linked = [figure for link in program.links for _, figure in link.figures]
        moving = [figure for shift in program.shifts for _, figure in shift.figures]
        self.place = {name: place for place, name in enumerate(dict.fromkeys((*past, *linked, *moving)))}
        self.market = program.market
        self.cost, self.period = np.zeros(len(self.place)), np.full(len(self.place), -1, dtype=np.int64)


class Cut(NamedTuple):
    """``weights @ figures <= most + sum of share * what may stay unmet`` of the materials of a trial."""

    weights: Numbers
    shares: dict[str, float]
    """By material; they add up to 1."""
    most: float


@dataclass(frozen=True, eq=False)
class _Parts:
    """The block of a response, with the links that bound single columns apart from its rows."""

    names: Sequence[Name]
    upper: Numbers
    own: Sparse
    plan: Sparse
    row_lower: Numbers
    row_upper: Numbers
    shifted: Places
    """Rows that move with figures of the plan; their upper ends are not below 0 but for rounding."""
    linked: Places
    """The column of each link."""
    links: Sparse
    most: Numbers
    """A link bounds its column by `most` less what the figures make of its row."""


class HeldAnswer:
    """The responses to losses that begin in one period."""

    def __init__(self, program: ResponseProgram, figures: Figures, begins: int) -> None:
        """Take the response from that period on apart."""
        self._market: Market = program.market
        self._parts = _take_apart(program, figures, begins)
        self._begins, self._periods = begins, list(program.market.years)
        self._orders, self._flows = self._find_orders()
        self._windows: dict[Window, int] = {}
        self._numbers = {material: number for number, material in enumerate(self._market.material)}
        self._matrix = self._with_windows()
        self._held: HeldProgram | None = None
        self._figures: Numbers | None = None
        self._upper = self._binding = np.zeros(0)
        self._duals: Numbers | None = None

    def expect(self, trials: Iterable[Trial]) -> None:
        """Take the demand that some trials count into the program, so that it need not be handed over for each."""
        asked = {_window(trial, name): None for trial in trials for name in trial.ends}
        new = [window for window in asked if window not in self._windows]
        if new:
            self._windows |= {window: len(self._windows) + number for number, window in enumerate(new)}
            self._matrix, self._held, self._figures = self._with_windows(), None, None

    def turn_to(self, figures: Numbers) -> None:
        """Turn the program to a plan, where it is not yet turned to it."""
        if self._figures is not None and np.array_equal(figures, self._figures):
            return
        self._figures, parts = figures.copy(), self._parts
        fixed, bounds = parts.plan @ figures, np.maximum(parts.most - parts.links @ figures, 0.0)
        upper = parts.row_upper - fixed
        upper[parts.shifted] = np.maximum(upper[parts.shifted], 0.0)
        self._upper, self._binding = self._matrix.upper.copy(), np.full(len(self._matrix.upper), -1)
        for link, (column, bound) in enumerate(zip(parts.linked.tolist(), bounds.tolist(), strict=True)):
            if bound <= self._upper[column]:
                self._upper[column], self._binding[column] = bound, link
        if self._held is None:
            self._held = HeldProgram(self._matrix)
        self._held.set_bounds(np.arange(len(self._upper)), self._matrix.lower, self._upper)
        self._held.set_row_bounds(np.arange(len(fixed)), parts.row_lower - fixed, upper)

    def find_unmet(self, trial: Trial, most: Mapping[str, float]) -> dict[str, float] | None:
        """Return what stays unmet of each material, as little beyond `most` as can be; None where none is found."""
        if len(trial.ends) == 1:
            found = self._solve(trial, dict.fromkeys(trial.ends, 0.0))
            return None if found is None else dict.fromkeys(trial.ends, found)
        unmet = {name: self._unmet_in(_window(trial, name)) for name in trial.ends}
        every = np.concatenate(list(unmet.values()))
        held = self._turned()
        held.set_costs(every, np.full(len(every), _LESS))
        found = self._solve(trial, most)
        values = None if found is None else held.values
        held.set_costs(every, np.zeros(len(every)))
        return None if values is None else {name: float(values[places].sum()) for name, places in unmet.items()}

    def is_hit(self, trial: Trial) -> bool:
        """Whether a loss takes anything that the plan at hand orders or may move."""
        columns, left = self._hit(trial)
        return bool((self._upper[columns] * (1 - left) > 0).any())

    def separate(self, trial: Trial, most: Mapping[str, float], near: float) -> Cut | None:
        """Return a cut where the loss leaves more unmet than `most` by more than `near` [quantity], if it does."""
        found = self._solve(trial, most)
        if found is None or found <= near or self._figures is None:
            return None
        cut = self._cut(trial)
        over = float(cut.weights @ self._figures) - cut.most - sum(part * most[who] for who, part in cut.shares.items())
        return cut if over > near / 2 else None

    def _turned(self) -> HeldProgram:
        assert self._held is not None  # noqa: S101 (it was turned to a plan before anything is asked)
        return self._held

    def _solve(self, trial: Trial, most: Mapping[str, float]) -> float | None:
        """Return the least sum of what is unmet beyond `most`; None where the solver does not find it."""
        held, (columns, left) = self._turned(), self._hit(trial)
        rows = np.array([len(self._parts.row_lower) + self._windows[_window(trial, name)] for name in trial.ends])
        free = np.full(len(rows), np.inf)
        held.set_bounds(columns, np.zeros(len(columns)), self._upper[columns] * left)
        held.set_row_bounds(rows, -free, np.array([max(0.0, most[name]) for name in trial.ends]))
        found = held.minimum()
        self._duals = held.duals if found else None
        held.set_bounds(columns, np.zeros(len(columns)), self._upper[columns])
        held.set_row_bounds(rows, -free, free)
        return None if found is None else max(0.0, found)

    def _cut(self, trial: Trial) -> Cut:
        """Return the cut of the last duals."""
        parts, matrix, duals = self._parts, self._matrix, self._duals
        assert duals is not None  # noqa: S101 (they are there where more is unmet than may be)
        start = len(parts.row_lower)
        rows = {name: start + self._windows[_window(trial, name)] for name in trial.ends}
        of_rows = duals[:start].copy()
        of_rows[(of_rows > 0) & np.isinf(parts.row_lower)] = 0.0
        of_rows[(of_rows < 0) & np.isinf(parts.row_upper)] = 0.0
        shares = {name: max(0.0, -float(duals[row])) for name, row in rows.items()}
        every = np.zeros(len(duals))
        every[:start] = of_rows
        every[list(rows.values())] = [-share for share in shares.values()]
        priced = np.bincount(
            matrix.A.indices, weights=matrix.A.data * every[matrix.A.row_of_entry], minlength=len(matrix.cost)
        )
        reduced = np.minimum(matrix.cost - priced, 0.0)
        columns, left = self._hit(trial)
        reduced[columns] *= left
        linked = (reduced < 0) & (self._binding >= 0)
        stated = (reduced < 0) & (self._binding < 0) & np.isfinite(self._upper)
        of_links = np.bincount(self._binding[linked], weights=reduced[linked], minlength=len(parts.linked)).astype(
            float
        )
        ends = np.where(of_rows > 0, parts.row_lower, parts.row_upper)
        constant = float(of_rows[of_rows != 0] @ ends[of_rows != 0] + reduced[stated] @ self._upper[stated])
        constant += float(of_links @ parts.most)
        weights = -_weighed(parts.plan, of_rows) - _weighed(parts.links, of_links)
        whole = sum(shares.values()) or 1.0
        return Cut(weights / whole, {name: share / whole for name, share in shares.items()}, -constant / whole)

    def _hit(self, trial: Trial) -> tuple[Places, Numbers]:
        """Return the columns whose bounds a loss turns, and the share that it leaves of them."""
        periods = range(trial.begins, trial.begins + trial.lasts)
        found = {
            column: 1.0 - lost
            for offer, lost in trial.impact.offers
            for period, column in self._orders.get(offer, ())
            if period in periods
        }
        for pair in trial.impact.lanes:
            found |= {column: 0.0 for period, column in self._flows.get(pair, ()) if period in periods}
        return np.fromiter(found, dtype=np.int64, count=len(found)), np.array(list(found.values()), dtype=float)

    def _find_orders(self) -> tuple[Columns[str], Columns[Pair]]:
        """Return (period, column) of what is taken, called and drawn of each offer, and of the flows of each lane."""
        position = {period: place for place, period in enumerate(self._periods)}
        orders: Columns[str] = defaultdict(list)
        flows: Columns[Pair] = defaultdict(list)
        for column, (family, key) in enumerate(self._parts.names):
            if family in {"taken", "called", "drawn"}:
                orders[key[0]].append((position[key[-1]], column))
            elif family == "flow":
                flows[key[0], key[1]].append((position[key[-1]], column))
        return orders, flows

    def _unmet_in(self, window: Window) -> Places:
        """Return the columns of what is unmet of the demand that counts."""
        material, end, sites = window
        counted = self._periods[self._begins : end]
        return np.array(
            [
                column
                for column, (family, key) in enumerate(self._parts.names)
                if family == "unmet" and key[1] == material and key[2] in counted and (sites is None or key[0] in sites)
            ],
            dtype=np.int64,
        )

    def _with_windows(self) -> Matrix:
        """Return the arrays of the response, with a row for all demand that any trial counts, which is free as yet."""
        parts, start = self._parts, len(self._parts.names)
        columns = start + len(self._numbers)
        entries = [(row, column, 1.0) for w, row in self._windows.items() for column in self._unmet_in(w).tolist()]
        entries += [(row, start + self._numbers[window[0]], -1.0) for window, row in self._windows.items()]
        rows, places, data = (
            (np.array(part) for part in zip(*entries, strict=True)) if entries else (_NONE, _NONE, _NONE)
        )
        shape, free = (len(self._windows), columns), np.full(len(self._windows), np.inf)
        counted = Sparse.summed(shape, rows.astype(np.int64), places.astype(np.int64), data.astype(float))
        own = Sparse((parts.own.shape[0], columns), parts.own.indptr, parts.own.indices, parts.own.data)
        beyond = np.ones(len(self._numbers))
        return Matrix(
            variables=[],
            cost=np.append(np.zeros(start), beyond),
            A=own.over(counted),
            row_lower=np.append(parts.row_lower, -free),
            row_upper=np.append(parts.row_upper, free),
            lower=np.zeros(columns),
            upper=np.append(parts.upper, beyond * np.inf),
            integer=np.zeros(columns, dtype=bool),
            squares=Squares.none(columns),
        )


_NONE = np.zeros(0)


def _window(trial: Trial, material: str) -> Window:
    return material, trial.ends[material], trial.sites


def _take_apart(program: ResponseProgram, figures: Figures, begins: int) -> _Parts:
    """Return the block of a response with its links apart."""
    block = ResponseBeginning(program, figures, begins).block()
    links = np.array([name.startswith("link ") for name, _ in block.rows], dtype=bool)
    moved = {(shift.family, shift.key) for shift in program.shifts}
    kept = np.flatnonzero(~links)
    return _Parts(
        names=block.names,
        upper=block.upper,
        own=_some(block.own, kept),
        plan=_some(block.plan, kept),
        row_lower=block.row_lower[kept],
        row_upper=block.row_upper[kept],
        shifted=np.flatnonzero([block.rows[row] in moved for row in kept.tolist()]),
        linked=_some(block.own, np.flatnonzero(links)).indices,
        links=_some(block.plan, np.flatnonzero(links)),
        most=block.row_upper[links],
    )


def _some(sparse: Sparse, rows: Places) -> Sparse:
    """Return some rows of a matrix."""
    row, places = sparse.of_rows(rows)
    return Sparse.summed((len(rows), sparse.shape[1]), row, sparse.indices[places], sparse.data[places])


def _weighed(sparse: Sparse, weights: Numbers) -> Numbers:
    """Return the sum of the rows of a matrix, each times its weight."""
    data = sparse.data * weights[sparse.row_of_entry]
    return np.bincount(sparse.indices, weights=data, minlength=sparse.shape[1]).astype(float)
