"""Limits on what survives a loss, asked of a plan in their own words: the independent response of `tests/stress`.

The least cost under them is asked of the plan and all its responses as one program, where no cut stands for any.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from models.enforcement import prepare
from models.formulation.response import Response, UnitPrice
from models.market.network import Network
from optimizer.programs.program import Program
from optimizer.programs.response_block import PlanColumns, ResponseBeginning
from optimizer.programs.response_program import ResponseProgram
from optimizer.solver.arrays import Matrix, Sparse, Squares
from optimizer.solver.mixed_integer import minimise
from tests.stress.oracle import Responding

if TYPE_CHECKING:
    from models.enforcement import EnforcedInstance
    from models.limits.survival_floor import SurvivalFloor
    from models.limits.time_to_survive_floor import TimeToSurviveFloor
    from models.market.losses import Trial
    from optimizer.results.account import Account


class OracleOfFloors:
    """What stays covered in a plan of one material, loss by loss of each offer; by (offer, first period)."""

    def __init__(self, account: Account) -> None:
        self.account, self.periods = account, list(account.market.years)

    def _survival_floor(self, limit: SurvivalFloor) -> dict[tuple[str, str], float]:
        late = max(self._lead_times(), default=0)
        found = {}
        for begins in range(len(self.periods) - limit.lasts + 1):
            window = self.periods[begins : begins + limit.lasts + late]
            need = self.account.market.demand_of("ore", window)
            for offer in self.account.market.offers if need else ():
                found[offer.offer, self.periods[begins]] = (
                    1 - self._unmet(offer.offer, begins, limit.lasts, window) / need
                )
        return found

    def _time_to_survive_floor(self, limit: TimeToSurviveFloor) -> dict[tuple[str, str], float]:
        found: dict[tuple[str, str], float] = {}
        for begins, period in enumerate(self.periods):
            left = len(self.periods) - begins
            for offer in self.account.market.offers:
                counts = [
                    count
                    for count in range(1, left + 1)
                    if self._unmet(offer.offer, begins, limit.lasts or left, self.periods[begins : begins + count])
                    < 1e-6
                ]
                most = max(counts, default=0)
                found[offer.offer, period] = max(most, limit.min_periods) if most == left else most
        return found

    def _unmet(self, offer: str, begins: int, lasts: int, window: list[str]) -> float:
        """Return the least that goes unmet within a window, in a program that costs nothing but that."""
        other = self.respond(offer, begins, lasts)
        other.lp.cost = [0.0] * len(other.lp.cost)
        for period, column in other.unmet.items():
            other.lp.cost[column] = 1.0 if period in window else 0.0
        found = other.lp.solve()
        assert found is not None
        return found[0]

    def respond(self, offer: str, begins: int, lasts: int) -> Responding:
        """Return the response to the loss of an offer."""
        return Responding(self.account, begins, lasts, {offer: 1.0})

    def _lead_times(self) -> list[int]:
        """Return the lead times of all ways to the plant, over a works or not."""
        lanes = {pair: way.lead_time for pair, way in self.account.network.lanes.items()}
        first = {
            destination: max(late for (_, other), late in lanes.items() if other == destination)
            for _, destination in lanes
        }
        return [late + first.get(origin, 0) for (origin, destination), late in lanes.items() if destination == "plant"]


def least_cost(asked: EnforcedInstance) -> float | None:
    """Return the least cost under the limit of an instance, which loses something, as one program; None = no plan."""
    limit: Any = asked.limits[0]
    free, market = Program(asked), prepare(asked)
    columns = PlanColumns(list(free.columns), free.matrix.cost, market)
    terms = {offer.offer: market.short_notice(offer.offer) for offer in market.offers}
    prices = {key: UnitPrice() for key in free.m.quantities}
    program = ResponseProgram(market, Response(terms, prices, 0.0, {"ore": 0.0}))
    whole = replace(free.matrix, recourse=None)
    for tried in limit.list_tried(free.m.exposure, Network(market)):
        demand = tried.trial.demand(market, "ore")
        whole = _with_response(whole, program, columns, tried.trial, limit.unmet_at_most(limit.level, demand))
    found = minimise(whole, gap=0.0)
    return None if found.values is None else found.objective


def _with_response(whole: Matrix, program: ResponseProgram, columns: PlanColumns, trial: Trial, most: float) -> Matrix:
    """Return a program with one response more below it, and what may stay unmet in that."""
    periods = list(program.market.years)
    hit = periods[trial.begins : trial.begins + trial.lasts]
    block = ResponseBeginning(program, columns, trial.begins).block(
        {(offer, period): lost for offer, lost in trial.impact.offers for period in hit}
    )
    counted = periods[trial.begins : trial.ends["ore"]]
    unmet = [place for place, (family, key) in enumerate(block.names) if family == "unmet" and key[2] in counted]
    own, before = len(block.names), whole.A.shape[1]
    rows, places = block.plan.row_of_entry, block.plan.indices
    size = len(block.rows) + 1
    below = Sparse.summed(
        (size, before + own),
        np.concatenate([rows, block.own.row_of_entry, np.full(len(unmet), size - 1)]),
        np.concatenate([places, before + block.own.indices, before + np.array(unmet, dtype=int)]),
        np.concatenate([block.plan.data, block.own.data, np.ones(len(unmet))]),
    )
    wider = Sparse((whole.A.shape[0], before + own), whole.A.indptr, whole.A.indices, whole.A.data)
    return replace(
        whole,
        variables=[],
        cost=np.append(whole.cost, np.zeros(own)),
        A=wider.over(below),
        row_lower=np.concatenate([whole.row_lower, block.row_lower, [-np.inf]]),
        row_upper=np.concatenate([whole.row_upper, block.row_upper, [most]]),
        lower=np.append(whole.lower, block.lower),
        upper=np.append(whole.upper, block.upper),
        integer=np.append(whole.integer, np.zeros(own, dtype=bool)),
        squares=Squares.none(before + own),
    )
