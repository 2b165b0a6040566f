"""The response of one part to any loss: one linear program that is held, and turned from loss to loss.

The solver holds what begins with the loss; what the plan did before is a number by which rows move, so that goods which
are under way arrive. Every loss starts from a basis that follows from its beginning and from how much it takes of which
stages, so that its answer does not depend on the losses that were asked for before it.

What is left unmet costs the shortage cost, or, where none is stated, more than covering it can cost; and a little more
the earlier it is, so that of two answers that leave as much unmet the one is taken that leaves it later. That is no
proof of how long all can be met, which is asked by itself.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from models.records.tolerances import RECOUNTED, SAME_SUM
from optimizer.programs.response_program import ResponseProgram
from optimizer.solver.arrays import Squares
from optimizer.solver.held import HeldProgram

if TYPE_CHECKING:
    from collections.abc import Collection

    from numpy.typing import NDArray

    from models.formulation.response import Response
    from models.limits import Limit
    from models.market import PreparedMarket
    from models.market.borders import Pair
    from models.market.losses import Impact, Window
    from optimizer.results.plan_figures import PlanFigures
    from optimizer.solver.arrays import Matrix

    Numbers = NDArray[np.float64]
    Places = NDArray[np.int64]

_LATER = 1e-5
"""Share of its price by which unmet demand of the first period is dearer than that after the last."""


_STEP = 3.0
"""A loss starts from where as much is missing at its stages, to a power of this: then prices are those of shortage
already, and the answer is a few steps away."""


_LARGE = 2_000
"""Columns from which that is worth while: in smaller programs steps cost next to nothing."""


class Answer(NamedTuple):
    """The best response to a loss; rows are materials of the part, in their order."""

    unmet: Numbers
    """Units by material and period."""
    survives: list[int | None]
    """As in `MaterialLost`."""
    extra_cost: Numbers
    shortage_cost: Numbers
    written_off: Numbers
    missing: Numbers


@dataclass(frozen=True, eq=False)
class _Columns:
    """What is known of every column, one number each."""

    family: NDArray[np.str_]
    period: Places
    """The period that it belongs to: of a flow that in which it leaves."""
    material: Places
    planned: Numbers
    """What the plan makes of it."""
    upper: Numbers
    """At most, where nothing is lost."""
    notice: Places
    """Periods that must have passed since the loss began."""
    stage: NDArray[np.str_]
    """The stage of what is taken; nothing of all other columns."""
    firm: Numbers
    """What is paid for a unit of a firm order, taken or not, as far as a loss leaves it; 0 of all other columns."""
    owed: Numbers
    """What is added to its cost where a loss hits it."""
    cost: Numbers
    """Currency a unit; of unmet demand without a stated shortage cost, nothing."""
    shortage: Numbers
    """The stated shortage cost of unmet demand; 0 of all other columns."""


class HeldResponse:
    """The responses of one part of a market to losses."""

    def __init__(
        self, market: PreparedMarket, planned: PlanFigures, response: Response, limits: Collection[Limit] = ()
    ) -> None:
        """Build the program over the offers that the plan uses, within limits that hold in responses."""
        self.materials = [record.material for record in market.materials]
        self._stage = {offer.offer: offer.stage for offer in market.offers}
        self._calm: Any = None
        """The basis of the response to nothing in the beginning at hand."""
        self._bases: dict[tuple[frozenset[str], int, int], Any] = {}
        self._program, self._planned = ResponseProgram(market, response, limits), planned
        self._by_offer = self._find_calls()
        self._columns = self._describe(market)
        self._under_way = self._list_under_way()
        self._matrix = self._move_rows()
        self._objective = self._matrix.cost
        self._begins = -1

    def respond(self, window: Window, taken: Impact, *, how_long: bool = True) -> Answer | None:
        """Return the best response to a loss that takes something; None where the solver does not find it."""
        self._begin(window.begins)
        places, upper, owed = self._turn(window, taken)
        start = self._start(window, places, upper)
        turned = places[(upper > 0) & (owed != 0)]  # at what does not cost anything as it is 0, no cost need be turned
        self._bound(places, self._lower[places], upper)
        self._charge(turned, (self._objective + self._columns.owed)[turned])
        self._held.start_from(start)
        found, answer = self._held.solve(), None
        if found is not None:
            values = self._all(found)
            answer = self._read(values, places, owed, upper)
        if answer is not None and how_long:
            survives = [self._survives(number, window, values) for number in range(len(self.materials))]
            answer = answer._replace(survives=survives)
        self._bound(places, self._lower[places], self._upper[places])
        self._charge(turned, self._objective[turned])
        return answer

    def _begin(self, begins: int) -> None:
        """Hand the program from a period on to the solver, unless it holds that already."""
        if begins == self._begins:
            return
        self._begins, columns = begins, self._columns
        now = columns.period >= begins
        self._now, self._own = np.flatnonzero(now), np.cumsum(now) - 1
        upper = columns.upper.copy()
        for place, leaves, units in self._under_way:
            upper[place] += units if leaves < begins <= columns.period[place] else 0.0
        upper[columns.period < begins + columns.notice] = 0.0
        self._lower, self._upper = self._matrix.lower, upper
        self._held = HeldProgram(self._from(begins))
        self._calm = None if self._held.solve() is None else self._held.basis
        self._bases.clear()

    def _from(self, begins: int) -> Matrix:
        """Return the arrays from a period on: what the plan did before is a number by which rows move."""
        matrix, now = self._matrix, self._now
        rows = np.flatnonzero(self._program.last_period >= begins)
        past = matrix.A @ np.where(self._columns.period < begins, self._columns.planned, 0.0)
        return replace(
            matrix,
            cost=matrix.cost[now],
            A=matrix.A.among(rows, now),
            row_lower=(matrix.row_lower - past)[rows],
            row_upper=(matrix.row_upper - past)[rows],
            lower=self._lower[now],
            upper=self._upper[now],
            integer=matrix.integer[now],
            squares=Squares.none(len(now)),
        )

    def _bound(self, places: Places, lower: Numbers, upper: Numbers) -> None:
        """Set the bounds of some columns, none of which is past."""
        self._held.set_bounds(self._own[places], lower, upper)

    def _charge(self, places: Places, cost: Numbers) -> None:
        """Set the costs of some columns, none of which is past."""
        self._held.set_costs(self._own[places], cost)

    def _all(self, values: Numbers) -> Numbers:
        """Return values of all columns: what is past is the plan's."""
        found = self._columns.planned.copy()
        found[self._now] = values
        return found

    def _start(self, window: Window, places: Places, upper: Numbers) -> Any:
        """Return the basis from which a loss starts: of as much less of everything at the stages that it hits."""
        columns = self._columns
        stages = frozenset(columns.stage[places]) - {""}
        within = (columns.period >= window.begins) & (columns.period < window.begins + window.lasts)
        scarce = np.flatnonzero(within & np.isin(columns.stage, list(stages)))
        taken = np.isin(places, scarce)
        lost, whole = float((self._upper[places] - upper)[taken].sum()), float(self._upper[scarce].sum())
        if len(self._now) < _LARGE or lost <= 0:
            return self._calm
        power = min(-1, round(math.log(lost / whole, _STEP)))
        known = stages, window.lasts, power
        if known not in self._bases:
            self._bound(scarce, self._lower[scarce], (1.0 - _STEP**power) * self._upper[scarce])
            self._held.start_from(self._calm)
            self._bases[known] = None if self._held.solve() is None else self._held.basis
            self._bound(scarce, self._lower[scarce], self._upper[scarce])
        return self._bases[known]

    def _hit(self, window: Window, taken: Impact) -> tuple[Places, Numbers, Numbers]:
        """Return the columns that a loss bounds, what they are at most, and what is added to their costs."""
        periods = range(window.begins, window.begins + window.lasts)
        places, left = [], []
        for offer, lost in taken.offers:
            for place in self._by_offer.get(offer, ()):
                if self._columns.period[place] in periods:
                    places.append(place)
                    left.append(1.0 - lost)
        for pair in taken.lanes:
            for place in self._by_lane.get(pair, ()):
                if self._columns.period[place] in periods:
                    places.append(place)
                    left.append(0.0)
        where = np.array(places, dtype=np.int64)
        return where, self._columns.upper[where] * np.array(left), self._columns.owed[where]

    def _turn(self, window: Window, taken: Impact) -> tuple[Places, Numbers, Numbers]:
        """Return the columns that a loss bounds, their upper bounds meanwhile, and what is added to their costs."""
        places, upper, owed = self._hit(window, taken)
        return places, np.minimum(upper, self._upper[places]), owed

    def _read(self, values: Numbers, places: Places, owed: Numbers, left: Numbers) -> Answer:
        """Return what the values of a response say; of a firm order what is lost is not paid.

        An extra cost that is no more than the last digit of what is paid is none.
        """
        columns, size = self._columns, len(self.materials)
        changed = values - columns.planned
        true_cost = columns.cost.copy()
        true_cost[places] += owed
        extra = true_cost * changed
        extra[places] -= columns.firm[places] * (columns.planned[places] - left)

        def by_material(numbers: Numbers) -> Numbers:
            return np.bincount(columns.material, weights=numbers, minlength=size).astype(float)

        paid = by_material(np.abs(true_cost) * (np.abs(values) + np.abs(columns.planned)))
        more = by_material(extra)
        return Answer(
            unmet=self._unmet_of(values),
            survives=[None] * size,
            extra_cost=np.where(np.abs(more) > SAME_SUM * paid, more, 0.0),
            shortage_cost=by_material(columns.shortage * changed),
            written_off=by_material(np.where(columns.family == "written_off", values, 0.0)),
            missing=by_material(np.where(columns.family == "missing", values, 0.0)),
        )

    def _unmet_of(self, values: Numbers) -> Numbers:
        columns = self._columns
        unmet = columns.family == "unmet"
        periods = len(self._program.position)
        places = columns.material[unmet] * periods + columns.period[unmet]
        added = np.bincount(places, weights=values[unmet], minlength=len(self.materials) * periods)
        return added.astype(float).reshape(len(self.materials), periods)

    def _survives(self, number: int, window: Window, values: Numbers) -> int | None:
        """Return in how many periods all can be met that the plan meets; None where that is to the end.

        The response at hand shows some; each further one is asked for by itself.
        """
        columns = self._columns
        mine = np.flatnonzero((columns.family == "unmet") & (columns.material == number))
        mine = mine[columns.period[mine] >= window.begins]
        allowed, demand = np.minimum(columns.planned[mine], self._upper[mine]), columns.upper[mine]
        survived, found = None, window.begins - 1
        while True:
            short = values[mine] > allowed + RECOUNTED * demand
            later = columns.period[mine[short]]
            later = later[later > found]
            if not later.size:
                break
            found = int(later.min())
            asked = columns.period[mine] <= found
            self._bound(mine[asked], self._lower[mine[asked]], allowed[asked])
            if not self._held.is_feasible():
                survived = found - window.begins
                break
            values = self._all(self._held.values)
        self._bound(mine, self._lower[mine], self._upper[mine])
        return survived

    def _find_calls(self) -> dict[str, list[int]]:
        """Return where what is taken and called of an offer stands, by offer; and note the flows of each lane."""
        by_offer: dict[str, list[int]] = defaultdict(list)
        self._by_lane: dict[Pair, list[int]] = defaultdict(list)
        for place, (family, key) in enumerate(self._program.names):
            if family in {"taken", "called", "drawn"}:
                by_offer[key[0]].append(place)
            elif family == "flow":
                self._by_lane[key[0], key[1]].append(place)
        return by_offer

    def _describe(self, market: PreparedMarket) -> _Columns:
        """Return what is known of every column, its links to the plan turned into numbers."""
        number = {material: place for place, material in enumerate(self.materials)}
        whose = {offer.offer: number[offer.material] for offer in market.offers}
        program, names = self._program, self._program.names
        matrix, size = program.matrix, len(names)
        upper, notice, owed = matrix.upper.copy(), np.zeros(size, dtype=np.int64), np.zeros(size)
        for link in program.links:
            place = program.place[link.column]
            notice[place], owed[place] = link.notice, link.owed
            is_late = link.column[0] == "written_off"  # of which nothing is under way before anything began
            upper[place] = link.constant if is_late else min(upper[place], self._planned.add_up(link.figures))
        firm = np.zeros(size)
        for charge in program.charges:
            if charge.where_hit == "left":
                firm[program.place["taken", charge.figure[1]]] = charge.price
        shortage, cost = np.zeros(size), matrix.cost.copy()
        for place, (family, key) in enumerate(names):
            if family == "unmet":
                shortage[place] = cost[place] = market.shortage_cost(*key) or 0.0
        return _Columns(
            family=np.array([family for family, _ in names]),
            period=program.period,
            material=np.array(
                [number[key[_NAMES_MATERIAL[f]]] if f in _NAMES_MATERIAL else whose[key[0]] for f, key in names],
                dtype=np.int64,
            ),
            planned=np.array([self._planned.value(family, key) for family, key in names], dtype=float),
            upper=upper,
            notice=notice,
            stage=np.array([self._stage[key[0]] if family == "taken" else "" for family, key in names]),
            firm=firm,
            owed=owed,
            cost=cost,
            shortage=shortage,
        )

    def _list_under_way(self) -> list[tuple[int, int, float]]:
        """Return (column that writes off, period of leaving, units) of each flow that takes some periods to arrive."""
        program = self._program
        return [
            (program.place[link.column], program.position[figure[1][2]], factor * self._planned.value(*figure))
            for link in program.links
            if link.column[0] == "written_off"
            for factor, figure in link.figures
        ]

    def _move_rows(self) -> Matrix:
        """Return the arrays with rows moved by figures of the plan, and what is unmet dearer the earlier it is."""
        program = self._program
        upper = program.matrix.row_upper.copy()
        for shift in program.shifts:
            place = program.place_of_row[shift.family, shift.key]
            upper[place] = max(0.0, upper[place] + self._planned.add_up(shift.figures))
        periods = len(program.position)
        earlier = np.where(self._columns.family == "unmet", (periods - self._columns.period) / periods, 0.0)
        return replace(
            program.matrix,
            variables=[],
            upper=self._columns.upper,
            row_upper=upper,
            cost=program.matrix.cost * (1 + _LATER * earlier),
        )


_NAMES_MATERIAL = {"supplied": 0} | dict.fromkeys(("unmet", "stock", "missing", "written_off", "excess"), 1)
"""Which part of a key is a material, by family; of all others the first is an offer."""
