"""What a frontier says of costs that are known within a gap only, and of points that are not known."""

from __future__ import annotations

import csv
import math
from typing import TYPE_CHECKING

from models.enforcement import enforce
from optimizer.report.frontier import as_text
from optimizer.report.frontier_data import Frontier, as_csv, as_rows, read_point
from optimizer.report.frontier_picture import draw
from optimizer.sweep.axis import read_axis
from optimizer.sweep.found import Concentration, Found
from optimizer.sweep.points import points_of
from tests.cli.command import bundled

if TYPE_CHECKING:
    from pathlib import Path

TUTORIAL = enforce(bundled("tutorial-lithium-cobalt"))
SPREAD = Concentration(0.4, "CN, refined cobalt", 0.3)


def frontier(*found: Found) -> Frontier:
    """Return a frontier of four points, the first ones found."""
    axis = read_axis("cap refined/*:CN=20%..80%:4", TUTORIAL)
    return Frontier(TUTORIAL, [axis], points_of(TUTORIAL, [axis]), {there.number: there for there in found})


def rows(text: str) -> list[list[str]]:
    """Return the cells of the table, without those that are empty."""
    table = text.split("\n\n")[1].splitlines()[2:]
    return [[cell for cell in (part.strip() for part in line.split("  ")) if cell] for line in table]


def test_a_difference_within_gaps_is_told_as_an_interval() -> None:
    found = [
        Found(0, "proven", solved=True, cost=1000.0, bound=990.0, place=SPREAD),
        Found(1, "stopped", solved=True, cost=1100.0, bound=1050.0),
        Found(2, "proven", solved=True, cost=5000.0, bound=5000.0),
    ]
    assert rows(as_text(frontier(*found)))[:3] == [
        ["80%", "1 000", "0 to 10", "1%", "CN 40.0%"],
        ["60%", "stopped", "1 100", "50 to 110", "4.5%"],
        ["40%", "5 000", "4 000", "0%"],
    ]
    unknown = Found(3, "stopped", solved=True, cost=9000.0)
    assert [row[-2:] for row in rows(as_text(frontier(*found[1:], unknown)))[1:]] == [
        ["0 or more", "4.5%"],
        ["3 900 or more", "0%"],
        ["0 or more", "not known"],
    ]


def test_points_without_a_plan_stay_in_the_table_each_with_its_reason_to() -> None:
    text = as_text(
        frontier(
            Found(0, "proven", solved=True, cost=1000.0, bound=1000.0),
            Found(1, "none found", solved=True, reason="no plan was found within 1.0 s"),
            Found(2, "no plan", solved=False, reason="there is none"),
        )
    )
    assert text.splitlines()[0].endswith(
        "cap refined/*:CN costs 1 000 USD at 80%. There is no plan at 40% of cap refined/*:CN. "
        "No plan was found in time at 60% of cap refined/*:CN."
    )
    assert text.splitlines()[1] == "1 of 4 points is not solved yet."
    assert rows(text)[1:] == [["60%", "none found"], ["40%", "no plan"], ["20%", "not solved yet"]]


def test_a_row_reads_back_as_the_point_that_it_tells() -> None:
    found = [
        Found(0, "proven", solved=False, cost=1 / 3, bound=0.25, same_plan=True, place=SPREAD, control=SPREAD),
        Found(1, "stopped", solved=True, cost=0.5),
        Found(2, "no plan", solved=True, reason="there is none"),
    ]
    assert [read_point(row, number) for number, row in enumerate(as_rows(frontier(*found)))] == found
    told = list(csv.DictReader(as_csv(frontier(*found)).splitlines()))
    assert [row["solved"] for row in told] == ["known", "yes", "yes"]
    assert [row["bound [USD]"] for row in told] == ["0.25", "", ""]
    assert math.isclose(float(told[0]["cost [USD]"]), 1 / 3)


def test_a_picture_marks_what_is_not_proven_and_says_so(tmp_path: Path) -> None:
    points = frontier(
        Found(0, "proven", solved=True, cost=1000.0, bound=1000.0),
        Found(1, "stopped", solved=True, cost=1100.0, bound=1050.0),
        Found(2, "stopped", solved=True, cost=1200.0),
    )
    draw(points, tmp_path / "frontier.svg")
    drawn = (tmp_path / "frontier.svg").read_text("utf-8")
    assert drawn.count(">?<") == 2
    assert "?: not proven; the least cost may be lower" in drawn
    assert "2 of 3 plans stopped before the proof" in drawn
    assert "hollow" not in drawn
