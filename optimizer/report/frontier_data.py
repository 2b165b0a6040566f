"""A frontier as data for programs and spreadsheets: one JSON document, one tidy table."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from optimizer.report.caveats import list_columns, list_headings
from optimizer.results.caveats import Caveats, caveats_in
from optimizer.results.interval import finite_or_none
from optimizer.sweep.found import BASES, Concentration, Found
from optimizer.sweep.knee import knees
from optimizer.tables.frames import csv_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from models.enforcement import EnforcedInstance
    from optimizer.sweep.axis import Axis
    from optimizer.sweep.points import Point


@dataclass(frozen=True)
class Frontier:
    """What a sweep asked, and what it found so far."""

    instance: EnforcedInstance
    """The instance that the axes change."""
    axes: Sequence[Axis]
    points: Sequence[Point]
    found: Mapping[int, Found]

    @property
    def knees(self) -> frozenset[int]:
        """Numbers of the points that are the knee of their line."""
        return knees(self.points, self.found)

    def plan_folder(self, number: int) -> str:
        """Return where the plan of a point stands in the folder of the sweep."""
        return f"plans/{number + 1:0{len(str(len(self.points)))}d}"


def as_rows(frontier: Frontier) -> list[dict[str, Any]]:
    """Return every point found as plain data: money in the currency, shares from 0 to 1, what is not known is None."""
    return [
        {
            "levels": [level.text for level in point.levels],
            "status": there.status,
            "proven": there.status == "proven",
            "cost": finite_or_none(there.cost),
            "bound": finite_or_none(there.bound),
            "gap": finite_or_none(there.gap),
            **({} if there.expected is None else {"expected": there.expected, "measured": there.measured}),
            **(there.caveats.as_data() if there.has_plan else dict.fromkeys(Caveats().as_data())),
            "knee": point.number in frontier.knees,
            "solved": there.solved,
            "same_plan": there.same_plan,
            "place": None if there.place is None else there.place._asdict(),
            "control": None if there.control is None else there.control._asdict(),
            "reason": there.reason,
            "plan": frontier.plan_folder(point.number) if there.has_plan else None,
        }
        for point in frontier.points
        if (there := frontier.found.get(point.number)) is not None
    ]


def read_point(row: Mapping[str, Any], number: int) -> Found:
    """Return a point from its row; raises KeyError or TypeError when it is none."""
    place, control = (None if row[basis] is None else Concentration(**row[basis]) for basis in BASES)
    return Found(
        number=number,
        status=row["status"],
        solved=row["solved"],
        reason=row["reason"],
        expected=row.get("expected"),
        measured=row.get("measured"),
        cost=math.inf if row["cost"] is None else float(row["cost"]),
        bound=-math.inf if row["bound"] is None else float(row["bound"]),
        same_plan=row["same_plan"],
        place=place,
        control=control,
        caveats=Caveats() if row["unmet"] is None else caveats_in(row),
    )


def as_csv(frontier: Frontier) -> str:
    """Return the table of points as CSV."""
    return csv_text(points_table(frontier))


def points_table(frontier: Frontier) -> pd.DataFrame:
    """Return the points found as one tidy table.

    The level of each axis (shares from 0 to 1; relative ones as they are written), status, cost, bound, gap, where it
    is planned for scenarios the expected cost and the measure of risk beside it (`Found`), what the plan leaves out
    (`optimizer.report.caveats.list_columns`), knee, solved (yes, or known without), same plan (as the point before),
    and by place and by control the greatest share of one country, whose that is, and the greatest HHI; the folder of
    the plan.
    """
    money = f"[{frontier.instance.currency}]"
    rows = []
    at_risk = any(there.expected is not None for there in frontier.found.values())
    left_out = list_headings(frontier.instance.mass_unit, frontier.instance.currency)
    for row in as_rows(frontier):
        place, control = (row[basis] or {"share": None, "of": "", "hhi": None} for basis in BASES)
        rows.append(
            [
                row["status"],
                *(row[name] for name in ("cost", "bound", "gap")),
                *(row.get(name) for name in ("expected", "measured") if at_risk),
                *list_columns(None if row["unmet"] is None else caveats_in(row)).values(),
                "yes" if row["knee"] else "no",
                "yes" if row["solved"] else "known",
                "yes" if row["same_plan"] else "no",
                *(spread[name] for spread in (place, control) for name in ("share", "of", "hhi")),
                row["plan"] or "",
            ]
        )
    spread = [f"{basis} {name}" for basis in BASES for name in ("[share]", "of", "HHI")]
    names = [
        "status",
        f"cost {money}",
        f"bound {money}",
        "gap [share]",
        *(f"{name} {money}" for name in ("expected", "measured") if at_risk),
        *left_out.values(),
        "knee",
        "solved",
        "same plan",
        *spread,
        "plan",
    ]
    frame = pd.DataFrame(rows, columns=names)
    known = [point for point in frontier.points if point.number in frontier.found]
    for place_of_axis, axis in enumerate(frontier.axes):
        levels = [point.levels[place_of_axis] for point in known]
        cells = [level.number if level.is_absolute else level.text for level in levels]
        frame.insert(place_of_axis, axis.change, cells)
    return frame
