"""An edit of a plan's tables is said with the plan: its proof and its cost are those of the plan before."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from optimizer.charts.shown import ShownPlan
from optimizer.report.agreement import describe_edited

PLAN = ShownPlan(
    title="x",
    currency="USD",
    mass_unit="t",
    summary={"cost": 110.0, "risk": None},
    tables={
        "purchases": [
            {"offer": "a", "quantity": 6.0, "purchase": 60.0, "processing": 0.0, "freight": 5.0, "duty": 0.0},
            {"offer": "a", "quantity": 4.0, "purchase": 40.0, "processing": 0.0, "freight": 5.0, "duty": 0.0},
        ],
        "contracts": [{"offer": "a", "quantity": 10.0}],
        "costs": [{"cost": "purchases", "amount": 100.0}, {"cost": "freight", "amount": 10.0}],
    },
)


def edited(table: str, column: str, cell: float) -> str:
    rows: list[Any] = [dict(row) for row in PLAN.rows(table)]
    rows[0][column] = cell
    return describe_edited(replace(PLAN, tables={**PLAN.tables, table: rows}))


def test_of_a_plan_as_it_was_solved_nothing_is_said() -> None:
    assert describe_edited(PLAN) == ""


def test_a_plan_for_scenarios_adds_up_to_what_it_costs_if_nothing_happens() -> None:
    summary = {"cost": 300.0, "risk": {"calm": {"cost": 110.0}}}
    assert describe_edited(replace(PLAN, summary=summary)) == ""


@pytest.mark.parametrize(
    ("table", "column", "cell", "said"),
    [
        ("purchases", "quantity", 7.0, "of a purchases.csv has 11 t, and contracts.csv has 10 t"),
        ("contracts", "quantity", 9.0, "of a purchases.csv has 10 t, and contracts.csv has 9 t"),
        ("purchases", "freight", 6.0, "freight in purchases.csv adds up to 11 USD, and freight in costs.csv to 10 USD"),
        ("costs", "amount", 90.0, "purchase in purchases.csv adds up to 100 USD, and purchases in costs.csv to 90 USD"),
    ],
)
def test_an_edit_is_told_with_both_figures(table: str, column: str, cell: float, said: str) -> None:
    assert edited(table, column, cell).startswith(f"Edited since it was solved: {said}. Cost, proof")


def test_a_summary_that_was_edited_alone_is_told() -> None:
    summary = {"cost": 100.0, "risk": None}
    assert "costs.csv adds up to 110 USD, and summary.json says 100 USD" in describe_edited(
        replace(PLAN, summary=summary)
    )
