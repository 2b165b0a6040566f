"""Whether the tables of a plan agree with each other, which those that a solve wrote do: an edit is said with the plan.

An edited plan may still hold, and cost what its tables add up to; only an audit knows. What stands in its summary, such
as its proof, is of the plan before.
"""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING

from models.records.tolerances import RECOUNTED
from models.records.wording import format_apart
from optimizer.charts.shown import figure, known, said
from optimizer.results.risk_profile import calm_cost_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from optimizer.charts.shown import ShownPlan

_PAID = {"purchase": "purchases", "processing": "processing", "freight": "freight", "duty": "duty"}
"""Columns of purchases.csv, and the cost that each adds up to."""


def describe_edited(plan: ShownPlan) -> str:
    """Say in what the tables of a plan differ from each other, and what follows; nothing where they agree."""
    first = next(_list_apart(plan), "")
    if not first:
        return ""
    return (
        f"Edited since it was solved: {first}. Cost, proof and what is left unsaid are of the plan as it was solved; "
        "lodeplan audit says whether the edited one holds, and what it costs."
    )


def _list_apart(plan: ShownPlan) -> Iterator[str]:
    """Yield what stands in one table and differs from what others add up to."""
    yield from _bought(plan)
    yield from _paid(plan)
    amounts = sum(figure(row, "amount") for row in plan.rows("costs"))
    yield from _apart("costs.csv adds up to", amounts, "summary.json says", _claimed(plan), plan.currency)


def _claimed(plan: ShownPlan) -> float:
    """Return what the summary says that the costs come to: of a plan for scenarios, if nothing happens."""
    return calm_cost_in(plan.summary.get("risk"), float(plan.summary["cost"]))


def _bought(plan: ShownPlan) -> Iterator[str]:
    """Yield offers of which purchases.csv has another quantity than contracts.csv."""
    bought: dict[str, float] = defaultdict(float)
    for row in plan.rows("purchases"):
        bought[said(row, "offer")] += figure(row, "quantity")
    for row in plan.rows("contracts"):
        if (quantity := known(row, "quantity")) is not None:
            offer = said(row, "offer")
            where = f"of {offer} purchases.csv has"
            yield from _apart(where, bought[offer], "contracts.csv has", quantity, plan.mass_unit)


def _paid(plan: ShownPlan) -> Iterator[str]:
    """Yield costs that purchases.csv does not add up to."""
    costs: dict[str, float] = defaultdict(float)
    for row in plan.rows("costs"):
        costs[said(row, "cost")] += figure(row, "amount")
    rows = plan.rows("purchases")
    for column, cost in _PAID.items():
        if rows and all(column in row for row in rows):
            paid = sum(figure(row, column) for row in rows)
            where = f"{column} in purchases.csv adds up to"
            yield from _apart(where, paid, f"{cost} in costs.csv to", costs[cost], plan.currency)


def _apart(one: str, here: float, other: str, there: float, unit: str) -> Iterator[str]:
    """Yield in a clause that two figures differ, where they do."""
    if not math.isclose(here, there, rel_tol=RECOUNTED, abs_tol=RECOUNTED):
        figures = format_apart(here, there)
        yield f"{one} {figures[0]} {unit}, and {other} {figures[1]} {unit}"
