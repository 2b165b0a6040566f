"""What rests on nobody's word is said with the answer: how much of a level, whose word is missing, and the cures."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from models.limits.ban import Ban
from models.limits.hhi_cap import HhiCap
from models.limits.quantity_cap import QuantityCap
from models.limits.share_cap import ShareCap
from models.market import Owner, Stock
from optimizer.dump import dump
from optimizer.reasons import list_reasons
from optimizer.tables.limits import list_uses
from optimizer.tables.table import Units
from tests.blocks.markets import instance, offer, solved
from tests.cli.command import copied, lodeplan

if TYPE_CHECKING:
    from pathlib import Path

    from models.limits import Limit

WITHOUT = ("sqm", "kwinana-refining", "china-lithium-refiners", "albemarle")
SHUT = (
    "Limit china-refined-control: what is undisclosed of refined lithium (100% of every offer) counts against CN, so "
    "nothing of it may be bought; add rows to owners for sqm, china-lithium-refiners, kwinana-refining and albemarle, "
    'or write undisclosed = "apart" on the limit.'
)
OFFERS = [offer("far", 8, 60, "CN"), offer("known", 9, 50), offer("nobody's", 1, 90)]
OWNERS = [Owner(company="far", country="CN", share=1), Owner(company="known", country="AU", share=1)]
ON_CHINA = {"country": "CN", "basis": "control", "stages": ["refined"]}


@pytest.fixture
def unowned(tmp_path: Path) -> Path:
    """Return the tutorial without the owners of whoever refines lithium, where a tonne unmet costs 200 000 USD."""
    folder = copied("tutorial-lithium-cobalt", tmp_path)
    owners = (folder / "owners.csv").read_text("utf-8").splitlines(keepends=True)
    kept = "".join(line for line in owners if not line.startswith(WITHOUT))
    (folder / "owners.csv").write_text(kept, "utf-8")
    materials = pd.read_csv(folder / "materials.csv")
    materials["shortage_cost"] = [200000, None]
    materials.to_csv(folder / "materials.csv", index=False)
    return folder


def test_a_cap_that_undisclosed_owners_use_up_is_named_where_all_is_unmet(unowned: Path) -> None:
    said = lodeplan("solve", unowned).out
    assert SHUT in said.splitlines()
    assert "Letting nothing through, as too much is undisclosed: china-refined-control (refined lithium)" in said
    brief = lodeplan("solve", unowned, "-q").out
    assert "1 000 t of lithium unmet (100% of demand); undisclosed owners shut out all refined lithium" in brief
    (shut,) = json.loads(lodeplan("solve", unowned, "--json").out)["undisclosed"]
    assert shut == {
        "limit": "china-refined-control",
        "material": "lithium",
        "stage": "refined",
        "who": ["CN"],
        "share": 1.0,
        "owners_of": ["sqm", "china-lithium-refiners", "kwinana-refining", "albemarle"],
        "origins_of": [],
    }


@pytest.mark.parametrize("command", ["explain", "explain atacama", "price"])
def test_what_explains_a_plan_names_it_as_well(command: str, unowned: Path) -> None:
    verb, *rest = command.split()
    assert SHUT in lodeplan(verb, unowned, *rest).out.splitlines()


def test_the_cures_that_are_named_do_what_they_say(unowned: Path) -> None:
    apart = lodeplan("solve", unowned, "-q", "--set", "limits.china-refined-control.undisclosed=apart")
    assert "unmet" not in apart.out
    owners = unowned / "owners.csv"
    rows = "".join(f"{company},,AU,1,,assumed,2027\n" for company in WITHOUT)
    owners.write_text(owners.read_text("utf-8") + rows, "utf-8")
    assert "unmet" not in lodeplan("solve", unowned, "-q").out


def test_an_explanation_does_not_lay_what_is_undisclosed_at_a_country_that_sells_nothing(tmp_path: Path) -> None:
    dump(instance(OFFERS[2:], {"2027": 50}), tmp_path / "base")
    said = lodeplan("explain", tmp_path / "base", "--cap", "RU=40%").out
    assert (
        "- limit cap RU control: of the 50 t of refined ore that are needed in 2027 at least 50 count against RU by "
        "control, for what is undisclosed, and 20 may; add rows to owners for nobody's, or write undisclosed = "
        '"apart" on the limit'
    ) in said.splitlines()
    assert "though nothing is known to hang on RU by control: it is undisclosed (limit cap RU control" in said


def test_where_stock_might_cover_what_is_needed_a_cap_that_shuts_a_stage_is_named_all_the_same(tmp_path: Path) -> None:
    stock = [Stock(site="plant", material="ore", capacity=5, opening=5)]
    dump(instance(OFFERS[2:], {"2027": 50}, stock=stock), tmp_path / "base")
    assert (
        "- limit cap RU control: what is undisclosed of refined ore (100% of every offer) counts against RU, so "
        "nothing of it may be bought; add rows to owners for nobody's, or write undisclosed = "
        '"apart" on the limit'
    ) in lodeplan("solve", tmp_path / "base", "--cap", "RU=40%").err.splitlines()


def test_what_must_be_bought_undisclosed_is_counted_with_what_is_declared() -> None:
    # 50 are Australia's, and the other 80 China's or nobody's
    short = instance(OFFERS, {"2027": 130}, ShareCap(name="cap", max_share=0.2, hard=True, **ON_CHINA), owners=OWNERS)
    (told,) = list_reasons(short)
    assert told == (
        "limit cap: of the 130 t of refined ore that are needed in 2027 at least 80 count against CN by control, for "
        'what is undisclosed, and 26 may; add rows to owners for nobody\'s, or write undisclosed = "apart" on the limit'
    )


USED: list[tuple[Limit, float, float]] = [
    (ShareCap(name="cap", max_share=0.6, hard=True, **ON_CHINA), 0.6, 0.6),
    (QuantityCap(name="cap", max_quantity=70, hard=True, **ON_CHINA), 70, 70),
    (Ban(name="cap", max_quantity=90, hard=True, **ON_CHINA), 90, 90),
    # shares of 0.9 of nobody's and 0.1 of Australia, at worst one source: 1 - 0.01
    (HhiCap(name="cap", count="country", basis="control", stages=["refined"], max_hhi=1, hard=True), 1.0, 0.99),
]


@pytest.mark.parametrize(("limit", "used", "undisclosed"), USED)
def test_a_reading_says_how_much_of_what_is_used_is_undisclosed(limit: Limit, used: float, undisclosed: float) -> None:
    plan = solved(instance(OFFERS, {"2027": 100}, limit, owners=OWNERS))
    row = next(list_uses(plan.account, Units("t", "USD")))
    assert (row.used, row.undisclosed) == pytest.approx((used, undisclosed))
