"""What all records promise."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from models.market import TABLES
from optimizer.load import load

if TYPE_CHECKING:
    from pathlib import Path


def test_a_copy_forgets_what_was_worked_out_from_the_old_values(small: Path) -> None:
    instance = load(small)
    market = instance.market
    name = market.offers[0].offer
    before = (market.offer[name].capacity, instance.digest)
    larger = market.model_copy(update={"offers": tuple(o.model_copy(update={"capacity": 7e6}) for o in market.offers)})
    after = instance.model_copy(update={"market": larger})
    assert (larger.offer[name].capacity, market.offer[name].capacity) == (7e6, before[0])
    assert after.digest != before[1]


@pytest.mark.parametrize("table", TABLES)
def test_what_a_record_says_of_its_table_is_there(table: str) -> None:
    record = TABLES[table]
    given = {kind for other in TABLES.values() for kind in other.NAMES.values()} | {"periods", "bases"}
    columns = {*record.KEY, *record.NAMES, *record.REFERS, *record.PART, *record.AMOUNTS, *record.UNIT_PRICES}
    assert columns <= set(record.model_fields)
    assert {kind for said in record.REFERS.values() for kind in said.split(" and ")} <= given
    assert all(column in {*record.REFERS, *record.NAMES} for column in record.PART)


@pytest.mark.parametrize("table", [table for table, record in TABLES.items() if record.AMOUNTS or record.UNIT_PRICES])
def test_figures_follow_the_basis_of_a_row(small: Path, table: str) -> None:
    row = getattr(load(small).market, table)[0]
    restated = row.in_basis(4, ())
    for column in (*row.AMOUNTS, *row.UNIT_PRICES):
        before, after = getattr(row, column), getattr(restated, column)
        assert after == (before if before is None else before * (4 if column in row.AMOUNTS else 0.25))
    assert restated.in_basis(0.25, ()).key == row.key
