"""Who is behind what is in each product of a plan."""

from __future__ import annotations

import pytest

from models.market import BillOfMaterials, Stock
from models.market.products import with_products
from optimizer.report.products import format_products
from optimizer.tables import plan_rows, tables_of
from optimizer.tables.content import list_content
from optimizer.tables.table import Units
from tests.blocks.markets import ORE, instance, offer, solved
from tests.limits.test_content_cap import asked


def test_products_of_a_site_share_its_mix_and_those_of_another_have_their_own() -> None:
    both = ("cell", "plant", 10), ("pack", "plant", 20), ("cell", "works", 5)
    account = solved(asked(*both, products=["pack"], max_share=0.25)).account
    rows = list(list_content(account, Units("t", "USD")))
    placed = {
        (row.product, row.site, row.country): (row.quantity, row.share)
        for row in rows
        if (row.stage, row.basis) == ("refined", "place")
    }
    assert placed == {
        ("cell", "plant", "CN"): pytest.approx((20, 0.25)),
        ("cell", "plant", "AU"): pytest.approx((60, 0.75)),
        ("pack", "plant", "CN"): pytest.approx((5, 0.25)),
        ("pack", "plant", "AU"): pytest.approx((15, 0.75)),
        ("cell", "works", "CN"): pytest.approx((40, 1)),
    }
    assert {row.country for row in rows if row.basis == "control"} == {"ZZ"}


def test_what_comes_out_of_a_stock_is_nobodys_in_the_table_as_in_the_cap() -> None:
    stock = [Stock(site="plant", material=ORE, opening=20, capacity=20)]
    held = [BillOfMaterials(product="cell", material=ORE, quantity=6, scrap=0.25)]
    given = asked(("cell", "plant", 10), max_share=0.25)
    market = given.market.model_copy(update={"stock": tuple(stock), "bill_of_materials": tuple(held), "demand": ()})
    solution = solved(given.model_copy(update={"market": with_products(market)}))
    rows = list(list_content(solution.account, Units("t", "USD")))
    chinese = sum(row.quantity for row in rows if (row.stage, row.basis, row.country) == ("refined", "place", "CN"))
    ((_, reading),) = solution.account.readings
    assert chinese / 60 == pytest.approx(reading.used) == pytest.approx(0.25)
    assert ["not", "bought", "25.0%", "25.0%", "ore"] in [
        line.split() for line in format_products(solution).splitlines()
    ]


def test_the_text_tells_the_largest_countries_of_each_product() -> None:
    said = format_products(
        solved(asked(("cell", "plant", 10), ("pack", "works", 5), products=["cell"], max_share=0.25))
    )
    rows = [line.split() for line in said.splitlines()]
    assert ["refined", "ZZ", "0.0%", "100.0%", "ore"] in rows
    assert ["AU", "75.0%", "0.0%", "ore"] in rows
    assert ["CN", "25.0%", "0.0%", "ore"] in rows
    assert ["pack", "mined", "ZZ", "100.0%", "100.0%", "ore"] in rows
    assert format_products(solved(instance([offer("near", 10)], {"1": 1}))) == ""


def test_a_plan_without_products_has_no_such_table() -> None:
    plain = solved(instance([offer("near", 10)], {"1": 1}))
    assert "content" not in {table.name for table in tables_of(plain)}
    assert plan_rows(plain)["content"] is None
