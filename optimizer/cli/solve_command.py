"""``lodeplan solve``: instance in, audited plan out."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import click

from optimizer.cli import options
from optimizer.cli.change_options import with_changes
from optimizer.cli.notes import print_notes, print_notes_on
from optimizer.cli.report_option import TakesReport, describe_unpriced, place_of_report, with_report, write_report
from optimizer.cli.workers_option import finish, requested_runner
from optimizer.files.json_text import json_text

if TYPE_CHECKING:
    from pathlib import Path

    from models.scenarios import Draws
    from optimizer.requests import Requests
    from optimizer.solve import Solution


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
def solve_command(  # noqa: PLR0913 (one argument an option)
    *,
    instance: Path,
    output: Path | None,
    report: str | None,
    force: bool,
    excel: bool,
    gap: float | None,
    time_limit: float | None,
    calm: bool,
    solver: str,
    workers: int | str | None,
    journal: Path | None,
    draws: Draws | None,
    value: bool,
    limits_cost: bool,
    as_json: bool,
    quiet: bool,
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
    from optimizer.base.solve import why_alone
    from optimizer.best_plan import best_plan
    from optimizer.book.solved import check_excel, check_place_of_solved, write_solved
    from optimizer.cli.progress import show_progress
    from optimizer.errors import InputError
    from optimizer.load import load
    from optimizer.notes import list_licence_notes
    from optimizer.results.solution import settings_of

    if quiet and verbose:
        msg = "--quiet and --verbose exclude each other; give one of them"
        raise InputError([msg])
    if calm and value:
        msg = "--calm leaves scenarios out and --value asks what they are worth; give one of them"
        raise InputError([msg])
    check_excel(output, asked=excel)
    if output is not None:
        check_place_of_solved(output, force=force)
    page = place_of_report(report, output, force=force)
    start = time.perf_counter()
    stated = load(instance)
    facts = changes.apply_to(stated)
    if verbose:
        click.echo(f"read in {time.perf_counter() - start:.2f} s: {facts.market.counted}", err=True)
    notes = print_notes_on(stated, facts, quiet=quiet)
    with requested_runner(workers, journal, output, quiet=quiet) as runner, show_progress(quiet=quiet) as watch:
        settings = settings_of(
            facts, gap=gap, time_limit=time_limit, solver=solver, watch=watch, calm=calm, draws=draws
        )
        alone = why_alone(facts, settings) if workers not in {None, 1} else ""
        notes += print_notes([f"--workers: {alone}"] if alone else [], quiet=quiet)
        if value and not facts.market.scenarios and not facts.market.hazards:
            notes += print_notes(["--value: there are no scenarios, so there is nothing to plan for"], quiet=quiet)
        more = {"prove_limits_cost": limits_cost, "price": page is not None, "value": value}
        solution = best_plan(facts, settings, **more, runner=runner)
    notes += print_notes([*list_licence_notes(solution), *describe_unpriced(solution, page)])
    if output is not None:
        write_solved(solution, output, force=force, excel=excel)
    finish(runner)
    _show(solution, output, notes, as_json=as_json, quiet=quiet, verbose=verbose)
    if page is not None:
        write_report(solution, page, silent=as_json)


def _show(  # noqa: PLR0913 (four ways to print)
    solution: Solution,
    output: Path | None,
    notes: list[str],
    *,
    as_json: bool,
    quiet: bool,
    verbose: bool,
) -> None:
    from models.records.wording import format_count
    from optimizer.folders.plans import plan_as_data
    from optimizer.report.layout import fit
    from optimizer.report.terminal import format_answer, format_report, format_short

    if as_json:
        click.echo(json_text(plan_as_data(solution) | {"notes": notes}), nl=False)
    elif quiet:
        click.echo(format_answer(solution))
    else:
        click.echo(format_report(solution))
    if verbose:
        sizes = ", ".join(format_count(count, name) for name, count in solution.sizes.items())
        versions = ", ".join(f"{name} {version}" for name, version in solution.versions.items())
        click.echo(f"solved in {solution.seconds:.2f} s: {sizes} ({versions})", err=True)
    if output is not None and not as_json:
        click.echo(fit(f"Plan written to {output}: {format_short(solution)}"))
    elif output is None and not (as_json or quiet):
        click.echo("The plan was not written; add -o FOLDER to keep it.", err=True)
