"""A plan judged in one part: the best response to each scenario, from a linear program of its own, recounted.

Responses in one market that begin together have one matrix. What a plan goes on with where nothing is lost is solved
first: that is also the response to whatever hits nothing of it, and every other response starts from there. So none
hangs on what was solved before it.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np

from models.enforcement import prepare
from models.formulation.response import replacement_costs_in
from models.records.tolerances import RECOUNTED
from optimizer.errors import AuditFailure, SolverFailure
from optimizer.programs.program import Program
from optimizer.programs.response_block import PlanColumns
from optimizer.programs.responses import Responses
from optimizer.scenarios.outcome import OutcomeReader, PartOutcome
from optimizer.scenarios.recount import Recount, Told
from optimizer.solver.benders.bounded import Bounded, solve
from optimizer.solver.held import HeldProgram

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from models.enforcement import EnforcedInstance
    from models.formulation.response import Name
    from models.market.scenario import Scenario
    from optimizer.programs.response_block import ResponseBlock
    from optimizer.results.plan import Plan
    from optimizer.results.plan_figures import PlanFigures

    Numbers = NDArray[np.float64]

_DEAR = 100.0
"""How many times the dearest unit it costs to leave one unmet of which no shortage cost is stated."""


class JudgedPart:
    """A plan in one part of an instance, as its responses see it."""

    def __init__(
        self, part: EnforcedInstance, plan: Plan, figures: PlanFigures, unmet_price: float | None = None
    ) -> None:
        """Take a part, the plan of the whole with its figures, and the price of demand without any [currency]."""
        program = Program(part, alone=True)
        columns = PlanColumns(list(program.columns), program.matrix.cost, prepare(part), part.limits)
        planned = [figures.value(*name) for name in columns.place]
        self._planned = np.clip(planned, program.matrix.lower, program.matrix.upper)
        self._columns, self._figures, self._is_test = columns, figures, unmet_price is not None
        dearest = float(np.abs(program.matrix.cost).max(initial=0.0))
        self._dear = _DEAR * (1.0 + dearest) if unmet_price is None else unmet_price
        self._responses = Responses(part.limits, columns, self._dear)
        self._recount = Recount(columns.market, plan, part.limits)

    def respond(self, scenarios: Sequence[Scenario]) -> list[PartOutcome]:
        """Return what the best response to each scenario makes of it, in their order.

        Raises:
            SolverFailure: the solver finds no response.
            AuditFailure: a response does not hold when it is recomputed.
        """
        found, held = [], dict[int, _HeldBlocks]()
        for scenario in scenarios:
            block = self._responses.respond(scenario)
            if id(block.own) not in held:
                unhit = self._responses.respond_unhit(scenario)
                reader = OutcomeReader(block.names, self._figures, self._list_useless(scenario, block))
                held[id(block.own)] = _HeldBlocks(unhit, self._planned, reader)
            found.append(self._read(scenario, block, held[id(block.own)]))
        return found

    def _read(self, scenario: Scenario, block: ResponseBlock, held: _HeldBlocks) -> PartOutcome:
        values, reader = held.solve(block), held.reader
        if values is None:
            msg = f"highs finds no response to the scenario {scenario.name}; tell the authors"
            raise SolverFailure(msg)
        unpriced = reader.unpriced(scenario.market, values)
        slight = RECOUNTED * max(values.max(initial=0.0), self._planned.max(initial=0.0))
        lacking = 0.0 if self._is_test or unpriced <= slight else unpriced
        cost = block.cost_at(self._planned, values) - self._dear * unpriced
        response = reader.complete(values)
        materials = tuple(reader.list_materials(scenario, response))
        may_lack = self._is_test or lacking > 0
        replacement = replacement_costs_in(scenario.market)
        self._must_hold(Told(scenario, reader.done(response), cost, materials, replacement, is_test=may_lack))
        return PartOutcome(cost, materials, tuple(reader.list_actions(scenario.market, response)), lacking)

    def _list_useless(self, scenario: Scenario, block: ResponseBlock) -> dict[Name, float]:
        """Return what is written off of goods under way for which a scenario has no use, so that no program has them.

        It is the same for all scenarios whose responses have one matrix.
        """
        late = list(self._columns.market.years)[scenario.begins :]
        useless: dict[Name, float] = defaultdict(float)
        for flow, arrives in self._columns.arrival.items():
            offer = scenario.market.offer.get(flow[0])
            if offer is not None and flow[2] not in late and arrives in late and ("flow", flow) not in block.arriving:
                useless["written_off", (flow[1], offer.material, arrives)] += self._figures.value("flow", flow)
        return useless

    def _must_hold(self, told: Told) -> None:
        """Raise AuditFailure where a response does not hold when it is recomputed."""
        findings = self._recount.list_findings(told)
        if findings:
            msg = f"a response does not hold when it is recounted: {'; '.join(findings)}; tell the authors"
            raise AuditFailure(msg)


class _HeldBlocks:
    """Blocks of one matrix at a plan, in one solver."""

    def __init__(self, unhit: ResponseBlock, planned: Numbers, reader: OutcomeReader) -> None:
        """Solve the block in which nothing is lost."""
        self.reader, self._planned = reader, planned
        self._held = HeldProgram(unhit.at(planned))
        self._unhit = solve(self._held, Bounded.of(unhit, planned))
        self._basis = None if self._unhit is None else self._held.basis

    def solve(self, block: ResponseBlock) -> Numbers | None:
        """Return the best values of a block; None where the solver finds none."""
        program = Bounded.of(block, self._planned)
        unhit = self._unhit
        if unhit is not None and program.is_within(unhit.program) and unhit.answers(program):
            return unhit.values
        self._held.start_from(self._basis)
        found = solve(self._held, program)
        return None if found is None else found.values
