"""Cost against concentration, from Python."""

from __future__ import annotations

from contextlib import closing, nullcontext
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lodeplan._instance import draws_of, instance_of, requests
from lodeplan._result import Result
from optimizer.base.open_runner import open_runner, read_workers
from optimizer.folders.sweeps import SweepFolder, document, run_kept
from optimizer.notes import foresight, list_notes
from optimizer.page.notebook import draw_swept
from optimizer.report import frontier as report
from optimizer.report import frontier_data, frontier_picture
from optimizer.results.solution import settings_of
from optimizer.sweep.axis import swept_cells
from optimizer.sweep.points import points_of, read_axes
from optimizer.sweep.run import Sweep

if TYPE_CHECKING:
    from collections.abc import Sequence
    from os import PathLike

    import pandas as pd

    from models.instance import Instance
    from optimizer.results.solution import Settings


class Frontier(Result):
    """What the plans of a sweep cost, and how concentrated they are."""

    def __init__(self, found: frontier_data.Frontier, settings: Settings, foreseen: Sequence[str] = ()) -> None:
        """Hold what was found; `lodeplan.sweep` calls this."""
        self._foreseen = foreseen
        self._found = found
        self._settings = settings

    @property
    def complete(self) -> bool:
        """Whether every point was solved; not after an interrupt."""
        return len(self._found.found) == len(self._found.points)

    @property
    def notes(self) -> tuple[str, ...]:
        """What in the instance has less effect than it seems to, and what a plan would know too early, in sentences."""
        return (*self._foreseen, *list_notes(self._found.instance))

    @property
    def answer(self) -> str:
        """What it costs at the ends, where the knee is, where there is no plan, and what the plans leave out."""
        return " ".join(report.format_answer(self._found).splitlines())

    @property
    def text(self) -> str:
        """What ``lodeplan sweep`` prints."""
        return report.as_text(self._found)

    @cached_property
    def tables(self) -> dict[str, pd.DataFrame]:
        """The table of points, under its name: what ``frontier.csv`` holds."""
        return {"points": frontier_data.points_table(self._found)}

    @property
    def points(self) -> pd.DataFrame:
        """One row a point, from loose to tight: levels, status, cost, what is left out, knee, greatest shares, HHI."""
        return self.tables["points"]

    @property
    def _drawn(self) -> str:
        return draw_swept(self.as_dict())

    def as_dict(self) -> dict[str, Any]:
        """Return what ``lodeplan sweep --json`` prints."""
        return document(self._found, self._settings)

    def draw(self, path: str | PathLike[str]) -> None:
        """Draw cost against the first change as a picture.

        Args:
            path: the file to write; its suffix, ``.png`` or ``.svg``, says the form.

        """
        frontier_picture.draw(self._found, Path(path))


def sweep(  # noqa: PLR0913 (one argument an option)
    instance: Instance | str | PathLike[str],
    *changes: str,
    and_: str | None = None,
    cases: Sequence[str] = (),
    folder: str | PathLike[str] | None = None,
    force: bool = False,
    workers: int | str | None = 1,
    journal: str | PathLike[str] | None = None,
    jobs: int | None = None,
    gap: float | None = None,
    time_limit: float | None = None,
    calm: bool = False,
    samples: int | None = None,
    seed: int = 0,
) -> Frontier:
    """Solve an instance at every level of a change.

    Ctrl-C on the main thread stops; what was found by then is returned, and kept in the `folder`.

    Args:
        instance: an instance, or where one is to be read.
        changes: changes as those of `lodeplan.change`. One of them has levels in place of its value: a range
            ``"cap refined/graphite:CN=20%..100%:17"`` (from, to, count), or a list ``"price kwinana=+5%,+10%"``. The
            others hold at every point.
        and_: a second change with levels; every pair of levels is solved, 1 000 points at most.
        cases: names of cases of the instance, made first.
        folder: where to keep the points, the table, pictures and plans; a sweep that was stopped goes on from there.
        force: whether a sweep that is there already is started anew; it stands until the new one is whole.
        workers: processes to solve in, 1 or more, or the address of a Dask scheduler, ``"tcp://host:8786"``; None = as
            many processes as pay. A script that asks for more than 1 needs ``if __name__ == "__main__":``, as
            everything that starts processes does.
        journal: a file that what is solved is written to, and not solved again when it stands there.
        jobs: what `workers` was called before; read for one version.
        gap: relative gap that counts as proven, 0 or more; None = that of the instance.
        time_limit: seconds for each point, above 0; None = that of the instance, or no limit.
        calm: whether to plan as if nothing could happen, scenarios and hazards left out.
        samples: about how many ways in which hazards strike are drawn, 1 or more; None = all count, or some 1 000 of
            more than 5 000.
        seed: of the draws, 0 or more.

    Raises:
        InputError: no change has levels, a level cannot be taken, the folder holds something else, or nobody answers at
            the address of `workers`.
        SolverFailure, AuditFailure: a point failed; what was found by then is kept in the `folder`.

    """
    before = instance_of(instance)
    facts, axes = read_axes(before, requests(changes, cases), and_)
    settings = settings_of(facts, gap=gap, time_limit=time_limit, calm=calm, draws=draws_of(samples, seed))
    asked = Sweep(points_of(facts, axes), swept_cells(axes[0], facts), settings)
    found = frontier_data.Frontier(facts, axes, asked.points, asked.found)
    kept = None if folder is None else SweepFolder(Path(folder), found, settings)
    _run(asked, kept, workers if jobs is None else jobs, None if journal is None else Path(journal), force=force)
    return Frontier(found, settings, foresight(before, asked.points[-1].instance))


def _run(
    asked: Sweep, kept: SweepFolder | None, workers: int | str | None, journal: Path | None, *, force: bool
) -> None:
    """Run a sweep, going on from what its folder holds; write there what a complete one leaves."""
    with nullcontext() if kept is None else closing(kept):
        if kept is not None:
            asked.found.update(kept.open(force=force))
        beside = None if kept is None else kept.folder
        chosen = None if workers is None else read_workers(workers)
        with open_runner(chosen, journal=journal, beside=beside) as runner:
            stopped = run_kept(asked, kept, runner, lambda: None)
            if kept is not None and not stopped:
                kept.finish()
                runner.finish()
