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


def test_a_fee_is_said_to_be_one_and_the_landed_cost_stands_below(tmp_path: Path) -> None:
    said = lodeplan("solve", copied("tutorial-lithium-cobalt", tmp_path)).out.splitlines()
    fees = [line for line in said if line.endswith("00*")]
    assert [line.split()[-1] for line in fees] == ["000.00*", "000.00*", "000.00*", "000.00*"]
    assert (
        "(* = a fee for processing, with its freight and duty; what is processed is paid for at the stage before)"
        in said
    )
    # 500 t of ore at 32 000, 600 t bought at 50 000, 250 t refined at 8 000 and 150 t at 14 000, over 1 000 t
    assert "lithium                    1 000  50 100.00" in said
    assert "cobalt                       500  28 400.00" in said


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
