"""Figures that stand against each other in a sentence: where they differ, so do their texts."""

from __future__ import annotations

import math
import re
from typing import Any

import pytest

from models.records.wording import format_amount, format_apart, format_percent, format_whole
from optimizer.audit import audit
from optimizer.explain.answer import explain
from optimizer.explain.offer import OfferExplained
from optimizer.explain.repairs import LevelMove
from optimizer.reasons import list_reasons
from optimizer.report.answer import format_moneys
from optimizer.report.explanation import describe_step
from optimizer.report.offer_explanation import format_offer
from optimizer.report.terminal import format_report
from optimizer.results.account import Account
from optimizer.results.plan import Plan
from optimizer.results.solution import settings_of
from tests.blocks.markets import instance
from tests.blocks.markets import offer as blocks_offer
from tests.cli.command import ROOT, lodeplan
from tests.found.test_found import market, need, offer, solved


@pytest.mark.parametrize(
    ("figures", "told"),
    [
        ((1000.001, 1000), ["1 000.001", "1 000"]),
        ((700, 600), ["700", "600"]),
        ((1234567.8, 1234567.8), ["1 234 570", "1 234 570"]),
        ((1234567.8, 1234568), ["1 234 567.8", "1 234 568"]),
        ((0.1 + 0.2, 0.3), ["0.3", "0.3"]),
        ((math.inf, math.inf, math.nan, math.nan), ["inf", "inf", "nan", "nan"]),
    ],
)
def test_figures_have_the_digits_that_tell_them_apart(figures: tuple[float, ...], told: list[str]) -> None:
    assert format_apart(*figures) == told


def test_shares_money_and_whole_numbers_are_told_apart_as_well() -> None:
    assert format_apart(0.35, 0.3500001, spell=format_percent) == ["35%", "35.00001%"]
    assert format_moneys("USD", 1_054_600, 1_047_053) == ["1.055 million USD", "1.047 million USD"]
    assert format_moneys("USD", 79_841_000, 79_838_000) == ["79.841 million USD", "79.838 million USD"]
    assert format_apart(10.4, 9.9, spell=format_whole) == ["10.4", "9.9"]
    assert format_amount(1234567.8) == "1 234 570"


def test_a_reason_tells_the_demand_from_what_can_be_supplied() -> None:
    short = market({"offers": [offer("a", 1, 1000)], "demand": [need(1000.001)]})
    assert list_reasons(short) == ["ore in p: demand is 1 000.001 t and at most 1 000 can be supplied"]


def test_a_finding_tells_what_is_bought_from_what_may_be() -> None:
    asked = market(
        {"offers": [offer("a", 1, 1000), offer("b", 1, 1000)], "demand": [need(2000.002)]},
        {"kind": "share_cap", "name": "cap", "company": "a", "max_share": 0.5, "stages": ["refined"]},
    )
    plan = Plan(flow={("a", "plant", "p"): 1000.005, ("b", "plant", "p"): 999.997}, unmet={}, stock={}, signed={})
    assert audit(Account(asked.market.prepared, asked.limits, plan)) == [
        "a: 1 000.005 bought in p is above the capacity of 1 000",
        "limit cap: ore / refined / a / p uses 50.0002% where at most 50% is allowed",
    ]


def test_a_move_tells_the_new_level_from_the_old() -> None:
    asked = market(
        {"offers": [offer("a", 1)], "demand": [need(10)]},
        {"kind": "quantity_cap", "name": "cap", "company": "a", "max_quantity": 123456},
    )
    (cap,) = asked.limits
    step = LevelMove(("ore",), cap, cap.model_copy(update={"max_quantity": 123456.4}), (), least=True)
    assert describe_step(step, asked) == "allow 123 456.4 t of all of it from a instead of 123 456 t (limit cap)"


def test_a_share_just_above_one_is_told_as_it_was_written() -> None:
    said = lodeplan("whatif", ROOT / "instances" / "tutorial-lithium-cobalt", "--cap", "CN=1.0000001")
    assert said.err == "--cap CN=1.0000001: 1.0000001 is not a share; write one from 0 to 1, or from 0% to 100%\n"


def test_levels_are_told_with_their_unit() -> None:
    stock = [{"site": "plant", "material": "ore", "opening": 0, "capacity": 40}]
    tables = {"offers": [offer("a", 1), offer("b", 2)], "demand": [need(73)], "stock": stock}
    scope: dict[str, Any] = {"stages": ["refined"]}
    limits = [
        {"kind": "cover_floor", "name": "cover", "min_days": 60, "group": "each"},
        {"kind": "quantity_cap", "name": "most of a", "company": "a", "max_quantity": 40} | scope,
        {"kind": "share_cap", "name": "of b", "company": "b", "max_share": 0.655, "watch": True, "hard": None} | scope,
    ]
    told = format_report(solved(market(tables, *limits)))
    assert re.findall(r"(at (?:most|least) .*)", told) == [
        "at least 60 days",
        "at most 40 t",
        "at most 65.5%",
    ]
    assert re.search(r"52\.9%  met$", told, re.MULTILINE)


def test_the_price_at_which_an_offer_turns_is_told_from_its_own() -> None:
    asked = instance([blocks_offer("near", 10), blocks_offer("far", 10.0004)], {"1": 50.0})
    found = explain(asked, settings_of(asked, gap=0.0), "far")
    assert isinstance(found, OfferExplained)
    told = "from far (far, AU) at 10.0004 USD a t. It comes in below 10.0000 USD a t. The plan costs 500 USD"
    assert told in format_offer(found).splitlines()[0]
