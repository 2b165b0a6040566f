"""Random small instances with so many limits that some leave no plan, and what solving them cold says."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from optimizer.errors import NoPlan
from optimizer.solve import Solution, settings_of, solve
from tests.laws.markets import KINDS, _limit, instances, read

if TYPE_CHECKING:
    from collections.abc import Iterable

    from models.enforcement import EnforcedInstance
    from models.limits import Limit

MOST_LIMITS = 4


@st.composite
def crowded(draw: Any) -> EnforcedInstance:
    """Return an instance whose demand must be met, with three or four hard limits."""
    record = draw(instances(kinds=(), shortage=(None,))).model_dump(mode="json", by_alias=True)
    kinds = draw(st.lists(st.sampled_from(KINDS), min_size=3, max_size=MOST_LIMITS))
    limits = [_limit(draw, record["market"], kind, f"limit{number}") for number, kind in enumerate(kinds)]
    return read({"market": record["market"], "limits": limits})


def solved(asked: EnforcedInstance) -> Solution | None:
    """Return the plan of an instance, from nothing and at gap 0; None when there is none."""
    try:
        return solve(asked, settings_of(asked, gap=0.0))
    except NoPlan:
        return None


def cost(asked: EnforcedInstance) -> float:
    """Return what an instance costs, from nothing and at gap 0."""
    solution = solved(asked)
    return math.inf if solution is None else solution.cost


def with_only(asked: EnforcedInstance, limits: Iterable[Limit]) -> EnforcedInstance:
    return asked.model_copy(update={"limits": tuple(limits)})


def at(asked: EnforcedInstance, name: str, level: float) -> EnforcedInstance:
    """Return an instance with one limit at another level."""
    limits = tuple(x.model_copy(update={x.LEVEL: level}) if x.name == name else x for x in asked.limits)
    return with_only(asked, limits)
