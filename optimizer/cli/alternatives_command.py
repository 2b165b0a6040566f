"""``lodeplan alternatives``: other plans that cost little more than the best one."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import click

from optimizer.cli import options
from optimizer.cli.change_options import with_changes
from optimizer.cli.option_groups import AnswerForm, SolveOptions, with_groups
from optimizer.cli.reading import read_changed
from optimizer.cli.report_option import (
    TakesReport,
    place_of_folder_report,
    with_report_of_folder,
    write_folder_report,
)
from optimizer.cli.workers_option import finish, requested_runner

if TYPE_CHECKING:
    from pathlib import Path

    from optimizer.alternatives.variety import Basis
    from optimizer.requests import Requests


@click.command("alternatives", cls=TakesReport)
@options.instance
@click.option("--within", default="2%", show_default=True, help="How much more than the best plan they may cost.")
@click.option("--count", type=click.IntRange(min=1), default=5, show_default=True, help="How many to look for.")
@click.option(
    "--least-concentrated",
    is_flag=True,
    help="Look for the smallest shares of countries instead, in COUNT equal steps of the budget.",
)
@click.option(
    "--basis",
    type=click.Choice(["place", "control"]),
    default="control",
    show_default=True,
    help="Whether a country's share is where sites stand, or who owns them.",
)
@options.output("Folder or workbook (.xlsx) to write the plans to.")
@with_report_of_folder
@options.force("Replace alternatives that are in the folder already, or a report.")
@options.workers("They share --least-concentrated. [default: this process]")
@options.journal
@options.gap("Relative gap that counts as proven, of cost and of search.")
@options.time_limit("Seconds for the best plan, and for each other.")
@options.calm
@options.draws
@options.as_json()
@options.quiet("Print the answer only, and no progress.")
@with_changes
@with_groups(solving=SolveOptions, form=AnswerForm)
def alternatives_command(  # noqa: PLR0913 (one argument an option)
    *,
    instance: Path,
    within: str,
    count: int,
    least_concentrated: bool,
    basis: Basis,
    output: Path | None,
    report: str | None,
    force: bool,
    workers: int | str | None,
    journal: Path | None,
    solving: SolveOptions,
    form: AnswerForm,
    changes: Requests,
) -> None:
    """Find plans of INSTANCE that cost little more than the best one and differ most in who supplies.

    Each holds every limit and leaves no more demand unmet than the best. Ctrl-C gives what was found so far.
    """
    from optimizer.alternatives import search as alternatives
    from optimizer.book.solved import check_place_of_several, write_several
    from optimizer.cli.progress import show_progress
    from optimizer.folders.alternatives import ALTERNATIVES, write_alternatives
    from optimizer.no_plan import SEE_EXPLAIN, name_the_instance
    from optimizer.report.alternatives import answer, as_json, as_text

    part = alternatives.share_within(within, "--within")
    if output is not None:
        check_place_of_several(output, ALTERNATIVES, force=force)
    page = place_of_folder_report(report, output, force=force)
    facts, notes = read_changed(instance, changes, quiet=form.quiet, foreseeing=not solving.calm)
    with (
        requested_runner(workers, journal, output, quiet=form.quiet) as runner,
        show_progress(quiet=form.quiet) as watch,
        name_the_instance(facts, pointer=SEE_EXPLAIN),
    ):
        settings = solving.settings(facts, watch)
        if least_concentrated:
            found = alternatives.least_concentrated(facts, part, count, basis, settings, runner)
        else:
            found = alternatives.most_different(facts, part, count, settings, runner)
    if output is not None:
        write_several(partial(write_alternatives, found), output)
    finish(runner, whole=not found.stopped)
    text, data = partial(as_text, basis=basis), partial(as_json, basis=basis)
    form.show(found, brief=answer, text=text, data=data, notes=notes)
    if output is not None:
        form.tell_place(f"Alternatives written to {output}")
    if output is not None and page is not None:
        write_folder_report(output, page, silent=form.is_data)
