"""A plan judged: the best response of it to each scenario, from a linear program of its own.

Inside an extensive form a response weighs no more than its probability, and below some 1e-4 the solver no longer sees
it. So what is told of a scenario is solved again at the fixed plan, as a stress test does.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

from models.enforcement import prepare
from models.formulation.components import parts
from models.formulation.response import respond_in
from models.records.tolerances import RECOUNTED
from optimizer.errors import AuditFailure, SolverFailure
from optimizer.programs.program import Program
from optimizer.programs.response_block import PlanColumns
from optimizer.programs.responses import list_responses
from optimizer.results.plan_figures import PlanFigures
from optimizer.results.risk_profile import MaterialOutcome, ResponseAction, RiskProfile, ScenarioOutcome
from optimizer.scenarios.recount import Recount, Told
from optimizer.solver.held import HeldProgram

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from numpy.typing import NDArray

    from models.enforcement import EnforcedInstance
    from models.formulation.response import Name
    from models.market import Market
    from models.market.scenario import Scenario
    from optimizer.programs.extensive_form import Weighed
    from optimizer.results.account import Account

    Numbers = NDArray[np.float64]

_DEAR = 100.0
"""How many times the dearest unit it costs to leave one unmet of which no shortage cost is stated."""
_DIGITS = 9
"""Digits of a figure that are told."""


class _Found(NamedTuple):
    """What some scenarios that are alike do to a part."""

    extra_cost: float
    materials: tuple[MaterialOutcome, ...]
    actions: tuple[ResponseAction, ...]


def evaluate(
    instance: EnforcedInstance,
    account: Account,
    look: Callable[[], None] = lambda: None,
    *,
    unmet_price: float | None = None,
) -> RiskProfile:
    """Return what a plan costs and leaves unmet in each scenario that its instance foresees.

    Demand without a shortage cost is covered first, as far as a unit costs no more than `unmet_price` [currency], and
    what stays unmet of it costs nothing. `look` is called again and again; what it raises ends the work.

    Raises:
        SolverFailure: the solver finds no response, or none that leaves no more unmet than there may be.
        AuditFailure: a response does not hold when it is recomputed.
    """
    found: dict[str, list[_Found]] = defaultdict(list)
    for part in parts(instance):
        if part.foreseen:
            for name, one in _respond(part, account, look, unmet_price):
                found[name].append(one)
    periods, risk = list(instance.market.years), instance.risk
    outcomes = [
        ScenarioOutcome(
            scenario=scenario.name,
            probability=scenario.probability,
            begins=periods[scenario.begins],
            extra_cost=_rounded(sum(one.extra_cost for one in found[scenario.name])),
            materials=tuple(material for one in found[scenario.name] for material in one.materials),
            actions=tuple(action for one in found[scenario.name] for action in one.actions),
        )
        for scenario in {one.name: one for one in instance.foreseen}.values()  # a part may hold one by its materials
    ]
    measure, weight = ("expected", 0.0) if risk is None else (risk.measure, risk.weight or 0.0)
    level = 0.0 if risk is None else risk.tail_from
    return RiskProfile(measure, level, weight, account.total, tuple(outcomes))


def _respond(
    part: EnforcedInstance, account: Account, look: Callable[[], None], unmet_price: float | None
) -> Iterator[tuple[str, _Found]]:
    """Yield each scenario that hits a part, by name, with the best response of the plan to it."""
    program, figures = Program(part, alone=True), PlanFigures(account)
    columns = PlanColumns(list(program.columns), program.matrix.cost, prepare(part))
    planned = np.clip([figures.value(*name) for name in columns.place], program.matrix.lower, program.matrix.upper)
    dearest = float(np.abs(program.matrix.cost).max(initial=0.0))
    dear = _DEAR * (1.0 + dearest) if unmet_price is None else unmet_price
    recount = Recount(columns.market, account)
    for response in list_responses(part.foreseen, columns, look, unmet_price=dear):
        look()
        values = HeldProgram(response.block.at(planned)).solve()
        if values is None:
            msg = f"highs finds no response to the scenario {response.scenarios[0].name}; tell the authors"
            raise SolverFailure(msg)
        unpriced = _unpriced(response, values)
        if unmet_price is None and unpriced > RECOUNTED * max(values.max(initial=0.0), planned.max(initial=0.0)):
            name = response.scenarios[0].name
            msg = f"scenario {name}: the plan leaves demand unmet in it that has no shortage_cost"
            raise SolverFailure(msg)
        cost = response.block.cost_at(planned, values) - dear * unpriced
        market = response.scenarios[0].market
        done = dict(zip(response.block.names, values.tolist(), strict=True))
        _write_off_useless(done, response, columns, figures)
        materials = tuple(_read(response.scenarios[0], done))
        actions = tuple(_list_actions(market, done, figures))
        replacement = respond_in(market, columns.most).replacement_costs
        told = Told(response.scenarios[0], done, cost, materials, replacement, is_test=unmet_price is not None)
        findings = recount.list_findings(told)
        if findings:
            msg = f"a response does not hold when it is recounted: {'; '.join(findings)}; tell the authors"
            raise AuditFailure(msg)
        yield from ((scenario.name, _Found(cost, materials, actions)) for scenario in response.scenarios)


def _unpriced(response: Weighed, values: Numbers) -> float:
    """Return what is unmet of demand that has no shortage cost: a rounding, in a plan that was solved for."""
    market = response.scenarios[0].market
    places = [
        place
        for place, (family, key) in enumerate(response.block.names)
        if family == "unmet" and market.shortage_cost(*key) is None
    ]
    return float(values[places].sum())


def _write_off_useless(done: dict[Name, float], response: Weighed, columns: PlanColumns, figures: PlanFigures) -> None:
    """Write off goods under way for which a scenario has no use at all, so that its program does not know of them."""
    scenario, known = response.scenarios[0], response.block.arriving
    late = list(columns.market.years)[scenario.begins :]
    for flow, arrives in columns.arrival.items():
        offer = scenario.market.offer.get(flow[0])
        if offer is not None and flow[2] not in late and arrives in late and ("flow", flow) not in known:
            column = "written_off", (flow[1], offer.material, arrives)
            done[column] = done.get(column, 0.0) + figures.value("flow", flow)


def _read(scenario: Scenario, done: Mapping[Name, float]) -> Iterator[MaterialOutcome]:
    """Yield what is unmet, written off and missing of each material."""
    market = scenario.market
    periods = list(market.years)[scenario.begins :]
    added: dict[str, dict[tuple[str, str], float]] = {name: defaultdict(float) for name in _TOLD}
    for (family, key), units in done.items():
        if family in added:
            added[family][key[1], key[2]] += units
    for material in market.material:
        need = {period: market.demand_of(material, [period]) for period in periods}
        unmet = _told(added["unmet"], material, need)
        written_off, missing = (sum(_told(added[name], material, need).values()) for name in _TOLD[1:])
        whole = sum(need.values())
        covered = _rounded(max(0.0, 1.0 - sum(unmet.values()) / whole)) if whole else 1.0
        yield MaterialOutcome(material, tuple(unmet.items()), covered, _rounded(written_off), _rounded(missing))


_TOLD = ("unmet", "written_off", "missing")

_AT_OFFERS: dict[str, Literal["taken", "called", "called of reserved"]] = {
    "taken": "taken",
    "called": "called",
    "drawn": "called of reserved",
}
_AT_SITES: dict[str, Literal["stock", "unmet", "written off", "missing"]] = {
    "stock": "stock",
    "unmet": "unmet",
    "written_off": "written off",
    "missing": "missing",
}


def _list_actions(market: Market, done: Mapping[Name, float], planned: PlanFigures) -> Iterator[ResponseAction]:
    """Yield what a response does otherwise than the plan, but for what is nothing beside what is moved in all."""
    slight = RECOUNTED * max(done.values(), default=0.0)
    for (family, key), units in done.items():
        before = planned.value(family, key)
        if abs(units - before) <= slight:
            continue
        told = _rounded(units), _rounded(before)
        if family in _AT_OFFERS:
            offer, period = key
            yield ResponseAction(_AT_OFFERS[family], offer, "", market.offer[offer].material, period, *told)
        elif family in _AT_SITES:
            site, material, period = key
            yield ResponseAction(_AT_SITES[family], "", site, material, period, *told)


def _told(added: Mapping[tuple[str, str], float], material: str, need: Mapping[str, float]) -> dict[str, float]:
    """Return units of a material by period in which there are more than a rounding of them."""
    slight = RECOUNTED * max(need.values(), default=0.0)
    return {period: _rounded(units) for period in need if (units := added.get((material, period), 0.0)) > slight}


def _rounded(figure: float) -> float:
    """Return a figure to the digits that are the same from whatever it was found."""
    return float(f"{figure:.{_DIGITS}g}") or 0.0  # and no minus zero
