"""Who is behind a plan's purchases, what it rests on and what a horizon's cap counts: read off its tables."""

from __future__ import annotations

import csv
import json
import math
import shutil
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from models.enforcement import enforce
from models.limits.share_cap import ShareCap
from models.market import Origin, Owner
from optimizer.folders.plans import write_plan
from optimizer.price import find_limits, price_limits
from optimizer.results.price import FREE, Price, Saving, one_notch_looser
from optimizer.results.solution import settings_of
from optimizer.tables import PRICES
from optimizer.tables.attribution import list_origins
from optimizer.tables.exposure import list_shares
from optimizer.tables.prices import price_row
from optimizer.tables.sources import list_sources
from optimizer.tables.table import SOLVED, Units
from tests.blocks.markets import instance, offer, solved
from tests.cli.command import ROOT, bundled, copied, lodeplan
from tests.cli.command import solved as written
from tests.cli.plan_edits import set_cell

if TYPE_CHECKING:
    from pathlib import Path

TONNES = Units("t", "USD")


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tutorial")
    return written(copied("tutorial-lithium-cobalt", folder), folder / "plan")


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_an_offer_is_attributed_at_its_own_stage_and_at_those_it_went_through(plan: Path) -> None:
    behind = [tuple(row.values())[2:] for row in rows(plan / "attribution.csv") if row["offer"] == "atacama"]
    assert behind == [
        ("mined", "place", "CL", "1"),
        ("mined", "control", "CL", "0.75"),
        ("mined", "control", "CN", "0.25"),
        ("refined", "place", "CL", "1"),
        ("refined", "control", "CL", "0.75"),
        ("refined", "control", "CN", "0.25"),
    ]
    fed = {row["stage"] for row in rows(plan / "attribution.csv") if row["offer"] == "kwinana"}
    assert fed == {"refined"}  # what it processes is bought of others


def test_attribution_and_purchases_make_the_shares_of_a_country(plan: Path) -> None:
    bought = {row["offer"]: float(row["quantity [t]"]) for row in rows(plan / "contracts.csv")}
    cobalt = [row for row in rows(plan / "attribution.csv") if (row["material"], row["stage"]) == ("cobalt", "mined")]
    held = {basis: {r["country"] for r in cobalt if r["basis"] == basis} for basis in ("place", "control")}
    for row in rows(plan / "exposure.csv"):
        if (row["material"], row["stage"]) == ("cobalt", "mined"):
            mine = [r for r in cobalt if (r["basis"], r["country"]) == (row["basis"], row["country"])]
            assert sum(bought[r["offer"]] * float(r["share"]) for r in mine) == pytest.approx(
                float(row["quantity [t]"])
            )
    assert held == {"place": {"CA", "CD"}, "control": {"CA", "CD", "CH", "CN"}}


def test_what_nobody_declared_is_undisclosed_and_what_is_not_bought_has_no_rows() -> None:
    offers = [offer("cheap", 1, 100, company="one"), offer("dear", 9, 100, company="two")]
    origins = [Origin(offer="cheap", stage="mined", country="CL", share=0.25)]
    owners = [Owner(company="one", country="AU", share=0.6)]
    account = solved(instance(offers, {"2027": 50}, origins=tuple(origins), owners=tuple(owners))).account
    assert [(row.offer, row.stage, row.basis, row.country, row.share) for row in list_origins(account, TONNES)] == [
        ("cheap", "mined", "place", "CL", 0.25),
        ("cheap", "mined", "place", "ZZ", 0.75),
        ("cheap", "mined", "control", "ZZ", 1.0),
        ("cheap", "refined", "place", "AU", 1.0),
        ("cheap", "refined", "control", "AU", 0.6),
        ("cheap", "refined", "control", "ZZ", 0.4),
    ]


def test_sources_are_the_rows_that_the_plan_says_it_rests_on_and_then_its_limits(plan: Path) -> None:
    told, summary = rows(plan / "sources.csv"), json.loads((plan / "summary.json").read_text("utf-8"))
    facts = [row for row in told if row["table"] != "limits"]
    assert len(facts) == summary["assumed"]["used"] == 30
    assert [(row["table"], row["row"], row["source"]) for row in facts if row["quality"] == "assumed"] == [
        (row["table"], row["row"], row["source"]) for row in summary["assumed_rows"]
    ]
    assert facts[3] == {
        "table": "demand",
        "row": "ohio-cells, lithium, 2027",
        "quality": "assumed",
        "assumed": "",
        "source": "assumed",
        "year": "2027",
    }
    limits = ["china-refined-place", "china-refined-control", "drc-cobalt-mined"]
    assert [row["row"] for row in told[30:]] == limits


def test_rows_that_are_called_the_same_are_told_apart() -> None:
    owners = (Owner(company="mine", country="AU", share=1), Owner(offer="mine", country="AU", share=1))
    offers = [offer("mine", 1, 100), offer("other", 1, 9, company="mine")]
    solution = solved(instance(offers, {"1": 105}, owners=owners))
    assert [row.row for row in list_sources(solution, TONNES) if row.table == "owners"] == ["mine, AU", "mine, AU (2)"]


@pytest.mark.parametrize("need", [{"2027": 100}, {"2027": 100, "2028": 50}])
def test_a_cap_over_the_horizon_stands_beside_the_shares_of_the_horizon(need: dict[str, float]) -> None:
    scope: dict[str, Any] = {"country": "CN", "basis": "place", "stages": ["refined"], "per": "horizon"}
    cap = ShareCap(name="cap", max_share=0.4, hard=True, **scope)
    account = solved(instance([offer("cheap", 1, 100, "CN"), offer("dear", 9, 100)], need, cap)).account
    china = ("refined", "place", "CN")
    told = [row for row in list_shares(account, TONNES) if (row.stage, row.basis, row.country) == china]
    assert [row.period for row in told] == [*need, ""]
    assert {row.cap for row in told[:-1]} == {None}
    assert (told[-1].share, told[-1].cap, told[-1].counted) == pytest.approx((0.4, 0.4, 0.4))


@pytest.fixture(scope="module")
def priced(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a plan of which the limits were priced."""
    asked = enforce(bundled("tutorial-lithium-cobalt"))
    found = price_limits(asked, find_limits(asked, ()), settings_of(asked))
    folder = tmp_path_factory.mktemp("priced") / "plan"
    write_plan(replace(found.base, prices=found.prices), folder)
    return folder


def test_prices_stand_in_the_plan_as_the_command_that_finds_them_prints_them(priced: Path) -> None:
    said = lodeplan("price", ROOT / "instances/tutorial-lithium-cobalt", "--csv")
    assert (priced / "prices.csv").read_text("utf-8") == said.out
    assert lodeplan("audit", priced, ROOT / "instances/tutorial-lithium-cobalt").out.count("note:") == 0
    assert "Nothing else changed" in lodeplan("compare", priced, priced).out


@pytest.mark.parametrize(
    ("column", "new", "note"),
    [
        ("level", "0.7", "prices.csv:2 level says 0.7, and the plan worked out anew says 0.6"),
        ("looser level", "", "prices.csv:2 looser level says nothing, and the plan worked out anew says 0.61"),
        ("saved without most", "1000000", "prices.csv:2 saved without least: 1100000 is above 1000000"),
        ("saved looser least", "-5", "prices.csv:2 saved looser least: 0 is above -5"),
    ],
)
def test_an_audit_notes_prices_that_cannot_be(priced: Path, tmp_path: Path, column: str, new: str, note: str) -> None:
    edited = shutil.copytree(priced, tmp_path / "plan")
    set_cell(edited / "prices.csv", column, new, limit="drc-cobalt-mined")
    said = lodeplan("audit", edited, ROOT / "instances/tutorial-lithium-cobalt")
    assert said.code == 0
    assert said.out.startswith(f"note: {note}")


def test_an_audit_notes_sources_and_origins_that_the_plan_does_not_have(plan: Path, tmp_path: Path) -> None:
    edited = shutil.copytree(plan, tmp_path / "plan")
    set_cell(edited / "attribution.csv", "share", "0.5", offer="kokkola", basis="place")
    set_cell(edited / "sources.csv", "quality", "seen", row="greenbushes")
    said = lodeplan("audit", edited, ROOT / "instances/tutorial-lithium-cobalt").out
    assert said.startswith("note: attribution.csv:")
    assert "share says 0.5, and the plan worked out anew says 1 (and so in 1 further place)" in said


def test_what_is_not_priced_is_empty() -> None:
    limit = ShareCap(name="cap", country="CN", basis="place", max_share=1, hard=True)
    row = price_row(Price(limit, None, one_notch_looser(limit), None), TONNES)
    empty = [column.field for column in PRICES.columns if column.cell(row) is None]
    assert {*empty} == {"looser_level", *(column.field for column in PRICES.columns if SOLVED in column.roles)}
    assert price_row(Price(limit, Saving(0.0, math.inf), None, FREE), TONNES).saved_without_most is None
