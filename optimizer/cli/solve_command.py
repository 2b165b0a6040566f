"""``lodeplan solve``: instance in, audited plan out."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from optimizer.cli import options
from optimizer.cli.change_options import with_changes
from optimizer.cli.notes import print_notes, print_notes_on
from optimizer.cli.option_groups import AnswerForm, SolveOptions, with_groups
from optimizer.cli.report_option import TakesReport, describe_unpriced, place_of_report, with_report, write_report
from optimizer.cli.workers_option import finish, requested_runner
from optimizer.files.json_text import json_text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from models.enforcement import EnforcedInstance
    from models.instance import Instance
    from optimizer.requests import Requests
    from optimizer.results.solution import Settings, Solution


@click.command("solve", cls=TakesReport)
@options.instance
@options.output("Folder to write the plan to, or a workbook (.xlsx).")
@with_report
@options.force("Replace a plan that is in the folder already, or a report.")
@options.excel
@options.gap()
@options.time_limit("Seconds after which the best plan is taken.")
@options.calm
@options.solver
@options.workers("Materials that nothing ties are solved side by side, and so are scenarios. [default: this process]")
@options.journal
@options.draws
@click.option("--value", is_flag=True, help="Say what planning for scenarios is worth: EVPI and VSS.")
@click.option("--limits-cost", is_flag=True, help="Prove what the limits cost, however much effort that takes.")
@options.as_json("Print the summary and every table as JSON instead of text.")
@options.quiet("Print the answer only, and no progress.")
@options.verbose
@with_changes
@with_groups(solving=SolveOptions, form=AnswerForm)
def solve_command(  # noqa: PLR0913 (one argument an option)
    *,
    instance: Path,
    output: Path | None,
    report: str | None,
    force: bool,
    excel: bool,
    solving: SolveOptions,
    solver: str,
    workers: int | str | None,
    journal: Path | None,
    value: bool,
    limits_cost: bool,
    form: AnswerForm,
    verbose: bool,
    changes: Requests,
) -> None:
    """Find the cheapest plan of INSTANCE (a folder, .xlsx or .json) that holds every limit.

    The instance may be changed for this solve alone: cases first, then single changes in the order in
    which they are listed here.

    The answer says what the limits cost, as far as little effort shows it: exactly, or between two figures.

    Ctrl-C or the time limit gives the best plan found so far, said to be so; a second Ctrl-C gives up, and with
    --workers the first does.
    """
    from optimizer.best_plan import best_plan
    from optimizer.book.solved import write_solved
    from optimizer.cli.progress import show_progress
    from optimizer.notes import list_licence_notes

    _check_together(form, calm=solving.calm, value=value, verbose=verbose)
    page = _check_places(output, report, force=force, excel=excel)
    stated, facts = _read(instance, changes, verbose=verbose, foreseeing=not solving.calm)
    notes = print_notes_on(stated, facts, quiet=form.quiet)
    with (
        requested_runner(workers, journal, output, quiet=form.quiet) as runner,
        show_progress(quiet=form.quiet) as watch,
    ):
        settings = replace(solving.settings(facts, watch), solver=solver)
        for idle in _list_idle_options(facts, settings, workers, value=value):
            notes += print_notes([idle], quiet=form.quiet)
        more = {"prove_limits_cost": limits_cost, "price": page is not None, "value": value}
        solution = best_plan(facts, settings, **more, runner=runner)
    notes += print_notes([*list_licence_notes(solution), *describe_unpriced(solution, page)])
    if output is not None:
        write_solved(solution, output, force=force, excel=excel)
    finish(runner)
    _show(solution, output, notes, form, verbose=verbose)
    if page is not None:
        write_report(solution, page, silent=form.is_data)


def _check_together(form: AnswerForm, *, calm: bool, value: bool, verbose: bool) -> None:
    """Check that options are not asked for of which one undoes the other.

    Raises:
        InputError: two of them are.
    """
    from optimizer.errors import InputError

    if form.quiet and verbose:
        msg = "--quiet and --verbose exclude each other; give one of them"
        raise InputError([msg])
    if calm and value:
        msg = "--calm leaves scenarios out and --value asks what they are worth; give one of them"
        raise InputError([msg])


def _check_places(output: Path | None, report: str | None, *, force: bool, excel: bool) -> Path | None:
    """Return where the report is to be written, if one is asked for; asked before the solve.

    Raises:
        InputError: it cannot be written there, or the plan cannot be written to `output`.
    """
    from optimizer.book.solved import check_excel, check_place_of_solved

    check_excel(output, asked=excel)
    if output is not None:
        check_place_of_solved(output, force=force)
    return place_of_report(report, output, force=force)


def _read(place: Path, changes: Requests, *, verbose: bool, foreseeing: bool) -> tuple[Instance, EnforcedInstance]:
    """Return an instance as it is stated and as it is changed, and say if `verbose` what it holds and how long it took.

    Raises:
        InputError: it cannot be read, or a change cannot be made.
    """
    from optimizer.load import load

    start = time.perf_counter()
    stated = load(place, foreseeing=foreseeing)
    facts = changes.apply_to(stated)
    if verbose:
        click.echo(f"read in {time.perf_counter() - start:.2f} s: {facts.market.counted}", err=True)
    return stated, facts


def _list_idle_options(
    facts: EnforcedInstance, settings: Settings, workers: int | str | None, *, value: bool
) -> Iterator[str]:
    """Yield what was asked for and changes nothing, with the reason."""
    from optimizer.base.solve import why_alone

    if workers not in {None, 1} and (alone := why_alone(facts, settings)):
        yield f"--workers: {alone}"
    if value and not facts.market.scenarios and not facts.market.hazards:
        yield "--value: there are no scenarios, so there is nothing to plan for"


def _show(solution: Solution, output: Path | None, notes: list[str], form: AnswerForm, *, verbose: bool) -> None:
    from models.records.wording import format_count
    from optimizer.folders.plans import plan_as_data
    from optimizer.report.layout import fit
    from optimizer.report.terminal import format_answer, format_report, format_short

    if form.as_json:
        click.echo(json_text(plan_as_data(solution) | {"notes": notes}), nl=False)
    else:
        click.echo(format_answer(solution) if form.quiet else format_report(solution))
    if verbose:
        sizes = ", ".join(format_count(count, name) for name, count in solution.sizes.items())
        versions = ", ".join(f"{name} {version}" for name, version in solution.versions.items())
        click.echo(f"solved in {solution.seconds:.2f} s: {sizes} ({versions})", err=True)
    if output is not None and not form.is_data:
        click.echo(fit(f"Plan written to {output}: {format_short(solution)}"))
    elif output is None and not (form.is_data or form.quiet):
        click.echo("The plan was not written; add -o FOLDER to keep it.", err=True)
