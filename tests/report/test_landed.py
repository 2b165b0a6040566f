"""A processor's fee is no price of metal, and a material costs at the sites what its whole chain costs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from models.market import Lane
from optimizer.folders.plans import summary
from optimizer.report.terminal import format_report
from tests.blocks.markets import instance, mined, offer, solved
from tests.cli.command import copied, lodeplan

if TYPE_CHECKING:
    from pathlib import Path

LANES = [
    Lane(origin="mine", destination="refinery", freight=1),
    Lane(origin="refinery", destination="plant", freight=2),
    Lane(origin="trader", destination="plant"),
]
OFFERS = [mined("mine", 10), offer("refinery", 4, 60, yield_=0.5), offer("trader", 50)]


def test_a_route_costs_what_its_whole_chain_costs_by_name(tmp_path: Path) -> None:
    said = lodeplan("solve", copied("tutorial-lithium-cobalt", tmp_path), "-o", tmp_path / "plan").out
    rows = [line.split("  ") for line in said.partition("Landed at the sites")[2].splitlines()]
    told = [[cell.strip() for cell in row if cell.strip()] for row in rows]
    # 500 t of ore at 32 000 give 400 t at 40 000 before the fee
    assert ["china-lithium", "250", "40 000", "8 000", "48 000"] in told
    assert ["kwinana", "150", "40 000", "14 000", "54 000"] in told
    # 500 t of ore at 32 000, 600 t bought at 50 000, 250 t refined at 8 000 and 150 t at 14 000, over 1 000 t
    assert ["all", "1 000", "50 100"] in told
    assert ["all", "500", "28 400"] in told
    assert "a fee for processing is no price of the material." in said


def test_what_arrives_costs_what_its_whole_chain_costs_without_what_is_unmet() -> None:
    plan = solved(instance(OFFERS, {"2027": 200}, lanes=LANES, shortage_cost=1000))
    # 60 refined of 120 mined at 11, for 6 each; 100 bought at 50; 40 are unmet
    (row,) = summary(plan)["landed"]
    assert row == {
        "material": "ore",
        "arrives": pytest.approx(160),
        "cost": pytest.approx(120 * 11 + 60 * 6 + 100 * 50),
        "unit_cost": pytest.approx(6680 / 160),
    }


def test_prices_of_metal_alone_need_no_word_on_fees() -> None:
    assert "fee" not in format_report(solved(instance([offer("trader", 50)], {"2027": 10})))
