"""The folder of a sweep: what is found is kept point by point, so that a sweep that was stopped goes on from there.

sweep.json      what was asked, and every point found so far
plans/07        the plan folder of a point, by its place in the sweep
frontier.csv    all points, once all are found; frontier.png and frontier.svg likewise

A sweep that is to replace an earlier one (--force) grows in a hidden folder beside it; once it is whole, it takes the
place. A sweep that is stopped before that goes on from there as well.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter

from optimizer.errors import InputError
from optimizer.files.atomic import StagedFolder, write_whole
from optimizer.files.json_file import UnreadableJsonError, read_json
from optimizer.files.json_text import json_text
from optimizer.folders.place import RECORD, REPORT, SUMMARY, Kind, check_place, is_ours
from optimizer.folders.plans import plan_files, write_plan
from optimizer.folders.read_plan import read_plan
from optimizer.sweep.axis_words import describe_axis
from optimizer.sweep.found import Found

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from optimizer.report.frontier_data import Frontier
    from optimizer.results.plan import Plan
    from optimizer.results.solution import Settings
    from optimizer.sweep.found import Result
    from optimizer.sweep.run import Sweep
    from optimizer.work.runner import TaskRunner

_PICTURE = "frontier"
SWEEP = Kind("sweep", RECORD, ("digest", "axes", "points"))
_UNSURE = ("stopped", "none found")
"""What more time may better."""

_IDENTITY = {"digest": "another instance", "axes": "other levels", "gap": "another gap", "solver": "another solver"}
"""What must be the same for a sweep to go on; a point that was stopped is solved again when the time limit is not."""


def describe_sweep(frontier: Frontier, settings: Settings) -> dict[str, Any]:
    """Return what a sweep asks, as plain data."""
    instance = frontier.instance
    return {
        **instance.identity,
        "axes": [
            {
                "change": axis.change,
                "words": describe_axis(axis, instance),
                "levels": [level.text for level in axis.levels],
            }
            for axis in frontier.axes
        ],
        "gap": settings.gap,
        "solver": settings.solver,
        "time_limit": settings.time_limit,
    }


def document(frontier: Frontier, settings: Settings) -> dict[str, Any]:
    """Return everything about a sweep as plain data: what was asked, and what is found so far."""
    from optimizer.notes import list_notes
    from optimizer.report.frontier_data import as_rows

    complete = len(frontier.found) == len(frontier.points)
    return describe_sweep(frontier, settings) | {
        "complete": complete,
        "points": as_rows(frontier),
        "notes": list_notes(frontier.instance),
    }


def _without_words(axes: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the axes of a sweep without what only explains them, and an earlier version did not write."""
    return [{key: said for key, said in axis.items() if key != "words"} for axis in axes]


class SweepFolder:
    """Keeps a sweep in a folder, while it runs and when it is done."""

    def __init__(self, folder: Path, frontier: Frontier, settings: Settings) -> None:
        """Keep the sweep of `frontier` in `folder`; nothing is touched yet."""
        self.folder = folder
        self._frontier = frontier
        self._settings = settings
        self._growing: StagedFolder | None = None

    @property
    def replaces(self) -> bool:
        """Whether an earlier sweep stands at the place until this one is whole."""
        return self._growing is not None

    def open(self, *, force: bool) -> dict[int, Found]:
        """Take the place; return what an earlier run of the same sweep found, or with `force` nothing.

        A run with `force` that was stopped before it had replaced what stood there is gone on with all the same.

        Raises:
            InputError: the place is taken by something else, or by another sweep, or cannot be written.
        """
        there = (self.folder / RECORD).exists()
        check_place(self.folder, SWEEP, force=True, in_place=not (there and force))
        found: dict[int, Found] | None = None
        if there:
            found = self._read_begun() if force else self._read_earlier()
        for number in range(len(self._frontier.points)):
            check_place(self._plan(number), force=True)
        if found is None:
            self._record()
        return found or {}

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

        with write_whole(self._at / f"{_PICTURE}.csv") as draft:
            draft.write_text(as_csv(self._frontier), "utf-8", newline="")
        for suffix in ("png", "svg"):
            with write_whole(self._at / f"{_PICTURE}.{suffix}") as draft:
                draw(self._frontier, draft)
        if self._growing is not None:
            pictures = (f"{_PICTURE}.{suffix}" for suffix in ("csv", "png", "svg"))
            self._growing.take_place({RECORD, REPORT, *pictures, *plan_files("plans/[0-9]*/")})
            self._growing = None

    def close(self) -> None:
        """Let another run take the place."""
        if self._growing is not None:
            self._growing.release()

    @property
    def _at(self) -> Path:
        """Where the sweep stands while it runs."""
        return self.folder if self._growing is None else self._growing.folder

    def _plan(self, number: int) -> Path:
        return self._at / self._frontier.plan_folder(number)

    def _record(self) -> None:
        text = json_text(document(self._frontier, self._settings))
        with write_whole(self._at / RECORD) as draft:
            draft.write_text(text, "utf-8")

    def _read_begun(self) -> dict[int, Found] | None:
        """Return what a run found that was stopped before it replaced the sweep at the place; None without one."""
        self._growing = StagedFolder(self.folder)
        if not is_ours(self._at, SWEEP):
            self._growing.clear()
            return None
        try:
            return self._read_earlier()
        except InputError:  # it asked something else
            self._growing.clear()
            return None

    def _read_earlier(self) -> dict[int, Found]:
        from optimizer.report.frontier_data import read_point

        try:
            record = read_json(self._at / RECORD)
            rows = {tuple(row["levels"]): row for row in record["points"]}
            numbers = {tuple(level.text for level in point.levels): point.number for point in self._frontier.points}
            found = {
                numbers[levels]: _check_point(read_point(row, numbers[levels]))
                for levels, row in rows.items()
                if levels in numbers
            }
            before = {key: record[key] for key in describe_sweep(self._frontier, self._settings)}
        except (UnreadableJsonError, ValueError, KeyError, TypeError, AttributeError, OverflowError):
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
        now = describe_sweep(self._frontier, self._settings)
        before, now = (said | {"axes": _without_words(said["axes"])} for said in (before, now))
        if before["digest"] in self._frontier.instance.digests:
            before = before | {"digest": now["digest"]}
        differing = [key for key in _IDENTITY if before[key] != now[key]]
        if differing:
            said = f"holds a sweep of {_IDENTITY[differing[0]]}"
            raise InputError([f"{self.folder}: {said}; name another place, or add --force to replace it"])


def run_kept(sweep: Sweep, folder: SweepFolder | None, runner: TaskRunner, step: Callable[[], None]) -> bool:
    """Run a sweep by a runner, keep each point in a folder if there is one, and call `step` behind it.

    Return whether it was stopped before its end.

    Raises:
        SolverFailure, AuditFailure: a point failed; what was found by then is kept.
    """

    def keep(result: Result) -> None:
        if folder is not None:
            folder.keep(result)
        step()

    sweep.keep = keep
    sweep.plan_of = None if folder is None else folder.plan_of
    try:
        sweep.run(runner)
    except KeyboardInterrupt:
        return True
    return False


def _check_point(found: Found) -> Found:
    """Return a point that was read from a file; raises ValueError when a value of it is none of its kind."""
    return TypeAdapter(Found).validate_python(asdict(found))
