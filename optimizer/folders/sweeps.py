"""The folder of a sweep: what is found is kept point by point, so that a sweep that was stopped goes on from there.

sweep.json      what was asked, and every point found so far
plans/07        the plan folder of a point, by its place in the sweep
frontier.csv    all points, once all are found; frontier.png and frontier.svg likewise
"""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

from optimizer.errors import InputError
from optimizer.files.json_text import json_text
from optimizer.folders.plans import SUMMARY, check_place, write_plan
from optimizer.folders.read_plan import read_plan
from optimizer.whole import written_whole

if TYPE_CHECKING:
    from pathlib import Path

    from optimizer.plan import Plan
    from optimizer.report.frontier_data import Frontier
    from optimizer.solution import Settings
    from optimizer.sweep.found import Found, Result

RECORD = "sweep.json"
_PICTURE = "frontier"
_UNSURE = ("stopped", "none found")
"""What more time may better."""

_IDENTITY = {"digest": "another instance", "axes": "other levels", "gap": "another gap", "solver": "another solver"}
"""What must be the same for a sweep to go on; a point that was stopped is solved again when the time limit is not."""


def asked(frontier: Frontier, settings: Settings) -> dict[str, Any]:
    """Return what a sweep asks, as plain data."""
    instance = frontier.instance
    return {
        "instance": instance.name,
        "title": instance.title,
        "digest": instance.digest,
        "currency": instance.currency,
        "mass_unit": instance.mass_unit,
        "axes": [{"change": axis.change, "levels": [level.text for level in axis.levels]} for axis in frontier.axes],
        "gap": settings.gap,
        "solver": settings.solver,
        "time_limit": settings.time_limit,
    }


def document(frontier: Frontier, settings: Settings) -> dict[str, Any]:
    """Return everything about a sweep as plain data: what was asked, and what is found so far."""
    from optimizer.report.frontier_data import as_rows

    complete = len(frontier.found) == len(frontier.points)
    return asked(frontier, settings) | {"complete": complete, "points": as_rows(frontier)}


class SweepFolder:
    """Keeps a sweep in a folder, while it runs and when it is done."""

    def __init__(self, folder: Path, frontier: Frontier, settings: Settings) -> None:
        """Keep the sweep of `frontier` in `folder`; nothing is touched yet."""
        self.folder = folder
        self._frontier = frontier
        self._settings = settings

    def open(self, *, force: bool) -> dict[int, Found]:
        """Take the place; return what an earlier run of the same sweep found, or with `force` nothing.

        Raises:
            InputError: the place is taken by something else, or by another sweep, or cannot be written.
        """
        check_place(self.folder, force=True, what="sweep", sign=RECORD)
        if (self.folder / RECORD).exists() and not force:
            return self._earlier()
        self._clear()
        self._record()
        return {}

    def keep(self, result: Result) -> None:
        """Write the plan of a point, then the record of all points found; each whole or not at all."""
        if result.solution is not None:
            write_plan(result.solution, self._plan(result.found.number), force=True)
        self._record()

    def plan_of(self, number: int) -> Plan:
        """Return the plan of a point that was kept."""
        return read_plan(self._plan(number), self._frontier.points[number].instance).plan

    def finish(self) -> None:
        """Write the table and the pictures of a complete frontier."""
        from optimizer.report.frontier_data import as_csv
        from optimizer.report.frontier_picture import draw

        with written_whole(self.folder / f"{_PICTURE}.csv") as draft:
            draft.write_text(as_csv(self._frontier), "utf-8", newline="")
        for suffix in ("png", "svg"):
            with written_whole(self.folder / f"{_PICTURE}.{suffix}") as draft:
                draw(self._frontier, draft)

    def _plan(self, number: int) -> Path:
        return self.folder / self._frontier.plan_folder(number)

    def _record(self) -> None:
        text = json_text(document(self._frontier, self._settings))
        with written_whole(self.folder / RECORD) as draft:
            draft.write_text(text, "utf-8")

    def _earlier(self) -> dict[int, Found]:
        from optimizer.report.frontier_data import found_in

        try:
            record = json.loads((self.folder / RECORD).read_text("utf-8"))
            rows = {tuple(row["levels"]): row for row in record["points"]}
            numbers = {tuple(level.text for level in point.levels): point.number for point in self._frontier.points}
            found = {
                numbers[levels]: found_in(row, numbers[levels]) for levels, row in rows.items() if levels in numbers
            }
            before = {key: record[key] for key in asked(self._frontier, self._settings)}
        except (OSError, ValueError, KeyError, TypeError):
            cure = "name another place, or add --force to start anew"
            raise InputError([f"{self.folder}/{RECORD}: is not the record of a sweep; {cure}"]) from None
        self._must_be_the_same(before)
        more_time = before["time_limit"] != self._settings.time_limit
        return {
            number: there
            for number, there in found.items()
            if not (there.has_plan and not (self._plan(number) / SUMMARY).is_file())
            and not (more_time and there.status in _UNSURE)
        }

    def _must_be_the_same(self, before: dict[str, Any]) -> None:
        now = asked(self._frontier, self._settings)
        differing = [key for key in ("digest", "axes", "gap", "solver") if before[key] != now[key]]
        if differing:
            what = {
                "digest": "another instance",
                "axes": "other levels",
                "gap": "another gap",
                "solver": "another solver",
            }
            said = f"holds a sweep of {what[differing[0]]}"
            raise InputError([f"{self.folder}: {said}; name another place, or add --force to replace it"])

    def _clear(self) -> None:
        """Remove what an earlier sweep wrote, and nothing else."""
        for name in (RECORD, f"{_PICTURE}.csv", f"{_PICTURE}.png", f"{_PICTURE}.svg"):
            (self.folder / name).unlink(missing_ok=True)
        for plan in (self.folder / "plans").glob("*"):
            if plan.name.isdecimal() and (plan / SUMMARY).is_file():
                shutil.rmtree(plan)
