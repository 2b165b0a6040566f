"""``lodeplan sweep``: one or two changes run through their levels, and what the plans cost."""

from __future__ import annotations

from contextlib import closing, nullcontext
from typing import TYPE_CHECKING

import click

from optimizer.cli import options
from optimizer.cli.change_options import with_changes
from optimizer.cli.notes import print_notes
from optimizer.cli.option_groups import AnswerForm, SolveOptions, with_groups
from optimizer.cli.progress import count_done
from optimizer.cli.report_option import (
    TakesReport,
    place_of_folder_report,
    with_report_of_folder,
    write_folder_report,
)
from optimizer.files.json_text import json_text

if TYPE_CHECKING:
    from pathlib import Path

    from optimizer.folders.sweeps import SweepFolder
    from optimizer.report.frontier_data import Frontier
    from optimizer.requests import Requests
    from optimizer.results.solution import Settings
    from optimizer.sweep.run import Sweep
    from optimizer.work.runner import TaskRunner


@click.command("sweep", cls=TakesReport)
@options.instance
@click.option("--and", "second", metavar="CHANGE", help="A second change with levels: mined/*:each=60%,80%,100%.")
@options.output("Folder for frontier.csv, pictures and plans.")
@with_report_of_folder
@options.force("Start anew; the sweep that is there stands until the new one is whole.")
@options.workers("[default: as many processes as pay]")
@click.option("--jobs", type=options.WORKERS, hidden=True)
@options.journal
@options.gap()
@options.time_limit("Seconds for each point.")
@options.calm
@options.draws
@options.as_json_or_csv(csv="Print frontier.csv instead of text.")
@options.quiet("Print the answer only, and no progress.")
@with_changes
@with_groups(solving=SolveOptions, form=AnswerForm)
def sweep_command(  # noqa: PLR0913 (one argument an option)
    *,
    instance: Path,
    second: str | None,
    output: Path | None,
    report: str | None,
    force: bool,
    workers: int | str | None,
    jobs: int | str | None,
    journal: Path | None,
    solving: SolveOptions,
    form: AnswerForm,
    changes: Requests,
) -> None:
    """Solve INSTANCE at every level of a change, and show cost against concentration.

    One of the changes has levels in place of its value: FROM..TO:COUNT, as in --cap CN=20%..100%:17, or
    a list, as in --price kwinana=+5%,+10%. The others hold at every point.

    Ctrl-C stops and keeps the points that are solved; with -o, the same command goes on from there.
    """
    from optimizer.base.open_runner import open_runner
    from optimizer.book.solved import must_be_kept_in_a_folder
    from optimizer.folders.sweeps import SweepFolder
    from optimizer.load import load
    from optimizer.notes import foresight, list_notes
    from optimizer.report.frontier_data import Frontier
    from optimizer.sweep.axis import swept_cells
    from optimizer.sweep.points import points_of, read_axes
    from optimizer.sweep.run import Sweep

    page = place_of_folder_report(report, output, force=force)
    workers = _called_jobs(workers, jobs)
    stated = load(instance, foreseeing=not solving.calm)
    facts, axes = read_axes(stated, changes, second)
    settings = solving.settings(facts)
    sweep = Sweep(points_of(facts, axes), swept_cells(axes[0], facts), settings)
    print_notes([*foresight(stated, sweep.points[-1].instance), *list_notes(facts)], quiet=form.quiet)
    frontier = Frontier(facts, axes, sweep.points, sweep.found)
    must_be_kept_in_a_folder(output)
    folder = None if output is None else SweepFolder(output, frontier, settings)
    with nullcontext() if folder is None else closing(folder):
        if folder is not None:
            sweep.found.update(folder.open(force=force))
        with open_runner(workers, journal=journal, beside=output) as runner:
            print_notes(runner.workers.notes, quiet=form.quiet)
            stopped = _run(sweep, folder, runner, quiet=form.quiet)
            _show(frontier, settings, form)
            _close(sweep, folder, runner, stopped=stopped, quiet=form.quiet or form.is_data)
    if output is not None and page is not None:
        write_folder_report(output, page, silent=form.is_data)


def _called_jobs(workers: int | str | None, jobs: int | str | None) -> int | str | None:
    """Return who is to solve; `--jobs` is what `--workers` was called before, read for one version."""
    from optimizer.errors import InputError

    if jobs is None:
        return workers
    if workers is not None:
        msg = "--jobs and --workers are the same; give --workers"
        raise InputError([msg])
    print_notes(["--jobs is called --workers now, and read for one version more"])
    return jobs


def _run(sweep: Sweep, folder: SweepFolder | None, runner: TaskRunner, *, quiet: bool) -> bool:
    """Run a sweep, showing and keeping what it finds; return whether it was stopped before its end."""
    from optimizer.folders.sweeps import run_kept

    with count_done("points", quiet=quiet) as count:
        count(len(sweep.found), len(sweep.points))
        return run_kept(sweep, folder, runner, lambda: count(len(sweep.found), len(sweep.points)))


def _show(frontier: Frontier, settings: Settings, form: AnswerForm) -> None:
    from optimizer.folders.sweeps import document
    from optimizer.report.frontier import as_text, format_answer
    from optimizer.report.frontier_data import as_csv

    if form.as_json:
        click.echo(json_text(document(frontier, settings)), nl=False)
    elif form.as_csv:
        click.echo(as_csv(frontier), nl=False)
    else:
        click.echo(" ".join(format_answer(frontier).splitlines()) if form.quiet else as_text(frontier), nl=form.quiet)


def _close(sweep: Sweep, folder: SweepFolder | None, runner: TaskRunner, *, stopped: bool, quiet: bool) -> None:
    """Write what a complete sweep leaves, say where it is, and end with the code that fits."""
    if stopped:
        done = f"stopped with {len(sweep.found)} of {len(sweep.points)} points solved"
        cure = (
            "the same command goes on from there"
            if folder
            else "they were not kept; add -o FOLDER to go on from them"
            if runner.journal is None
            else "the same command goes on"
        )
        if folder is not None and folder.replaces:
            cure += f", and {folder.folder} is as it was until then"
        click.echo(f"{done}; {cure}", err=True)
        raise click.exceptions.Exit(130)
    if folder is not None:
        folder.finish()
        runner.finish()
        if not quiet:
            click.echo(f"\nFrontier and plans written to {folder.folder}")
    if not any(there.has_plan for there in sweep.found.values()):
        raise click.exceptions.Exit(3)
