"""Read the folder of a sweep as charts see it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from optimizer.charts.shown_sweep import LargestShare, ShownPoint, ShownSweep
from optimizer.errors import InputError
from optimizer.files.json_file import UnreadableJsonError, read_json
from optimizer.folders.place import PLANS, RECORD
from optimizer.results.caveats import caveats_in

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def read_shown_sweep(folder: Path) -> ShownSweep:
    """Return the sweep in a folder as charts see it.

    Raises:
        InputError: when there is none.
    """
    try:
        return show_record(read_json(folder / RECORD, folder))
    except UnreadableJsonError as error:
        why = error.sentence.partition(";")[0]
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError):
        why = "is not the record of a sweep"
    raise InputError([f"{folder}/{RECORD}: {why}; lodeplan sweep -o writes one"])


def show_record(record: Mapping[str, Any]) -> ShownSweep:
    """Return a sweep that is plain data; raises KeyError, TypeError or ValueError among others when it is none."""
    axes = [str(axis["change"]) for axis in record["axes"]]
    return ShownSweep(
        axes=axes,
        words=[str(axis.get("words", axis["change"])) for axis in record["axes"]],
        currency=str(record["currency"]),
        digest=str(record["digest"]),
        complete=bool(record["complete"]),
        points=[_point(row, len(axes)) for row in record["points"]],
    )


def _point(row: dict[str, Any], axes: int) -> ShownPoint:
    """Return a point; raises KeyError, TypeError or ValueError when it is none."""
    level, *line = row["levels"]
    if len(line) != axes - 1:
        raise ValueError(row["levels"])
    has_plan = row["cost"] is not None
    return ShownPoint(
        level=str(level),
        number=_number(str(level)),
        line=str(line[0]) if line else "",
        status=str(row["status"]),
        knee=row["knee"] is True,
        cost=_finite(row["cost"]) if has_plan else None,
        unmet=max((short.share for short in caveats_in(row).unmet), default=0.0) if has_plan else 0.0,
        plan=_plan(row["plan"]),
        place=_most(row["place"]),
        control=_most(row["control"]),
    )


def _number(level: str) -> float:
    """Return the number of a level, below zero where it takes off; raises ValueError when it has none."""
    from models.changes.amounts import split_figure  # which knows limits, and a plan by itself needs none

    figure = split_figure(level)
    if figure is None:
        raise ValueError(level)
    return _finite(f"-{figure.number}" if figure.sign == "-" else figure.number)


def _plan(said: Any) -> str:
    """Return where a plan stands; raises ValueError where that is no folder of plans of the sweep itself."""
    if said is None:
        return ""
    folder, _, name = str(said).partition("/")
    if folder != PLANS or not name.isdigit():
        raise ValueError(said)
    return f"{folder}/{name}"


def _most(said: dict[str, Any] | None) -> LargestShare | None:
    return None if said is None else LargestShare(_finite(said["share"]), str(said["of"]))


def _finite(said: Any) -> float:
    number = float(said)
    if not math.isfinite(number):
        raise ValueError(said)
    return number
