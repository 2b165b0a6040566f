"""What is left out, where no command line shows it: rows that a plan uses, and plans that are not proven."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from optimizer.files.json_text import json_text
from optimizer.folders.plans import plan_as_data
from optimizer.load import load
from optimizer.report.cases import cases_as_csv, cases_as_json, format_answer
from optimizer.report.caveats import format_unmet, list_lines
from optimizer.report.difference import compare_sides
from optimizer.report.difference_data import as_csv
from optimizer.report.side import build_side
from optimizer.report.terminal import format_answer as answer_of
from optimizer.results.account import Account
from optimizer.results.caveats import Unmet, caveats_in, unmet_in
from optimizer.results.plan import Plan
from optimizer.results.used_rows import used_rows
from optimizer.solve import settings_of, solve
from optimizer.whatif import Outcome
from tests.cli.command import bundled

if TYPE_CHECKING:
    from pathlib import Path

    from optimizer.results.solution import Solution

HEADER = """\
name = "ore"
title = "Ore"
currency = "USD"
mass_unit = "t"
as_of = 2027-01-01
periods = [{ name = "2027", years = 1 }]
"""
TABLES = {
    "materials": "material,stages,basis,shortage_cost\nore,mined,t Ni,9000\nnot-needed,mined,t Ni,9000\n",
    "conversions": "material,basis,factor\nore,lb Ni,0.00045359237\nore,kg Ni,0.001\n",
    "sites": "site,country\nplant,US\nidle,US\n",
    "demand": "site,material,period,quantity\nplant,ore,2027,100\nidle,ore,2027,0\n",
    "offers": "offer,company,material,stage,country,capacity,price,basis\n"
    "near,acme,ore,mined,US,30,10,\n"
    "pounds,beta,ore,mined,CL,100000,0.01,lb Ni\n"
    "far,gamma,ore,mined,AU,500,1000,\n"
    "banned,delta,ore,mined,RU,500,1,\n",
    "tiers": "offer,from_quantity,price,kind\npounds,20000,0.009,incremental\npounds,90000,0.008,incremental\n",
    "commitments": "offer,period,quantity\nnear,2027,5\n",
    "owners": "company,offer,country,share\nacme,,US,100%\nbeta,,CL,100%\n,pounds,GB,100%\ngamma,,AU,100%\n",
    "countries": "country,risk\nUS,1\nCL,2\n",
    "origins": "",
    "lanes": "origin,destination,freight\nnear,plant,1\npounds,plant,1\nfar,plant,1\nbanned,plant,1\nnear,idle,1\n",
    "duties": "duty,material,stage,from_country,to_country,rate,valid_to\n"
    "chile,ore,mined,CL,US,5%,\naustralia,ore,mined,AU,US,5%,\n"
    "lapsed,ore,mined,CL,US,5%,2026-12-31\nall,ore,mined,,US,1%,\n",
    "controls": "control,material,stage,from_country,to_country,effect\n"
    "ban,ore,mined,RU,,closed\npaper,ore,mined,CL,US,licence\n"
    "other,ore,mined,AU,,licence\n",
    "stock": "site,material,opening,capacity\nplant,ore,0,50\nidle,ore,0,50\n",
}
USED = {
    "materials": ["ore"],
    "conversions": ["ore, lb Ni"],
    "sites": ["plant"],
    "demand": ["plant, ore, 2027"],
    "offers": ["near", "pounds"],
    "tiers": ["pounds, 20000.0"],
    "commitments": ["near, 2027"],
    "owners": ["acme, US", "pounds, GB"],
    "lanes": ["near, plant", "pounds, plant"],
    "duties": ["chile, ore, mined, CL, US", "all, ore, mined, US"],
    "controls": ["ban, ore, mined, RU", "paper, ore, mined, CL, US"],
}


def test_rows_are_used_when_the_figures_of_the_plan_come_from_them(tmp_path: Path) -> None:
    """The plan takes 30 t of near and 20 t of pounds: more than 20 000 lb (9.1 t), less than 90 000 (40.8 t)."""
    (tmp_path / "instance.toml").write_text(HEADER, "utf-8")
    for name, text in TABLES.items():
        if text:
            (tmp_path / f"{name}.csv").write_text(text, "utf-8")
    instance = load(tmp_path)
    flow = {("near", "plant", "2027"): 30.0, ("pounds", "plant", "2027"): 20.0}
    plan = Plan(flow, unmet={("plant", "ore", "2027"): 50.0})
    account = Account(instance.market.prepared, instance.limits, plan)
    used: dict[str, list[str]] = {}
    for table, row in used_rows(instance.market, account):
        used.setdefault(table, []).append(", ".join(str(part) for part in row.key if part is not None))
    assert used == USED


def test_what_is_unmet_is_added_up_by_material_and_period_without_rounding() -> None:
    nodes = [("ni", "1", 60.0, 6.0), ("ni", "1", 40.0, 0.0), ("co", "1", 10.0, 1e-9), ("li", "1", 10.0, 5.0)]
    nodes += [("ni", "2", 100.0, 4.0)]
    found = unmet_in(nodes, {"ni": 30.0, "li": 7.0})
    assert found == (
        Unmet("li", 5.0, 10.0, 7.0, (("1", 5.0),)),
        Unmet("ni", 10.0, 200.0, 30.0, (("1", 6.0), ("2", 4.0))),
    )
    assert format_unmet(found, "t") == "5 t of li unmet (50% of demand) and 10 t of ni unmet (5% of demand)"
    third = replace(found[0], material="mn")
    assert format_unmet((*found, third), "t") == "5 t of li unmet (50% of demand), and of 2 more materials"


def test_many_periods_are_folded_to_the_worst(stopped: Solution) -> None:
    short = Unmet("li", 10.0, 100.0, 7.0, tuple((str(year), float(year % 4 + 1)) for year in range(2027, 2031)))
    (first, *_) = list_lines(replace(stopped.caveats, unmet=(short,)), "t", "7.00 USD")
    told = "10 t of li (10% of demand; in 4 periods, most in 2027: 4 t)"
    assert first == f"Demand left unmet, at 7.00 USD: {told}."


@pytest.fixture(scope="module")
def stopped() -> Solution:
    """Return the tutorial's plan as one that was stopped before anything was known of how good it is."""
    instance = bundled("tutorial-lithium-cobalt")
    return replace(solve(instance, settings_of(instance)), proven=False, bound=-math.inf)


def test_a_plan_of_which_nothing_is_known_says_so_and_its_json_has_no_infinity(stopped: Solution) -> None:
    assert ", stopped before the proof: how far it is from the least is not known" in answer_of(stopped)
    document = json.loads(json_text(plan_as_data(stopped)), parse_constant=pytest.fail)
    proof = {"status": "stopped", "proven": False, "bound": None, "gap": None}
    assert document == document | proof
    assert replace(caveats_in(document), assumed=stopped.caveats.assumed) == stopped.caveats


def test_two_plans_say_which_of_them_is_not_proven(stopped: Solution) -> None:
    proven = replace(stopped, proven=True, bound=stopped.cost)
    assert as_csv(compare_sides(build_side(proven), build_side(stopped))).splitlines()[-1] == (
        "gap,,not proven after,,,,,0,,,share"
    )


def test_a_grid_says_how_many_of_its_plans_are_not_proven(stopped: Solution) -> None:
    proven = replace(stopped, proven=True, bound=stopped.cost)
    outcomes = [Outcome("", proven.instance, proven), Outcome("winter", stopped.instance, stopped)]
    assert "; 1 of 2 plans stopped before the proof; all rest on assumed rows (100% of the cost)." in format_answer(
        outcomes
    )
    assert [row.split(",")[7] for row in cases_as_csv(outcomes).splitlines()] == ["gap [share]", "0", ""]
    first, second = json.loads(json_text(cases_as_json(outcomes)), parse_constant=pytest.fail)["cases"]
    assert (first["gap"], second["status"], second["bound"], second["gap"]) == (0, "stopped", None, None)


@pytest.mark.parametrize(
    ("key", "wrong"),
    [("rows", -5), ("rows", "30"), ("used", math.inf), ("tables", []), ("rows", True)],
)
def test_a_summary_that_counts_assumed_rows_in_no_number_is_none(stopped: Solution, key: str, wrong: object) -> None:
    document = stopped.caveats.as_data()
    with pytest.raises((AttributeError, TypeError, ValueError)):
        caveats_in(document | {"assumed": document["assumed"] | {key: wrong}})
