"""The response of one part to any loss: one linear program that is held, and turned from loss to loss.

Its columns before the beginning of a loss are fixed at what the plan does, so that goods which are under way arrive;
rows of such columns alone are let go, as nothing in them can move. Every loss starts from a basis that follows from its
beginning and the stages that it hits, so that its answer does not depend on the losses that were asked for before it.

What is left unmet costs the shortage cost, or, where none is stated, more than covering it can cost; and a little more
the earlier it is, so that of two answers that leave as much unmet the one is taken that leaves it later. That is no
proof of how long all can be met, which is asked by itself.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from models.records.tolerances import RECOUNTED
from optimizer.programs.response_program import ResponseProgram
from optimizer.solver.held import HeldProgram

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from models.formulation.response import Response
    from models.market import PreparedMarket
    from models.market.borders import Pair
    from models.market.losses import Impact, Window
    from optimizer.results.plan_figures import PlanFigures
    from optimizer.solver.arrays import Matrix

    Numbers = NDArray[np.float64]
    Places = NDArray[np.int64]

_LATER = 1e-5
"""Share of its price by which unmet demand of the first period is dearer than that after the last."""


_SCARCE = 0.99
"""Share of what was planned at the stages that a loss hits, in the program from whose basis it starts: with a little
less than is needed, prices are those of shortage already, and the answer is a few steps away."""


_LARGE = 2_000
"""Rows from which such a program is worth while: in smaller ones steps cost next to nothing."""


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
    owed: Numbers
    """What is added to its cost where a loss hits it."""
    cost: Numbers
    """Currency a unit; of unmet demand without a stated shortage cost, nothing."""
    shortage: Numbers
    """The stated shortage cost of unmet demand; 0 of all other columns."""


class HeldResponse:
    """The responses of one part of a market to losses."""

    def __init__(self, market: PreparedMarket, planned: PlanFigures, response: Response) -> None:
        """Build the program over the offers that the plan uses."""
        self.materials = [record.material for record in market.materials]
        self._stage = {offer.offer: offer.stage for offer in market.offers}
        self._calm: Any = None
        """The basis of the response to nothing in the beginning at hand."""
        self._bases: dict[frozenset[str], Any] = {}
        self._program, self._planned = ResponseProgram(market, response), planned
        self._by_offer = self._find_calls()
        self._columns = self._describe(market)
        self._under_way = self._list_under_way()
        self._matrix = self._move_rows()
        self._objective = self._matrix.cost
        self._held = HeldProgram(self._matrix)
        self._begins = -1
        self._lower = self._upper = np.zeros(0)

    def respond(self, window: Window, taken: Impact, *, how_long: bool = True) -> Answer | None:
        """Return the best response to a loss that takes something; None where the solver does not find it."""
        self._begin(window.begins)
        start = self._start(frozenset(self._stage[offer] for offer, _ in taken.offers if offer in self._by_offer))
        places, upper, owed = self._turn(window, taken)
        turned = places[(upper > 0) & (owed != 0)]  # at what does not cost anything as it is 0, no cost need be turned
        self._held.set_bounds(places, self._lower[places], upper)
        self._held.set_costs(turned, (self._objective + self._columns.owed)[turned])
        self._held.start_from(start)
        values = self._held.solve()
        answer = None if values is None else self._read(values, places, owed)
        if values is not None and answer is not None and how_long:
            survives = [self._survives(number, window, values) for number in range(len(self.materials))]
            answer = answer._replace(survives=survives)
        self._held.set_bounds(places, self._lower[places], self._upper[places])
        self._held.set_costs(turned, self._objective[turned])
        return answer

    def _begin(self, begins: int) -> None:
        """Turn the program to a beginning, from the first one on, so that each starts from the one before it."""
        if begins < self._begins:
            self._begins, self._calm = -1, None
        for period in range(self._begins + 1, begins + 1):
            self._turn_to(period)
            self._held.start_from(self._calm)
            self._calm = None if self._held.solve() is None else self._held.basis
            self._bases.clear()

    def _turn_to(self, begins: int) -> None:
        """Fix what is past when a loss begins in a period, and let go the rows of it."""
        self._begins, columns = begins, self._columns
        past = columns.period < begins
        upper = columns.upper.copy()
        for place, leaves, units in self._under_way:
            upper[place] += units if leaves < begins <= columns.period[place] else 0.0
        upper[columns.period < begins + columns.notice] = 0.0
        self._lower = np.where(past, columns.planned, self._matrix.lower)
        self._upper = np.where(past, columns.planned, upper)
        gone = self._program.last_period < begins
        rows = np.arange(len(gone))
        self._held.set_bounds(np.arange(len(upper)), self._lower, self._upper)
        self._held.set_row_bounds(
            rows,
            np.where(gone, -np.inf, self._matrix.row_lower),
            np.where(gone, np.inf, self._matrix.row_upper),
        )

    def _start(self, stages: frozenset[str]) -> Any:
        """Return the basis from which losses start that hit some stages: a little less of what is planned there."""
        if self._matrix.A.shape[0] < _LARGE:
            return self._calm
        if stages not in self._bases:
            columns = self._columns
            scarce = np.flatnonzero((columns.period == self._begins) & np.isin(columns.stage, list(stages)))
            self._held.set_bounds(scarce, self._lower[scarce], _SCARCE * self._upper[scarce])
            self._held.start_from(self._calm)
            self._bases[stages] = None if self._held.solve() is None else self._held.basis
            self._held.set_bounds(scarce, self._lower[scarce], self._upper[scarce])
        return self._bases[stages]

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

    def _read(self, values: Numbers, places: Places, owed: Numbers) -> Answer:
        """Return what the values of a response say."""
        columns, size = self._columns, len(self.materials)
        changed = values - columns.planned
        true_cost = columns.cost.copy()
        true_cost[places] += owed

        def by_material(numbers: Numbers) -> Numbers:
            return np.bincount(columns.material, weights=numbers, minlength=size).astype(float)

        return Answer(
            unmet=self._unmet_of(values),
            survives=[None] * size,
            extra_cost=by_material(true_cost * changed),
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
            self._held.set_bounds(mine[asked], self._lower[mine[asked]], allowed[asked])
            if not self._held.is_feasible():
                survived = found - window.begins
                break
            values = self._held.values
        self._held.set_bounds(mine, self._lower[mine], self._upper[mine])
        return survived

    def _find_calls(self) -> dict[str, list[int]]:
        """Return where what is taken and called of an offer stands, by offer; and note the flows of each lane."""
        by_offer: dict[str, list[int]] = defaultdict(list)
        self._by_lane: dict[Pair, list[int]] = defaultdict(list)
        for place, (family, key) in enumerate(self._program.names):
            if family in {"taken", "called"}:
                by_offer[key[0]].append(place)
            elif family == "flow":
                self._by_lane[key[0], key[1]].append(place)
        return by_offer

    def _describe(self, market: PreparedMarket) -> _Columns:
        """Return what is known of every column, its links to the plan turned into numbers."""
        number = {material: place for place, material in enumerate(self.materials)}
        whose = {offer.offer: number[offer.material] for offer in market.offers}
        stated = {record.material: record.shortage_cost for record in market.materials}
        program, names = self._program, self._program.names
        matrix, size = program.matrix, len(names)
        upper, notice, owed = matrix.upper.copy(), np.zeros(size, dtype=np.int64), np.zeros(size)
        for link in program.links:
            place = program.place[link.column]
            notice[place], owed[place] = link.notice, link.owed
            is_late = link.column[0] == "written_off"  # of which nothing is under way before anything began
            upper[place] = 0.0 if is_late else min(upper[place], self._planned.add_up(link.figures))
        shortage, cost = np.zeros(size), matrix.cost.copy()
        for place, (family, key) in enumerate(names):
            if family == "unmet":
                shortage[place] = cost[place] = stated[key[1]] or 0.0
        return _Columns(
            family=np.array([family for family, _ in names]),
            period=program.period,
            material=np.array(
                [number[key[1]] if family in _AT_PLACES else whose[key[0]] for family, key in names],
                dtype=np.int64,
            ),
            planned=np.array([self._planned.value(family, key) for family, key in names], dtype=float),
            upper=upper,
            notice=notice,
            stage=np.array([self._stage[key[0]] if family == "taken" else "" for family, key in names]),
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


_AT_PLACES = {"unmet", "stock", "missing", "written_off"}
"""Families of which the second part of a key is a material; of all others the first is an offer."""
