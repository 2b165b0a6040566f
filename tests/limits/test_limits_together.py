"""Limits of different kinds at once, in random markets in which every kind has something to say."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from models.market import Demand, Earlier, Site, Stock
from optimizer.audit import audit
from optimizer.errors import NoPlan
from optimizer.programs.program import Program
from optimizer.solver.outer_approximation.minimise import minimise
from tests.blocks.markets import ORE, instance, offer, solved
from tests.examples import examples
from tests.limits.cases.market import OWNERS, limit
from tests.limits.test_limits import CASES
from tests.limits.variants import at_level, for_one, levels, twinned, with_limits

if TYPE_CHECKING:
    from models.enforcement import EnforcedInstance
    from models.limits import Limit

PLACES = {"north": "CN", "island": "ID", "far": "CA", "south": "AU"}
SITES = ("plant", "works")
SHORTAGE = 400
"""Currency per unit; so dear that only a limit makes anything go unmet."""


def _facts() -> dict[str, Any]:
    """Return the lists of names and tables that the cases of all kinds have in their markets, taken together."""
    facts: dict[str, Any] = {}
    for case in CASES.values():
        for field, said in case.market.items():
            if field in {"blocs", "attributes", "scores", "countries"}:
                facts[field] = (
                    {**facts.get(field, {}), **said} if isinstance(said, dict) else _union(facts, field, said)
                )
    return facts


def _union(facts: dict[str, Any], field: str, said: Any) -> list[Any]:
    return [*facts.get(field, []), *(one for one in said if one not in facts.get(field, []))]


@st.composite
def markets(draw: Any, *limits: Limit) -> EnforcedInstance:
    """Return the four sellers of the cases with random terms, two sites and two periods, and some limits."""
    facts, offers = _facts(), []
    for name, place in PLACES.items():
        figures = {attribute: draw(st.integers(1, 90)) for attribute in facts.get("attributes", ())}
        terms: dict[str, Any] = {"attributes": figures, "incumbent_quantity": draw(st.sampled_from([None, 30]))}
        if draw(st.booleans()):
            terms["fixed_cost"] = 10 * draw(st.integers(1, 20))
        capacity = 10 * draw(st.integers(4, 12))
        offers.append(offer(name, draw(st.integers(5, 30)), capacity, place, **terms))
    need = {"2027": 100, "2028": draw(st.sampled_from([60, 120]))}
    tables = {
        "owners": OWNERS,
        "sites": [Site(site=site, country="US") for site in SITES],
        "demand": [
            Demand(site=site, material=ORE, period=period, quantity=units / len(SITES))
            for site in SITES
            for period, units in need.items()
        ],
        "earlier": [Earlier(offer="far", period="2027", quantity=draw(st.sampled_from([10, 40])))],
        "stock": [Stock(site=site, material=ORE, capacity=40, holding_cost=1) for site in SITES],
        "shortage_cost": SHORTAGE,
    }
    return instance(offers, need, *limits, **(facts | tables))


@st.composite
def policies(draw: Any, kinds: list[str]) -> list[Limit]:
    """Return a limit of each kind, hard or soft, at its case's level or looser."""
    asked = []
    for kind in kinds:
        case = CASES[kind]
        sort = type(case.instance().limits[0])
        near = float(case.fields.get(sort.LEVEL, case.instance().limits[0].level))
        loose = float(case.loose.get(sort.LEVEL, near))
        level = near + draw(st.sampled_from([0.0, 0.25, 0.5])) * (min(loose, 3 * near) - near)
        strictness = draw(st.sampled_from([{"hard": True}, {"penalty": 30}]))
        level = round(level) if sort.UNIT == "count" else level
        asked.append(limit(**(case.fields | {"name": kind, sort.LEVEL: level} | strictness)))
    return asked


@st.composite
def combinations(draw: Any) -> EnforcedInstance:
    """Return two to four limits of different kinds over two materials, each on one of them or on both."""
    kinds = draw(st.lists(st.sampled_from(sorted(CASES)), min_size=2, max_size=4, unique=True))
    try:
        one = draw(markets(*draw(policies(kinds))))
    except ValueError:
        assume(False)  # noqa: FBT003 (hypothesis has it so)
    asked = [for_one(said) if draw(st.booleans()) else said.model_dump(mode="json") for said in one.limits]
    both = twinned(one, dearer=draw(st.integers(0, 5)))
    for record in asked:
        if draw(st.booleans()) and "group" in record and record["kind"] in _ADDING_UP:
            record["group"] = "total"
    try:
        return with_limits(both, *asked)
    except ValueError:
        assume(False)  # noqa: FBT003
        raise


_ADDING_UP = {kind for kind, case in CASES.items() if {"each", "total"} & {case.fields.get("group")}}
"""Kinds that hold for each material by itself, or for all in total."""


def cost(asked: EnforcedInstance) -> float:
    try:
        solution = solved(asked)
    except NoPlan:
        return math.inf
    assert audit(solution.account) == []
    return solution.cost


@examples(100)
@given(combinations(), st.data())
def test_limits_of_different_kinds_hold_together(asked: EnforcedInstance, data: Any) -> None:
    whole = minimise(Program(asked).matrix, gap=0.0)
    least = math.inf if whole.verdict == "infeasible" else whole.objective
    before = cost(asked)
    assert before == pytest.approx(least, rel=1e-6, abs=1e-6)
    number = data.draw(st.integers(0, len(asked.limits) - 1))
    first = [asked.limits[number], *asked.limits[:number], *asked.limits[number + 1 :]]
    turned = asked.model_copy(update={"limits": tuple(first)})
    case = CASES[first[0].kind]
    # what leaves no plan with other fields changed too may be a looser level
    alone = case.impossible if case.impossible.keys() <= {first[0].LEVEL} else {}
    tighter = levels(turned, {first[0].LEVEL: first[0].level}, alone, steps=4)[1]
    assert cost(at_level(turned, tighter)) >= before * (1 - 1e-6) - 1e-6
