"""What part of a cost is paid at an assumed price, freight or rate."""

from __future__ import annotations

from pathlib import Path

import pytest

from optimizer.load import load
from optimizer.report.caveats import list_lines
from optimizer.results.assumed_costs import assumed_costs
from optimizer.solve import Solution, settings_of, solve

INSTANCES = Path(__file__).resolve().parents[2] / "instances"
HEADER = """\
name = "small"
title = "Small"
currency = "USD"
mass_unit = "t"
as_of = 2027-01-01

[[periods]]
name = "2027"
years = 1
"""
TABLES = {
    "materials": "material,stages,basis\nlithium,refined,t Li content\n",
    "sites": "site,country,quality\nplant,US,seen\n",
    "demand": "site,material,period,quantity,quality\nplant,lithium,2027,1000,derived\n",
    "offers": "offer,company,material,stage,country,capacity,price,fixed_cost,source,quality,assumed\n"
    "a,acme,lithium,refined,CL,300,50000,,a report,reported,price\n"
    "b,beta,lithium,refined,AU,700,60000,1000000,a report,seen,fixed_cost; capacity\n",
    "tiers": "offer,from_quantity,price,kind,quality\nb,500,59000,incremental,assumed\n",
    "lanes": "origin,destination,freight,source,quality\na,plant,100,,derived\nb,plant,200,assumed,\n",
    "duties": "duty,material,stage,from_country,to_country,rate,quality,assumed\n"
    "MFN,lithium,refined,,US,10%,seen,\nextra,lithium,refined,AU,US,5%,seen,rate\n",
}


@pytest.fixture
def small(tmp_path: Path) -> Solution:
    """Return the plan that buys 300 t of a and 700 t of b, 200 t of these in its tier."""
    (tmp_path / "instance.toml").write_text(HEADER, "utf-8")
    for name, text in TABLES.items():
        (tmp_path / f"{name}.csv").write_text(text, "utf-8")
    instance = load(tmp_path)
    return solve(instance, settings_of(instance))


def test_a_cost_is_assumed_where_the_figure_behind_it_is(small: Solution) -> None:
    """By hand; the duty on a is at a known rate on an assumed price, that on b at 10 % and at 5 % that are assumed."""
    found = [(one.cost, one.amount, one.assumed) for one in assumed_costs(small.account)]
    assert found == [
        ("purchases", 300 * 50e3 + 500 * 60e3 + 200 * 59e3, 300 * 50e3 + 200 * 59e3),
        ("freight", 300 * 100 + 700 * 200, 700 * 200),
        ("duty", pytest.approx(0.1 * 15e6 + 0.15 * 42e6), pytest.approx(0.1 * 15e6 + 0.05 * 42e6)),
        ("fixed", 1e6, 1e6),
    ]


def test_rows_are_told_by_how_well_they_are_known(small: Solution) -> None:
    lines = list_lines(small.caveats, "t", "")
    assert lines[0] == (
        "Rests on 5 assumed rows (3 in part) of the 10 that it uses: offers b and a; 1 tier; 1 lane; 1 duty."
    )
    assert lines[2] == "How well the other 5 rows are known: 2 seen, 2 derived, 1 not said."


@pytest.mark.parametrize("name", ["tutorial-lithium-cobalt", "us-battery-2027", "chips-2026"])
def test_what_is_paid_adds_up_to_the_costs(name: str) -> None:
    instance = load(INSTANCES / name)
    account = solve(instance, settings_of(instance)).account
    assert {one.cost: one.amount for one in assumed_costs(account)} == pytest.approx(account.costs)
