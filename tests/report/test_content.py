"""Who is behind what is in each product of a plan."""

from __future__ import annotations

import pytest

from optimizer.report.products import format_products
from optimizer.tables import plan_rows, tables_of
from optimizer.tables.content import list_content
from optimizer.tables.table import Units
from tests.blocks.markets import instance, offer, solved
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
