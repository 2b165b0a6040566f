"""The program of one part of an instance: its model, its arrays, and how a solver's numbers read as a plan."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np

from models.enforcement import prepare
from models.formulation.build import build, decisions, families
from models.formulation.unit_costs import UnitCosts
from models.market.network import Network
from models.records.tolerances import ROUNDING
from optimizer.collector import pause_collector
from optimizer.programs.answering import PlanAnswers
from optimizer.programs.matrix import to_matrix
from optimizer.programs.response_block import PlanColumns
from optimizer.programs.responses import list_responses
from optimizer.programs.two_stage import two_stage_form
from optimizer.results.plan import Plan

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from numpy.typing import NDArray
    from pyomo.core import ConcreteModel

    from models.enforcement import EnforcedInstance
    from models.market.scenario import Scenario
    from optimizer.solver.arrays import Matrix


Names = list[tuple[str, list[Any]]]
Places = dict[tuple[str, Any], int]


def _go_on() -> None:
    """Let the work go on."""


class Program:
    """A part as the solver takes it: arrays, and what their columns and rows are called."""

    base: Program | None = None
    """The program whose model this one shares, but for the levels of limits."""
    _plan_cost: NDArray[np.float64] | None = None
    answered: Mapping[str, Scenario] = MappingProxyType({})
    """A scenario of each response, by the name that stands before its columns."""
    elastic: bool = False
    """Whether hard limits have an excess variable, fixed at 0, that an explanation frees (elastic programming)."""

    def __init__(
        self,
        part: EnforcedInstance,
        *,
        elastic: bool = False,
        alone: bool = False,
        matrix: Matrix | None = None,
        look: Callable[[], None] = _go_on,
    ) -> None:
        """Take the model of a part as arrays; it is built for that, unless its `matrix` is known.

        Taken `alone`, a plan for scenarios has no responses behind it. `look` is called while it is built; what it
        raises ends the work.
        """
        self.part = part
        self.elastic = elastic
        if matrix is not None:
            self.matrix = matrix
            return
        with pause_collector():
            self.m = build(part, elastic=elastic, look=look)
            look()
            self.matrix = to_matrix(self.m)
        variables = self.matrix.variables
        if part.foreseen and not alone:
            self._add_responses(look)
        self._take_recourse(variables)

    def _add_responses(self, look: Callable[[], None]) -> None:
        """Let the plan be followed by its responses to what may happen: their columns and rows stand behind its own."""
        plan = self.matrix
        names = [(family, key) for family, keys in self.column_names for key in keys]
        columns = PlanColumns(names, plan.cost, prepare(self.part), self.part.limits)
        weighed = list_responses(self.part, columns, look, elastic=self.elastic)
        self.answered = {one.name: one.scenarios[0] for one in weighed}
        in_one = any(limit.answers for limit in self.m.limit.values())
        in_one |= self.elastic and any(limit.in_responses for limit in self.part.limits)  # who explains reads responses
        form = two_stage_form(plan, weighed, self.part.risk, look, in_one=in_one)
        self.matrix = form.matrix
        self.column_names, self.row_names = self.column_names + form.columns, self.row_names + form.rows
        self._plan_cost = np.concatenate([plan.cost, np.zeros(len(form.matrix.cost) - len(plan.cost))])

    def plan_cost(self, values: NDArray[np.float64]) -> float:
        """Return what a plan costs if nothing happens [currency]; without scenarios that is the objective."""
        return float((self.matrix.cost if self._plan_cost is None else self._plan_cost) @ values)

    def _take_recourse(self, variables: list[Any]) -> None:
        """Let the matrix answer the losses of its limits."""
        answers = [answer for limit in self.m.limit.values() for answer in limit.answers]
        if answers:
            place = {id(variable): number for number, variable in enumerate(variables)}
            asked = [(one.trial, {name: place[id(unmet)] for name, unmet in one.unmet.items()}) for one in answers]
            self.matrix = replace(
                self.matrix, recourse=PlanAnswers(prepare(self.part), self.part.limits, self.columns, asked)
            )

    @classmethod
    def like(cls, other: Program, part: EnforcedInstance, matrix: Matrix) -> Program:
        """Return the program of a part of which the arrays are known, with the names of columns and rows of another."""
        program = cls(part, matrix=matrix)
        program.column_names, program.row_names = other.column_names, other.row_names
        program._plan_cost, program.answered = other._plan_cost, other.answered
        return program

    @property
    def holds_model(self) -> bool:
        """Whether its model is there, and not given away or never built."""
        return "m" in vars(self)

    def release_model(self) -> ConcreteModel:
        """Return the model, which others may change: this program keeps its arrays, and their names."""
        self.column_names, self.row_names  # noqa: B018 (they are read of the model)
        self.matrix = replace(self.matrix, variables=[])
        m: ConcreteModel = vars(self).pop("m")
        return m

    def take_model(self, m: ConcreteModel, matrix: Matrix) -> None:
        """Take a model with the variables that the columns of this program are called after, and its arrays."""
        self.m, self.matrix = m, matrix
        del self.row_names

    @cached_property
    def m(self) -> ConcreteModel:
        """The Pyomo model."""
        with pause_collector():
            return build(self.part, elastic=self.elastic)

    def __getstate__(self) -> dict[str, Any]:
        """Return what a similar program in another process learns from: arrays and names, not the model."""
        matrix = replace(self.matrix, variables=[])
        names = {"column_names": self.column_names, "row_names": self.row_names}
        return {"part": self.part, "matrix": matrix, "_plan_cost": self._plan_cost} | names

    @cached_property
    def column_names(self) -> Names:
        """The keys of every variable, family by family, in the order of the columns."""
        return [(family.name, list(family.keys())) for family in decisions(self.m)]

    @cached_property
    def row_names(self) -> Names:
        """The keys of every row, family by family, in the order of the rows."""
        return [(name, family.keys) for name, family in families(self.m).items()]

    @cached_property
    def columns(self) -> Places:
        """Where each variable stands, by (family, key)."""
        return _places(self.column_names)

    @cached_property
    def rows(self) -> Places:
        """Where each row stands, by (family, key)."""
        return _places(self.row_names)

    @cached_property
    def coupling_rows(self) -> Places:
        """Where the rows of limits that couple several materials stand."""
        market = self.part.market
        coupling = [f"limit[{limit.name}]." for limit in self.part.limits if any(limit.couples(market))]
        families = {f"{name}{rows}" for name in coupling for rows in ("holds", "defines")}
        return _places(self.row_names, families) if families else {}

    @cached_property
    def unit_costs(self) -> dict[int, float]:
        """What a unit costs by its price and its way, by the column that says how much is bought or moved of it."""
        market = prepare(self.part)
        unit = UnitCosts(market, Network(market))
        costs: dict[int, float] = {}
        for (family, key), column in self.columns.items():
            match family:
                case "flow":
                    costs[column] = sum(unit.moved(key))
                case "quantity":
                    costs[column] = unit.bought(*key)
                case "tier":
                    costs[column] = unit.schedules[key[:2]].prices[int(key[2])]
        return costs

    @cached_property
    def squares(self) -> dict[tuple[str, Any], int]:
        """Where each square stands among the squares, by the name of its column."""
        names = list(self.columns) if self.matrix.squares else []
        return {names[column]: number for number, column in enumerate(self.matrix.squares.square)}

    def copy_cuts(self, other: Program) -> None:
        """Take over the cuts of the squares and the recourse that this program shares with another."""
        self._copy_recourse(other)
        mine, others = self.matrix.squares.tangents, other.matrix.squares.tangents
        if mine is others:
            return
        names = list(other.squares)
        places = [self.squares.get(names[which]) for which, _ in others.at]
        if not mine.at and None not in places and self._is_called_like(other):
            mine.basis, mine.in_basis = others.basis, others.in_basis
        known = set(mine.at)
        moved = [(place, at) for place, (_, at) in zip(places, others.at, strict=True) if place is not None]
        mine.at.extend(tangent for tangent in moved if tangent not in known)

    def _copy_recourse(self, other: Program) -> None:
        mine, others = self.matrix.recourse, other.matrix.recourse
        if isinstance(mine, PlanAnswers) and isinstance(others, PlanAnswers) and mine is not others:
            mine.copy_cuts(others)

    def _is_called_like(self, other: Program) -> bool:
        """Whether columns and rows have the names that they have in another program."""
        return self.column_names == other.column_names and self.row_names == other.row_names

    @property
    def sizes(self) -> dict[str, int]:
        """Rows, columns, integers, nonzeros and flow variables."""
        rows, columns = self.matrix.A.shape
        return {
            "rows": rows,
            "columns": columns,
            "integers": int(self.matrix.integer.sum()),
            "nonzeros": int(self.matrix.A.nnz),
            "flows": sum(len(keys) for family, keys in self.column_names if family == "flow"),
        }

    def carry_over(self, other: Program, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the values of another program for the columns that this one shares with it, 0 for the others."""
        if self.column_names == other.column_names:
            return values
        mine = np.zeros(len(self.columns))
        for name, place in self.columns.items():
            if name in other.columns:
                mine[place] = values[other.columns[name]]
        return mine

    def plan(self, values: NDArray[np.float64]) -> Plan:
        """Read a plan from a solver's numbers, without what is nothing but rounding."""
        flowing = values[~self.matrix.integer].max(initial=0.0)
        slight = ROUNDING * np.where(np.isfinite(self.matrix.upper), np.minimum(self.matrix.upper, flowing), 0.0)
        some = np.where(values > slight, values, 0.0)
        flow = self._family("flow", some)
        bought = {key[0] for key, units in flow.items() if units}
        offers = self.part.market.offers
        kept = {offer.offer for offer in offers if offer.switching_cost and offer.incumbent_quantity}
        reserved = {offer: units for offer, units in self._family("reserved", some).items() if units}
        held = bought | kept | reserved.keys()
        return Plan(
            flow={key: units for key, units in flow.items() if units},
            signed={
                name: bool(signed > 0.5) and name in held  # noqa: PLR2004
                for name, signed in self._family("signed", values).items()
            },
            unmet={node: units for node, units in self._family("unmet", some).items() if units},
            stock={node: max(0.0, units) for node, units in self._family("stock", values).items()},
            reserved=reserved,
        )

    def flows_of(self, response: str, values: NDArray[np.float64]) -> dict[tuple[str, str, str], float]:
        """Return what a response moves, from a solver's numbers; nothing where they stand beside the program."""
        return self._family(f"scenario[{response}].flow", values)

    def _family(self, name: str, values: NDArray[np.float64]) -> dict[Any, float]:
        """Return the values of one family of variables by key."""
        start = 0
        for family, keys in self.column_names:
            if family == name:
                return dict(zip(keys, values[start : start + len(keys)].tolist(), strict=True))
            start += len(keys)
        return {}


def _places(names: Names, families: Collection[str] | None = None) -> Places:
    """Return where the columns or rows of some families stand, or those of all."""
    found: Places = {}
    start = 0
    for family, keys in names:
        if families is None or family in families:
            found |= {(family, key): start + i for i, key in enumerate(keys)}
        start += len(keys)
    return found
