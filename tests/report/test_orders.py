"""The table of a plan that is in the units and currencies of its offers."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING

import pytest

from models.records.bases import units_held
from tests.cli.command import lodeplan
from tests.test_bases import restate

if TYPE_CHECKING:
    from pathlib import Path


def test_orders_are_as_their_offers_state_them(small: Path, tmp_path: Path) -> None:
    held = units_held("kg LCE", of="t Li content")
    carbonate = {"price": repr(9000 * held / 1.1), "basis": "kg LCE", "currency": "EUR"}
    restate(small, "offers", "Pilbara", capacity=repr(2000 / held), **carbonate)
    restate(small, "offers", "Atacama", price="3.855", price_basis="lb Li")
    (small / "rates.csv").write_text("currency,rate\nEUR,1.1\n", encoding="utf-8")
    assert lodeplan("solve", str(small), "-o", str(tmp_path / "plan"), "-q").code == 0
    with (tmp_path / "plan/orders.csv").open(encoding="utf-8", newline="") as file:
        orders = {(row["offer"], row["period"]): row for row in csv.DictReader(file)}
    with (tmp_path / "plan/purchases.csv").open(encoding="utf-8", newline="") as file:
        bought = [row for row in csv.DictReader(file) if (row["offer"], row["period"]) == ("Pilbara", "2028")]
    ours, plain = orders["Pilbara", "2028"], orders["Syrah", "2027"]
    assert float(ours["quantity"]) * held == pytest.approx(sum(float(row["quantity [t]"]) for row in bought))
    assert float(ours["paid"]) * 1.1 == pytest.approx(sum(float(row["purchase [USD]"]) for row in bought))
    assert float(ours["price"]) == pytest.approx(9000 * held / 1.1)
    assert (ours["basis"], ours["currency"], ours["unit of price"]) == ("kg LCE", "EUR", "EUR per kg LCE")
    assert (plain["basis"], plain["currency"], plain["unit of price"]) == ("t", "USD", "USD per t")
    by_weight = orders["Atacama", "2028"]
    assert (by_weight["basis"], by_weight["unit of price"]) == ("t Li content", "USD per lb Li")
    assert float(by_weight["price"]) == pytest.approx(3.855)
    checked = lodeplan("audit", str(tmp_path / "plan"), str(small))
    assert (checked.code, "orders.csv" in checked.out + checked.err) == (0, False)


def test_a_plan_whose_offers_are_in_its_own_units_has_no_orders(small: Path, tmp_path: Path) -> None:
    assert lodeplan("solve", str(small), "-o", str(tmp_path / "plan"), "-q").code == 0
    assert not (tmp_path / "plan/orders.csv").exists()
    assert json.loads(lodeplan("solve", str(small), "--json").out)["orders"] is None
