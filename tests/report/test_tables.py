"""A table of a plan follows from its declaration: headings, cells, what is read back and what is refused."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Literal

import pytest

from optimizer.tables import PLAN_TABLES
from optimizer.tables.frames import build_frame, to_csv
from optimizer.tables.reading import TableReader
from optimizer.tables.table import COMPARED, KEY, SHARE, Role, Row, Table, Unit, Units
from tests.blocks.markets import instance, offer, solved

if TYPE_CHECKING:
    from collections.abc import Iterator

    from optimizer.tables.table import PlannedInstance

TONNES = Units("t", "USD")


@dataclass(frozen=True, slots=True)
class Footprint(Row):
    """What making a tonne sets free."""

    offer: Annotated[str, KEY]
    scope: Literal["mine", "mine and works"]
    carbon_dioxide: Annotated[float | None, Unit("kg CO2 per {mass}"), COMPARED]
    price_of_it: Annotated[float, Unit("{currency} per 100 kg")]
    part: Annotated[float, SHARE]
    audited: bool


def list_footprints(_planned: PlannedInstance, _: Units) -> Iterator[Footprint]:
    yield Footprint("=one", "mine", 12.5, 3.0, 0.25, audited=True)
    yield Footprint("two", "mine and works", None, 1 / 3, 0.75, audited=False)


FOOTPRINTS = Table("footprints", Footprint, list_footprints)
TEXT = """\
offer,scope,carbon dioxide [kg CO2 per t],price of it [USD per 100 kg],part [share],audited
'=one,mine,12.5,3,0.25,yes
two,mine and works,,0.333333333333,0.75,no
"""


def test_a_table_is_written_as_its_columns_say() -> None:
    text = io.StringIO()
    to_csv(build_frame(FOOTPRINTS, solved(instance([offer("one", 1)], {"1": 1})), TONNES), text)
    assert text.getvalue() == TEXT


def test_a_table_is_read_back_by_its_keys_in_any_unit() -> None:
    reader = TableReader(units=TONNES)
    rows = reader.rows(FOOTPRINTS, io.StringIO(TEXT), FOOTPRINTS.names(COMPARED))
    values = {key: [reader.value(cells, column) for column in FOOTPRINTS.columns[1:]] for (key,), cells in rows.items()}
    assert values == {
        "=one": ["mine", 12.5, 3.0, 0.25, "yes"],
        "two": ["mine and works", pytest.approx(float("nan"), nan_ok=True), 0.333333333333, 0.75, "no"],
    }
    assert not reader.problems


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        (
            "kg CO2 per t]",
            "kg CO2 per kg]",
            "footprints.csv:1 carbon dioxide [kg CO2 per kg]: the instance counts it in kg CO2 per t; {cure}",
        ),
        (
            "mine and",
            "mines and",
            "footprints.csv:3 scope: 'mines and works' is not one of mine, mine and works{near}",
        ),
        ("12.5", "some", "footprints.csv:2 carbon dioxide: 'some' is not a number; write one such as 1234.5"),
        ("yes", "true", "footprints.csv:2 audited: 'true' is neither yes nor no; write yes or no"),
        ("two", "'=one", "footprints.csv:3 =one stands in line 2 too; keep one"),
    ],
)
def test_what_a_column_cannot_hold_is_refused_in_one_sentence(old: str, new: str, problem: str) -> None:
    reader = TableReader(units=TONNES)
    for cells in reader.rows(FOOTPRINTS, io.StringIO(TEXT.replace(old, new))).values():
        for column in FOOTPRINTS.columns:
            reader.value(cells, column)
    cure, near = "convert it and write carbon dioxide [kg CO2 per t]", " (did you mean mine and works?)"
    assert reader.problems == [problem.format(cure=cure, near=near)]


@pytest.mark.parametrize("table", PLAN_TABLES, ids=lambda table: table.name)
def test_the_rows_of_every_table_have_a_name_and_columns_of_their_own(table: Table[Any]) -> None:
    assert table.names(KEY)
    assert len(table.by_name) == len(table.columns)
    assert all(column.kind == "text" for column in table.columns if Role.KEY in column.roles)
